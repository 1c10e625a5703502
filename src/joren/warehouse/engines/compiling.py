"""One text of SQL for all expressions of one form.

Ibis takes longer to write most questions than DuckDB to answer them, and pages and refreshes ask
the same of other files, other held tables and other days. So a text is kept by the form of its
expression: everything of it but the names of tables, the lists of files, the days, the moments and
the numbers that are said to be of eight bytes, as ids are, which are filled in again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any, Final

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.common.graph import Node

from joren.warehouse.engines.texts import kept_now
from joren.warehouse.remembered import Remembered

_TEXTS: Final = Remembered[str](1_000)
_PLACE: Final = "joren_place_"
_PLACES: Final = re.compile(f'"{_PLACE}([0-9]+)"')


class Placed(ops.Literal):  # type: ignore[misc]  # Ibis is untyped
    """A value that is told by its place. The compiler writes its name, quoted."""

    place: int

    def __init__(self, value: Any, dtype: Any, place: int) -> None:
        ops.Value.__init__(self, value=value, dtype=dtype, place=place)

    @property
    def name(self) -> str:
        return f"{_PLACE}{self.place}"


class _Special(Exception):
    """The expression has no form of its own: it carries rows, or words like our places."""


def compiled(
    expression: ir.Expr,
    *,
    by: Callable[[ir.Expr], str],
    saying: Callable[[ops.Literal], str],
    limit: Hashable,
) -> str:
    """The expression as SQL, in words that were found before if there are such."""
    form = _Form(saying)
    try:
        key = (form.of(expression.op()), limit)
        hash(key)
    except (_Special, TypeError):
        return by(expression)

    def look(there: Callable[[], str] | None) -> str:
        return _TEXTS.get(key, there or (lambda: by(form.without_names(expression))))

    kept = kept_now()
    text = look(None) if kept is None else kept.text(key, look)
    return _PLACES.sub(lambda found: form.fillings[int(found[1])], text)


class _Form:
    """What is equal in two expressions whose SQL differs by names of tables alone."""

    def __init__(self, saying: Callable[[ops.Literal], str]) -> None:
        self.fillings: list[str] = []
        self._saying = saying
        self._placed: dict[Node, int] = {}  # by what they are: the same twice has one place
        self._numbers: dict[int, int] = {}
        self._references: dict[int, int] = {}

    def of(self, whole: Node) -> Hashable:
        parts: list[Hashable] = []
        waiting = [whole]
        while waiting:  # no recursion: expressions are deeper than Python likes
            node = waiting[-1]
            if id(node) in self._numbers:
                waiting.pop()
            elif below := [one for one in node.__children__ if id(one) not in self._numbers]:
                waiting.extend(below)
            else:
                parts.append((type(node), *self._words(node)))
                self._numbers[id(node)] = len(self._numbers)
                waiting.pop()
        return tuple(parts)

    def without_names(self, expression: ir.Expr) -> ir.Expr:
        """The same, of tables and values that are named by their place."""
        places = {node: _named(node, at) for node, at in self._placed.items()}
        return expression.op().replace(places).to_expr()

    def _words(self, node: Node) -> tuple[Hashable, ...]:
        match node:
            case ops.InMemoryTable():
                raise _Special
            case ops.DatabaseTable():
                return (self._place(node, f'"{node.name}"'), node.schema, node.namespace)
            case ops.SQLQueryResult():
                return (self._place(node, f"({node.query})"), node.schema)
            case ops.Literal() if _filled_in(node):
                return (self._place(node, self._saying(node)), node.dtype)
            case ops.Literal():
                if _PLACE in (said := repr(node.value)):
                    raise _Special
                return (said, node.dtype)
            case ops.Reference():
                # Ibis numbers them on and on; which is the same as which is all that counts.
                number = self._references.setdefault(node.identifier, len(self._references))
                return (self._plain(node.parent), number)
        return tuple(map(self._plain, node.__args__))

    def _place(self, node: Node, filling: str) -> int:
        if node not in self._placed:
            self._placed[node] = len(self._placed)
            self.fillings.append(filling)
        return self._placed[node]

    def _plain(self, value: Any) -> Hashable:
        if isinstance(value, Node):
            return ("node", self._numbers[id(value)])
        if isinstance(value, tuple):
            return tuple(map(self._plain, value))
        if isinstance(value, Mapping):
            return tuple((name, self._plain(one)) for name, one in value.items())
        return value  # type: ignore[no-any-return]  # Ibis is untyped


def _filled_in(literal: ops.Literal) -> bool:
    """Of other values the text may depend: Ibis takes a bare number for a smaller kind."""
    if literal.dtype.is_int64():
        return literal.value is not None and literal.value >= 0  # a sign would need brackets
    return isinstance(literal.value, date)  # a datetime is one


def _named(node: Node, place: int) -> Node:
    name = f"{_PLACE}{place}"
    match node:
        case ops.Literal():
            return Placed(node.value, node.dtype, place)
        case ops.SQLQueryResult():
            return node.copy(query=f'SELECT * FROM "{name}"')
    return node.copy(name=name)
