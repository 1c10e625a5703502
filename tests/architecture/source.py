"""The source as trees of syntax: what is imported where, without importing anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

STAGES = ("measure", "listen", "act", "decide", "understand", "collect", "protect")


@dataclass(frozen=True)
class Module:
    """One Python file under ``root``, known by its dotted name."""

    root: Path
    path: Path
    name: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """What a relative import starts from."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    def at(self, line: int) -> str:
        return f"{self.path.relative_to(self.root)}:{line}"


@dataclass(frozen=True)
class Import:
    """A name that a module takes from elsewhere, and what it is called there."""

    target: str
    line: int
    alias: str


def modules(root: Path, folder: str = "") -> list[Module]:
    """All modules of the folder, named as seen from ``root``."""
    return [
        Module(root, path, _dotted(path.relative_to(root)), _tree(path.read_bytes()))
        for path in sorted((root / folder).rglob("*.py"))
    ]


@cache
def nodes(tree: ast.Module, kind: Any) -> tuple[Any, ...]:
    """The nodes of that kind, looked for once, as a tree is parsed once."""
    return tuple(node for node in ast.walk(tree) if isinstance(node, kind))


def imports(module: Module) -> Iterator[Import]:
    """Every import, at the top, inside functions and for types only, by its absolute name."""
    for node in nodes(module.tree, ast.Import | ast.ImportFrom):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield Import(one.name, node.lineno, one.asname or one.name)
        else:
            origin = _origin(module, node)
            for one in node.names:
                yield Import(f"{origin}.{one.name}", node.lineno, one.asname or one.name)


def room_of(name: str) -> str | None:
    """The room that the dotted name lies in: ``joren.collect.orders``, ``joren.accounts``."""
    match name.split("."):
        case ["joren", stage, room, *_] if stage in STAGES:
            return f"joren.{stage}.{room}"
        case ["joren", "accounts", *_]:
            return "joren.accounts"
    return None


def rooms(root: Path) -> list[str]:
    """Every room that has a folder."""
    stages = (folder for stage in STAGES for folder in (root / "joren" / stage).glob("*/"))
    folders = [root / "joren/accounts", *stages]
    return sorted(
        _dotted(folder.relative_to(root))
        for folder in folders
        if folder.is_dir() and folder.name != "__pycache__"
    )


def empty_rooms(root: Path) -> list[str]:
    """Rooms that open no door; a room appears when its first feature works."""
    return [room for room in rooms(root) if not _doors(root / room.replace(".", "/"))]


def _doors(room: Path) -> list[Path]:
    return [*room.glob("selectors*"), *room.glob("services*")]


@cache
def _tree(source: bytes) -> ast.Module:
    """Parsed once, however many rules and copies of the source look at it."""
    return ast.parse(source)


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _origin(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.package.split(".")
    start = ".".join(parts[: len(parts) - node.level + 1])
    return f"{start}.{node.module}" if node.module else start
