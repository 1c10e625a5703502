"""What a process keeps of tables is never older than the tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import ibis.expr.types as ir
import pyarrow.parquet as pq
import pytest

from joren.core.ids import SnapshotId
from joren.core.tables import TableSpec
from joren.project import swapping
from joren.warehouse import Snapshot, Warehouse, lake, open_warehouse
from joren.warehouse.compaction import join_small
from joren.warehouse.remembered import Remembered
from joren.warehouse.rows import write_rows
from joren.warehouse.snapshots import FIGURES, SNAPSHOTS

THINGS = TableSpec("things", {"thing": "int64"})


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    return opened(tmp_path, "home")


def opened(folder: Path, name: str) -> Warehouse:
    """As another process opens it, which knows nothing of what the first one keeps."""
    return open_warehouse(str(folder / name / "warehouse"), home=folder / name, threads=1)


def put(house: Warehouse, *things: int) -> None:
    files = write_rows([{"thing": one} for one in things], house.scratch, THINGS)
    house.lake.append(THINGS, files, key=f"{things}")


def things(house: Warehouse) -> list[int]:
    return sorted(row["thing"] for row in house.engine.rows(house.facts(THINGS)))


def finish(house: Warehouse, number: int, said: str) -> None:
    snapshot = SnapshotId(number)
    house.snapshots.write_figures(snapshot, {("room", "said"): said}, house.scratch)
    built = Snapshot(snapshot, date(2026, 10, 31), datetime(2026, 11, 1, tzinfo=UTC), 1.0, {}, {})
    house.snapshots.finish(built, house.scratch)


def said(house: Warehouse) -> tuple[int, str | None]:
    """The number of the newest snapshot, and what it says."""
    newest = house.snapshots.latest()
    assert newest is not None
    return newest.id, house.snapshots.figure(newest.id, "room", "said", str)


def exchange(folder: Path) -> None:
    """As a restore does: the other home's warehouse comes into the place of the first."""
    place, aside = str(folder / "home" / "warehouse"), str(folder / "aside")
    move = swapping.Move(place, aside, str(folder / "other" / "warehouse"))
    with swapping.alone(folder / "home"):
        swapping.swap(folder / "home", [move])


def test_a_table_that_nobody_wrote_to_is_not_read_again(house: Warehouse) -> None:
    put(house, 1)
    before = house.lake.files(THINGS)

    with mock.patch.object(lake, "DeltaTable", side_effect=AssertionError("read again")):
        assert (house.lake.files(THINGS), house.lake.version(THINGS)) == (before, 0)


def test_what_another_process_commits_is_seen(house: Warehouse, tmp_path: Path) -> None:
    put(house, 1)
    assert things(house) == [1]

    put(opened(tmp_path, "home"), 2)

    assert things(house) == [1, 2]
    assert house.lake.version(THINGS) == 1


def test_a_table_is_seen_that_was_not_there(house: Warehouse, tmp_path: Path) -> None:
    assert things(house) == []

    put(opened(tmp_path, "home"), 1)

    assert things(house) == [1]


def test_after_a_restore_the_other_tables_are_seen(house: Warehouse, tmp_path: Path) -> None:
    put(house, 1)
    finish(house, 1, "before")
    other = opened(tmp_path, "other")
    put(other, 2)
    finish(other, 1, "restored")
    assert (things(house), said(house)) == ([1], (1, "before"))

    exchange(tmp_path)

    assert (things(house), said(house)) == ([2], (1, "restored"))


def test_an_emptied_home_has_nothing(house: Warehouse, tmp_path: Path) -> None:
    put(house, 1)
    assert things(house) == [1]

    shutil.rmtree(tmp_path / "home" / "warehouse")

    assert things(house) == []


def test_files_that_were_joined_are_seen_joined(house: Warehouse, tmp_path: Path) -> None:
    for one in range(8):
        put(house, one)
    assert things(house) == list(range(8))

    other = opened(tmp_path, "home")
    join_small(other.lake, other.engine, THINGS, other.scratch)
    other.lake.vacuum(THINGS, hours=0)

    assert (things(house), len(house.lake.files(THINGS))) == (list(range(8)), 1)


def test_a_file_lies_in_the_order_that_its_table_promises(house: Warehouse) -> None:
    columns = {"thing": "int64", "of": "string"}
    ordered = TableSpec("things", columns, sorted_by=("of", "thing"))
    for one in range(8):
        rows = [{"thing": thing, "of": of} for thing, of in ((one, "b"), (one, "a"), (-one, "a"))]
        files = write_rows(rows, house.scratch, TableSpec("things", columns))
        house.lake.append(ordered, files, key=str(one))

    join_small(house.lake, house.engine, ordered, house.scratch)

    (path,) = house.lake.files(ordered)
    lying = [(row["of"], row["thing"]) for row in pq.read_table(path).to_pylist()]
    assert len(lying) == 24
    assert lying == sorted(lying)


def test_the_newest_finished_snapshot_is_shown(house: Warehouse, tmp_path: Path) -> None:
    finish(house, 1, "first")
    assert said(house) == (1, "first")

    finish(opened(tmp_path, "home"), 2, "second")

    assert said(house) == (2, "second")


def test_a_dropped_snapshot_is_gone(house: Warehouse, tmp_path: Path) -> None:
    finish(house, 1, "first")
    finish(house, 2, "second")
    assert said(house) == (2, "second")

    other = opened(tmp_path, "home")
    other.lake.drop_snapshot(SNAPSHOTS, 2)
    other.snapshots.drop(SnapshotId(2), (FIGURES,))

    assert said(house) == (1, "first")
    assert house.snapshots.figure(SnapshotId(2), "room", "said", str) is None


def test_another_refresh_under_the_number_of_a_dropped_one_is_seen(
    house: Warehouse, tmp_path: Path
) -> None:
    finish(house, 1, "first")
    assert said(house) == (1, "first")

    other = opened(tmp_path, "home")
    other.lake.drop_snapshot(SNAPSHOTS, 1)
    other.snapshots.drop(SnapshotId(1), (FIGURES,))
    finish(other, 1, "again")

    assert said(house) == (1, "again")


def test_an_answer_of_a_snapshot_is_made_once(house: Warehouse) -> None:
    finish(house, 1, "first")
    made: Iterator[int] = iter(range(9))

    answers = [
        house.snapshots.once(SnapshotId(1), (FIGURES,), what, lambda: next(made))
        for what in ("one", "one", "other")
    ]

    assert answers == [0, 0, 1]


def test_a_question_is_built_once_and_sees_what_is_committed(
    house: Warehouse, tmp_path: Path
) -> None:
    built = []

    def ask(*numbers: int) -> list[int]:
        def build() -> ir.Table:
            built.append(numbers)
            return house.facts(THINGS).semi_join(house.questions.given("thing"), "thing")

        return sorted(row["thing"] for row in house.questions.rows("x", build, thing=numbers))

    put(house, 1, 2, 3)
    assert (ask(1), ask(2, 3, 4), ask()) == ([1], [2, 3], [])
    assert len(built) == 1

    put(opened(tmp_path, "home"), 4)

    assert ask(2, 3, 4) == [2, 3, 4]
    assert len(built) == 2


def test_a_file_that_got_the_name_of_another_is_read_anew(house: Warehouse, tmp_path: Path) -> None:
    wider = TableSpec("things", {"thing": "int64", "of": "string"})
    (path,) = write_rows([{"thing": 1}], tmp_path, THINGS)
    assert house.engine.rows(house.engine.files([path], wider)) == [{"thing": 1, "of": None}]

    (other,) = write_rows([{"thing": 2, "of": "wood"}], tmp_path, wider)
    other.replace(path)

    assert house.engine.rows(house.engine.files([path], wider)) == [{"thing": 2, "of": "wood"}]


def test_no_more_is_remembered_than_was_allowed() -> None:
    made: list[str] = []
    remembered = Remembered[str](2)

    def ask(key: str) -> str:
        return remembered.get(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        assert ask(key) == key

    assert made == ["a", "b", "c", "b"]
