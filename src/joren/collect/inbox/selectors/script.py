"""joren.js: what of it is served, and how a page asks for it."""

from __future__ import annotations

import base64
import gzip
import hashlib
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

from joren.collect.inbox.contracts import NoScript, Script
from joren.collect.inbox.selectors.sources import source

VERSION: Final = "1"
_FOLDER: Final = Path(__file__).parents[1] / "scripts"


def script_of(version: str) -> tuple[bytes, bytes, str] | None:
    """A version's text, the same gzipped, and its hash; None where there is no such version."""
    file = _FOLDER / f"joren-{version}.js"
    return _read(file) if version.isdecimal() and file.is_file() else None


@lru_cache(maxsize=8)
def _read(file: Path) -> tuple[bytes, bytes, str]:
    text = file.read_bytes()
    digest = base64.b64encode(hashlib.sha384(text).digest()).decode()
    return text, gzip.compress(text, 9, mtime=0), f"sha384-{digest}"


def script_for(source_id: int, *, host: str) -> Script:
    """What the pages of that source carry; ``host`` is where they find joren."""
    known = source(source_id)
    if not known.key or known.revoked_at:
        raise NoScript(
            f"source {source_id} is no browser's, or may send no more",
            hint="joren source add NAME --store STORE --kind browser",
        )
    _, packed, integrity = _read(_FOLDER / f"joren-{VERSION}.js")
    address = f"{host.rstrip('/')}/v1/joren-{VERSION}.js"
    snippet = (
        f'<script async src="{escape(address)}" data-key="{escape(known.key)}" '
        f'data-consent="wait" integrity="{integrity}" crossorigin="anonymous"></script>'
    )
    return Script(VERSION, address, integrity, len(packed), snippet)
