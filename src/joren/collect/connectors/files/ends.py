"""Lines that end in more than one way, as where files of two machines were put together."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

_CHUNK = 1 << 20


def are_mixed(path: Path) -> bool:
    """Whether lines end in other ways than all by ``\\n`` or all by ``\\r\\n``, quotes ignored."""
    return _returns(path) and _differ(path)


def _returns(path: Path) -> bool:
    """Most files have none, and that is seen in no time."""
    buffer = bytearray(_CHUNK)
    with path.open("rb", buffering=0) as file:
        while filled := file.readinto(buffer):
            if buffer.find(b"\r", 0, filled) >= 0:
                return True
    return False


def _differ(path: Path) -> bool:
    returns, news, both, last = 0, 0, 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            returns += chunk.count(b"\r")
            news += chunk.count(b"\n")
            both += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            last = chunk[-1:]
    return not both == news == returns


def evened(path: Path, separator: str, target: Path) -> Path:
    """The same text, of which each line ends with a line feed alone; cells stay as they are."""
    begins = rb"(?<![^\r\n" + re.escape(separator.encode()) + rb"])"
    cell_or_end = begins + rb'"[^"]*+"(?:"[^"]*+")*+|(\r\n?)'
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
        target.open("wb") as out,
    ):
        done = 0
        for end in re.finditer(cell_or_end, text):
            if end[1] is not None:
                out.write(text[done : end.start()])
                out.write(b"\n")
                done = end.end()
        out.write(text[done:])
    return target
