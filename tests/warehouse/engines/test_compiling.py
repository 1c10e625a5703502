"""One text for expressions of one form, and never the wrong one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from joren.warehouse import DuckDB, Holding
from joren.warehouse.engines import compiling
from joren.warehouse.remembered import Remembered


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was written by Ibis, and not found."""
    kept: list[str] = []

    class Counted(Remembered[str]):
        def get(self, key, make):  # type: ignore[no-untyped-def]
            return super().get(key, lambda: kept.append(text := make()) or text)

    monkeypatch.setattr(compiling, "_TEXTS", Counted(10))
    return kept


def numbers(holding: Holding, *some: int) -> ir.Table:
    return holding.take(pa.table({"x": pa.array(some, pa.int64())}))


def found(engine: DuckDB, expression: ir.Table) -> list[int]:
    return sorted(row["x"] for row in engine.rows(expression))


def doubled(table: ir.Table) -> ir.Table:
    return table.filter(table.x > 1).select(x=table.x * 2)


def test_the_same_of_another_table_is_written_once(
    engine: DuckDB, holding: Holding, written: list[str]
) -> None:
    one, other = numbers(holding, 1, 2, 3), numbers(holding, 1, 4)

    answers = found(engine, doubled(one)), found(engine, doubled(other))

    assert answers == ([4, 6], [8])
    assert len(written) == 1


def test_the_same_of_other_rows_of_sql_is_written_once(
    engine: DuckDB, holding: Holding, written: list[str]
) -> None:
    schema = ibis.schema({"x": "int64"})
    one, other = (
        engine.ibis.sql(f"SELECT unnest([{some}])::BIGINT AS x", schema=schema)
        for some in ("1, 2", "5, 6")
    )

    assert (found(engine, doubled(one)), found(engine, doubled(other))) == ([4], [10, 12])
    assert len(written) == 1


def test_the_same_of_another_day_and_moment_is_written_once(
    engine: DuckDB, holding: Holding, written: list[str]
) -> None:
    table = holding.take(pa.table({"at": [datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC)]}))
    for day, seen in ((date(2026, 2, 28), 1), (date(2028, 2, 29), 0), (date(2026, 3, 1), 0)):
        midnight = datetime.combine(day, time(), UTC)
        asked = table.filter(
            table.at >= midnight, table.at.date() == day, ibis.literal(day) > date(2026, 1, 1)
        )

        said = engine.rows(asked.select(ibis.literal(midnight).name("m"), d=ibis.literal(day)))

        assert said == [{"m": midnight, "d": day}] * seen
    assert len(written) == 1


def test_days_that_are_one_and_days_that_are_two_are_told_apart(
    engine: DuckDB, holding: Holding, written: list[str]
) -> None:
    table, one, two = numbers(holding, 1), date(2026, 1, 1), date(2026, 1, 2)
    for first, second in ((one, one), (one, two), (two, one)):
        assert engine.rows(table.select(a=ibis.literal(first), b=ibis.literal(second))) == [
            {"a": first, "b": second}
        ]
    # A day and its midnight have one value and two kinds.
    moment = ibis.literal(datetime(2026, 1, 1))  # noqa: DTZ001 (a column without a zone)
    assert engine.rows(table.select(a=ibis.literal(one), b=moment)) == [
        {"a": one, "b": datetime(2026, 1, 1)}  # noqa: DTZ001 (the same)
    ]
    assert len(written) == 3


def test_the_same_of_another_id_is_written_once(
    engine: DuckDB, holding: Holding, written: list[str]
) -> None:
    table = numbers(holding, 0, 1, 2**40)
    for value in (0, 2**40, 7):
        number = ibis.literal(value, "int64")
        asked = table.filter(table.x == number).order_by(number, "x").select(x=number - table.x)

        assert found(engine, asked) == ([] if value == 7 else [0])
    for value in (-1, None):
        assert found(engine, table.select(x=ibis.literal(value, "int64")).limit(1)) == [value]
    assert len(written) == 3


def test_a_column_is_called_by_its_own_day(engine: DuckDB, holding: Holding) -> None:
    table = holding.take(pa.table({"on": [date(2026, 1, 1)]}))
    for day, same in ((date(2026, 1, 1), True), (date(2026, 1, 2), False)):
        (said,) = engine.rows(table.select(table.on == day))

        assert said == {f"Equals(on, {day!r})": same}
        assert engine.arrow(ibis.literal(day).as_table()).to_pylist() == [{repr(day): day}]


@pytest.mark.parametrize("bound", [2, 1.0, "1", True])
def test_another_value_is_another_text(
    engine: DuckDB, holding: Holding, written: list[str], bound: object
) -> None:
    table = numbers(holding, 1, 2, 3)

    for value in (1, bound):
        engine.arrow(table.select(x=ibis.literal(value)))

    assert len(set(written)) == 2


def test_another_kind_of_column_is_another_text(
    engine: DuckDB, holding: Holding, written: list[str]
) -> None:
    words = holding.take(pa.table({"x": ["1", "2"]}))

    assert found(engine, numbers(holding, 1, 2).select("x")) == [1, 2]
    assert found(engine, words.select("x")) == ["1", "2"]
    assert len(written) == 2


def test_a_table_with_itself_is_not_taken_for_two(engine: DuckDB, holding: Holding) -> None:
    one, other = numbers(holding, 1, 2), numbers(holding, 3)

    # Equal, and not the same object.
    again = engine.ibis.table(one.op().name, database=("temp", "main"))

    assert found(engine, one.union(again)) == [1, 1, 2, 2]
    assert found(engine, one.union(other)) == [1, 2, 3]
    assert found(engine, other.union(one)) == [1, 2, 3]


def test_views_of_a_table_are_told_apart(engine: DuckDB, holding: Holding) -> None:
    for some in ((1, 2), (3, 4)):
        table = numbers(holding, *some)
        view = table.view()
        pairs = table.join(view, table.x < view.x).select(x=table.x * 10 + view.x)

        assert found(engine, pairs) == [some[0] * 10 + some[1]]


def test_a_limit_belongs_to_the_text(engine: DuckDB, holding: Holding) -> None:
    table = numbers(holding, 1, 2, 3)
    counts = [engine.ibis.to_pyarrow(table, limit=limit).num_rows for limit in (None, 1, 2)]

    assert counts == [3, 1, 2]


def test_rows_in_an_expression_and_words_like_ours_are_written_each_time(
    engine: DuckDB, holding: Holding, written: list[str]
) -> None:
    for some in ([1], [2]):
        assert found(engine, ibis.memtable(pa.table({"x": pa.array(some, pa.int64())}))) == some
    table = numbers(holding, 1)
    (said,) = engine.rows(table.select(x=ibis.literal('"joren_place_0"')))

    assert said["x"] == '"joren_place_0"'
    assert not written
