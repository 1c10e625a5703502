"""A file that a request carries, as a path for a service to read. It lies below the home: nothing
of joren is written elsewhere."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

_NAMED: Final = "sent-"
_OLD: Final = 24 * 60 * 60  # seconds; no request lasts as long


class Sent(Protocol):
    """A file as a request carries it, in memory or on the disk."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def chunks(self) -> Iterable[bytes]: ...


@contextmanager
def laid_down(sent: Sent, *, suffix: str = "") -> Iterator[Path]:
    """Its path, which ends in ``suffix``; it is gone afterwards. What a kill left goes, too."""
    folder = Path(settings.JOREN_HOME, "scratch")
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=_NAMED, suffix=suffix) as kept:
        for chunk in sent.chunks():
            kept.write(chunk)
        kept.flush()
        yield Path(kept.name)


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{_NAMED}*"):
        try:
            if left.stat().st_mtime < time.time() - _OLD:
                left.unlink()
        except FileNotFoundError:  # somebody else was quicker
            continue
