"""Which files and links may show a practice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final
from urllib.parse import urlsplit

from joren.measure.practices.contracts import EVIDENCE_TYPES, MOST_BYTES, BadEvidence

_ZIP: Final = (b"PK\x03\x04",)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_KNOWN: Final[Mapping[str, tuple[str, tuple[bytes, ...]]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".webp": ("image/webp", (b"RIFF",)),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _ZIP),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", _ZIP),
    ".csv": ("text/csv", ()),
    ".txt": ("text/plain", ()),
}
"""What begins so is a file of that kind; a text begins with anything, and has no zero byte."""

HEAD: Final = 4096
"""Bytes by which a file is told."""
_LONGEST: Final = 200
_LONGEST_NOTE: Final = 500
_LONGEST_LINK: Final = 2000


def media_type_of(name: str, head: bytes) -> str:
    """Of the file as its first bytes say it; refused where name and bytes disagree."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _KNOWN:
        raise BadEvidence(f"{name[:100]!r} is no file that is kept", hint=", ".join(EVIDENCE_TYPES))
    media_type, signs = _KNOWN[suffix]
    if not head:
        raise BadEvidence(f"{name[:100]!r} is empty", hint="choose another file")
    fits = head.startswith(signs) if signs else b"\0" not in head
    if not fits:
        raise BadEvidence(f"{name[:100]!r} is none inside", hint="name it as what it is")
    return media_type


def check_size(name: str, size: int) -> None:
    """Refuse what is too large."""
    if size > MOST_BYTES:
        raise BadEvidence(
            f"{name[:100]!r} is larger than {MOST_BYTES // 2**20} MB", hint="or link to it"
        )


def file_name(name: str) -> str:
    """The last part of a path, on one line, with its ending."""
    said = " ".join(PurePath(name.replace("\\", "/")).name.split())
    if len(said) > _LONGEST:
        suffix = PurePath(said).suffix
        said = said[: _LONGEST - len(suffix)] + suffix
    return said


def link(url: str) -> str:
    """The address, if a browser may follow it."""
    said = url.strip()
    parts = urlsplit(said)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(said) > _LONGEST_LINK:
        raise BadEvidence(f"{said[:100]!r} is no link", hint="https://…")
    return said


def title(name: str, url: str) -> str:
    """What a link is called: its own address where nobody says."""
    return (" ".join(name.split()) or url)[:_LONGEST]


def note(text: str) -> str:
    """On one line."""
    said = " ".join(text.split())
    if len(said) > _LONGEST_NOTE:
        raise BadEvidence(f"the note has {len(said)} characters", hint=f"up to {_LONGEST_NOTE}")
    return said
