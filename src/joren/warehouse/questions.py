"""Questions that are asked again and again with other values: built and compiled once.

To build an expression and to compile it takes longer than to find one customer among a million. So
what is compiled is kept, together with the files that it reads; if the tables have others by now,
it is built anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from joren.warehouse.engines.duckdb import DuckDB
from joren.warehouse.lake import Lake, Reading

_MOST: Final = 64


@dataclass(frozen=True)
class _Compiled:
    query: str
    schema: pa.Schema
    reads: Sequence[Reading]


class Questions:
    """What this process was asked lately."""

    def __init__(self, lake: Lake, engine: DuckDB) -> None:
        self._lake = lake
        self._engine = engine
        self._kept: dict[Hashable, _Compiled] = {}

    def given(self, name: str, kind: str = "int64") -> ir.Table:
        """The values that are given under that name when the question is asked, one a row."""
        sql = {"int64": "BIGINT", "date": "DATE", "string": "VARCHAR"}[kind]
        query = f"SELECT unnest(${name}::{sql}[]) AS {name}"
        found: ir.Table = self._engine.ibis.sql(query, schema=ibis.schema({name: kind}))
        return found

    def rows(
        self,
        what: Hashable,
        build: Callable[[], ir.Table],
        **given: Sequence[int] | Sequence[date] | Sequence[str],
    ) -> list[dict[str, Any]]:
        """Few rows as dictionaries. ``what`` names all that ``build`` depends on but the files."""
        question = self._compiled(what, build)
        values = {name: list(asked) for name, asked in given.items()}
        answer = self._engine.raw.sql(question.query, params=values).to_arrow_table()
        rows: list[dict[str, Any]] = answer.cast(question.schema).to_pylist()
        return rows

    def _compiled(self, what: Hashable, build: Callable[[], ir.Table]) -> _Compiled:
        kept = self._kept.get(what)
        if kept is not None and all(self._lake.reads_still(one) for one in kept.reads):
            return kept
        with self._lake.noting() as reads:
            expression = build()
        schema = expression.schema().to_pyarrow()
        made = _Compiled(self._engine.ibis.compile(expression), schema, tuple(reads))
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[what] = made
        return made
