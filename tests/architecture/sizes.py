"""A file is read in one sitting, a function in one look."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, nodes

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60


def long_files(modules: list[Module]) -> list[str]:
    return [
        f"{module.at(lines)}: {lines} lines, at most {LINES_OF_A_FILE}"
        for module in modules
        if (lines := len(module.path.read_bytes().splitlines())) > LINES_OF_A_FILE
    ]


def long_functions(modules: list[Module]) -> list[str]:
    return [
        f"{module.at(node.lineno)}: {node.name} has {lines} lines, at most {LINES_OF_A_FUNCTION}"
        for module in modules
        for node in _functions(module)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LINES_OF_A_FUNCTION
    ]


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from nodes(module.tree, ast.FunctionDef | ast.AsyncFunctionDef)
