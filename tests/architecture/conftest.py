"""The real source, and a copy of it to break."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    shutil.copytree(
        REPOSITORY / "src/joren",
        folder / "src/joren",
        ignore=lambda folder, names: {
            name for name in names if not (name.endswith(".py") or Path(folder, name).is_dir())
        },
        copy_function=shutil.copyfile,
    )
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    return folder


@pytest.fixture
def copy(_whole: Path, tmp_path: Path) -> Path:
    """A copy of the repository's source and settings, for a test to break by ``add_to``.

    Its files are links to those of one copy for all tests, so that none may be written into.
    """
    shutil.copytree(_whole, tmp_path, dirs_exist_ok=True, copy_function=os.link)
    return tmp_path


def add_to(file: Path, source: str) -> None:
    """Write the file anew, with the source at its end."""
    before = file.read_text() if file.exists() else ""
    file.unlink(missing_ok=True)
    file.write_text(f"{before}\n{source}\n")
