"""Rooms meet only at doors: services, selectors, contracts. No ORM object goes through one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.source import Import, Module, imports, nodes, room_of

DOORS = {"services", "selectors", "contracts"}
FACES = {"api", "views", "commands", "tasks"}


def past_the_doors(modules: list[Module]) -> list[str]:
    """Imports from another room that name anything but a door, or reach through one."""
    return [fault for module in modules for fault in _past_the_doors(module)]


def rows_that_leave(modules: list[Module]) -> list[str]:
    """Public functions of a door that answer with a row or a query of the database."""
    return [fault for module in modules if _is_door(module) for fault in _rows_that_leave(module)]


def _past_the_doors(module: Module) -> Iterator[str]:
    open_doors = {}
    for one in imports(module):
        room = room_of(one.target)
        if room is None or room == room_of(module.name):
            continue
        stair, *inside = one.target.removeprefix(room).strip(".").split(".")
        if stair not in _open_to(module.name):
            yield f"{module.at(one.line)}: {one.target} is no door of {room}"
        elif stair in DOORS:
            if any(_is_private(name) for name in inside):
                yield f"{module.at(one.line)}: {one.target} is private to {room}"
            open_doors[one.alias] = one
    yield from _reaching_through(module, open_doors)


def _open_to(importer: str) -> set[str]:
    # The project mounts the rooms' faces; its pages are faces themselves and mount nothing.
    if importer.startswith("joren.project") and not importer.startswith("joren.project.pages"):
        return DOORS | FACES
    return DOORS


def _reaching_through(module: Module, open_doors: dict[str, Import]) -> Iterator[str]:
    for node in _private_attributes(module.tree):
        if (door := open_doors.get(ast.unparse(node.value))) is not None:
            yield f"{module.at(node.lineno)}: {door.target}.{node.attr} is private to its room"


@cache
def _private_attributes(tree: ast.Module) -> tuple[ast.Attribute, ...]:
    return tuple(node for node in nodes(tree, ast.Attribute) if _is_private(node.attr))


def _is_private(name: str) -> bool:
    return name == "models" or (name.startswith("_") and not name.startswith("__"))


def _is_door(module: Module) -> bool:
    room = room_of(module.name)
    return room is not None and module.name.removeprefix(f"{room}.").split(".")[0] in DOORS


def _rows_that_leave(module: Module) -> Iterator[str]:
    tables = {one.alias for one in imports(module) if "models" in one.target.split(".")[1:]} | {
        "QuerySet"
    }
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not node.returns:
            continue
        words = {leaf.id for leaf in ast.walk(_parsed(node.returns)) if isinstance(leaf, ast.Name)}
        words |= {leaf.attr for leaf in ast.walk(node.returns) if isinstance(leaf, ast.Attribute)}
        if found := sorted(words & tables):
            yield f"{module.at(node.lineno)}: {node.name} answers with {', '.join(found)}"


def _parsed(annotation: ast.expr) -> ast.expr:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return ast.parse(annotation.value, mode="eval").body
    return annotation
