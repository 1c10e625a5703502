"""All state lies under the home: what is written for a moment, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, nodes

_MADE = {
    "NamedTemporaryFile", "SpooledTemporaryFile", "TemporaryDirectory", "TemporaryFile", "mkdtemp",
    "mkstemp",
}  # fmt: skip


def outside_the_home(modules: list[Module]) -> list[str]:
    """Temporary files and folders of which nobody says where they lie."""
    return [fault for module in modules for fault in _outside(module)]


def _outside(module: Module) -> Iterator[str]:
    for call in nodes(module.tree, ast.Call):
        of = call.func
        name = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
        if name in _MADE and not any(one.arg == "dir" for one in call.keywords):
            yield f"{module.at(call.lineno)}: {name} without dir= lies outside of the home"
