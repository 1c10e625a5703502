"""The real source, and a copy of it to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository's source and settings, for a test to break."""
    shutil.copytree(
        REPOSITORY / "src/joren",
        tmp_path / "src/joren",
        ignore=lambda folder, names: {
            name for name in names if not (name.endswith(".py") or Path(folder, name).is_dir())
        },
        copy_function=shutil.copyfile,  # what they say, and not when and by whom
    )
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path
