"""What a file is called says what is in it; what has no package file is invisible to a checker."""

from __future__ import annotations

import re
from pathlib import Path

FORBIDDEN = {"utils", "helpers", "common", "misc", "base", "manager", "shared", "lib"}
_FORBIDDEN = FORBIDDEN | {"util", "helper", "bases", "managers", "libs"}

# What Django calls a migration when nobody says what it does.
_UNNAMED = re.compile(r"\d+_(initial|auto_.*|.*_and_more)|(?!\d{4}_[a-z]).*")


def forbidden(root: Path) -> list[str]:
    """Files and folders whose name says nothing."""
    return [
        f"{path.relative_to(root)}: {name!r} says nothing about what is in it"
        for path in _python(root)
        for name in path.relative_to(root).with_suffix("").parts
        if name in _FORBIDDEN
    ]


def without_package_file(root: Path) -> list[str]:
    """Folders with Python in or under them, down from ``root``, that lack ``__init__.py``."""
    folders = {
        folder
        for path in _python(root)
        for folder in path.parents
        if folder.is_relative_to(root) and not (folder == root and root.name == "src")
    }
    return sorted(
        f"{folder.relative_to(root.parent)}: no __init__.py"
        for folder in folders
        if not (folder / "__init__.py").exists()
    )


def unnamed_migrations(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: name what it does, such as 0007_points_expiry"
        for path in _python(root)
        if path.parent.name == "migrations"
        and path.name != "__init__.py"
        and _UNNAMED.fullmatch(path.stem)
    ]


def _python(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*.py") if "__pycache__" not in path.parts)
