"""Files that came over the web, kept below the home until they are in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings

from joren.plumbing.sent import Sent

FOLDER: Final = "uploads"


def keep(sent: Sent) -> str:
    """Put it under the home, the large ones without copying; returns its name there."""
    name = uuid4().hex
    folder = _folder()
    draft = folder / f".{name}"
    on_disk = getattr(sent, "temporary_file_path", None)
    if on_disk is not None:
        shutil.move(on_disk(), draft)
    else:
        with draft.open("wb") as out:
            for chunk in sent.chunks():
                out.write(chunk)
    draft.chmod(0o600)
    draft.rename(folder / name)
    return name


def path_of(name: str) -> Path:
    """Where the file of that name lies."""
    return _folder() / name


def discard(name: str) -> None:
    """Remove it, if it is there."""
    if name:
        path_of(name).unlink(missing_ok=True)


def is_there(name: str) -> bool:
    return bool(name) and path_of(name).is_file()


def all_kept() -> list[str]:
    """The names of all files that lie there."""
    return [path.name for path in _folder().iterdir()]


def _folder() -> Path:
    folder = Path(settings.JOREN_HOME) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
