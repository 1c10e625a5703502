"""Texts that outlast a process: found again, never for another question, gone when nobody asks."""

from __future__ import annotations

import json
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from joren.warehouse import DuckDB, Holding
from joren.warehouse.engines import compiling
from joren.warehouse.engines.texts import kept_in
from joren.warehouse.remembered import Remembered
from joren.warehouse.sums import total


@pytest.fixture
def written(engine: DuckDB, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What Ibis wrote."""
    kept: list[object] = []
    compiler = engine.ibis.compiler
    write = compiler.to_sqlglot

    def counted(expression, **more):  # type: ignore[no-untyped-def]
        kept.append(expression)
        return write(expression, **more)

    monkeypatch.setattr(compiler, "to_sqlglot", counted)
    return kept


@pytest.fixture
def as_a_new_process(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def forget() -> None:
        monkeypatch.setattr(compiling, "_TEXTS", Remembered(10))

    forget()
    return forget


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "asked.texts.json"


def numbers(holding: Holding, *some: int) -> ir.Table:
    return holding.take(pa.table({"x": pa.array(some, pa.int64()), "y": [1.5] * len(some)}))


def summed(table: ir.Table) -> ir.Table:
    return table.drop("y").agg(x=total(table.x))


def test_another_process_finds_the_text(
    engine: DuckDB, holding: Holding, written: list[object], as_a_new_process, file: Path
) -> None:
    with kept_in(file):
        first = engine.rows(summed(numbers(holding, 1, 2)))
    as_a_new_process()

    with kept_in(file):
        again = engine.rows(summed(numbers(holding, 5, 6)))

    assert (first, again) == ([{"x": 3}], [{"x": 11}])
    assert len(written) == 1


def test_another_function_kind_or_value_has_another_text(
    engine: DuckDB, holding: Holding, written: list[object], as_a_new_process, file: Path
) -> None:
    table = numbers(holding, 1, 2, 3)
    asked = [
        (table.agg(x=table.x.max()), 3),
        (table.agg(x=table.x.min()), 1),
        (table.agg(x=(table.x > 2).sum()), 1),
        (table.agg(x=(table.x > ibis.literal(1, "int8")).sum()), 2),
        (table.agg(x=table.x.cast("string").max()), "3"),
    ]
    with kept_in(file):
        for expression, _ in asked:
            engine.rows(expression)
    as_a_new_process()

    with kept_in(file):
        found = [engine.rows(expression)[0]["x"] for expression, _ in asked]

    assert found == [answer for _, answer in asked]
    assert len(written) == len(asked)


def test_what_nobody_asks_any_more_goes(
    engine: DuckDB, holding: Holding, as_a_new_process, file: Path
) -> None:
    table = numbers(holding, 1, 2)
    with kept_in(file):
        engine.rows(summed(table))
        engine.rows(table.agg(x=table.x.max()))

    with kept_in(file):
        engine.rows(summed(table))

    assert len(json.loads(file.read_text())) == 1


@pytest.mark.parametrize("broken", ["", "{", "[]", "\udcff"])
def test_a_broken_file_is_as_none(
    engine: DuckDB, holding: Holding, as_a_new_process, file: Path, broken: str
) -> None:
    file.write_bytes(broken.encode(errors="surrogateescape"))

    with kept_in(file):
        found = engine.rows(summed(numbers(holding, 1, 2)))

    assert found == [{"x": 3}]
    assert len(json.loads(file.read_text())) == 1


def test_outside_nothing_is_kept(
    engine: DuckDB, holding: Holding, as_a_new_process, file: Path
) -> None:
    with kept_in(file):
        pass

    engine.rows(summed(numbers(holding, 1, 2)))

    assert not file.exists()
