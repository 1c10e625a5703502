"""Files for the browser: addresses change with content; the chart engine is unpacked."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

import vl_convert
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

VEGA = f"joren/vega-{version('vl-convert-python')}.js"
# What vl-convert would write anyway; its types ask for it to be said.
_GLOBALS = "window.vegaEmbed=vegaEmbed;window.vega=vega;window.vegaLite=vegaLite;"


class VersionedStorage(StaticFilesStorage):
    """``joren/joren.css?v=1a2b3c4d``, so that a browser may keep it for a day."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        mark = _mark(name or "")
        return f"{address}?v={mark}" if mark else address


@cache
def _mark(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8] if found else ""


def unpack_vega(folder: Path) -> Path:
    """Write Vega, Vega-Lite and Vega-Embed as one script, from the copy inside vl-convert."""
    target = folder / VEGA
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.write_text(vl_convert.javascript_bundle(_GLOBALS))
        draft.replace(target)
    return target
