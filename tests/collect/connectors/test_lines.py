from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.connectors import parsing
from joren.collect.connectors.files import begin, lines, of_rows, stage
from joren.collect.connectors.formats import generic
from joren.collect.connectors.rejecting import Rejected, each
from joren.warehouse import DuckDB
from tests.collect.connectors.reading import read_orders


def rejected(engine: DuckDB, path: Path) -> list[Rejected]:
    staged = begin(engine, path, path.parent / "work")
    parsed = parsing.parse(
        engine,
        staged,
        generic.canonical(staged.columns),
        "orders",
        zone="Asia/Tokyo",
        currency="JPY",
        latest=datetime(2026, 11, 23, tzinfo=UTC),
        store="s",
        workdir=path.parent / "work",
    )
    return list(each(parsed.rejected))


PLAIN = "customer,date,amount\n1,2026-10-01,5\n2,never,5\n3,2026-10-01,5\n4,never,6\n"
FOLDED = 'customer,date,amount,note\n1,2026-10-01,5,"a\n\nb"\n\n2,never,5,"c, ""d"""\n3,never,5,e\n'
BROKEN = "customer,date,amount\n1,2026-10-01,5\n1,2,3,4\n2,never,5\n1,2,3,4\n3,never,5\n"


@pytest.mark.parametrize(("text", "lines"), [(PLAIN, [3, 5]), (FOLDED, [6, 7]), (BROKEN, [4, 6])])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_rejected_row_names_its_line(
    engine: DuckDB, tmp_path: Path, text: str, lines: list[int], end: str
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(text.replace("\n", end).encode("cp932"))

    assert [bad.line for bad in rejected(engine, path)] == lines


def test_a_broken_row_names_its_line_too(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text('a,b\n"x\ny",1\n\n1,2,3\n4,5\n')

    staged = stage(engine, path, tmp_path / "work")

    assert [(broken.line, broken.text) for broken in staged.broken] == [(5, "1,2,3")]


def test_a_row_with_several_cells_too_many_or_too_few_is_one_row(
    engine: DuckDB, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("a,b,c\n1,2,3\n1\n1,2,3,4,5,6\n\n1,2\n1,2,3\n")

    staged = stage(engine, path, tmp_path / "work")

    found = [(one.line, one.text, one.reason) for one in staged.broken]
    assert staged.rows == 2
    assert found == [
        (3, "1", "missing columns; the header has 3"),
        (4, "1,2,3,4,5,6", "too many columns; the header has 3"),
        (6, "1,2", "missing columns; the header has 3"),
    ]


@given(st.lists(st.tuples(st.booleans(), st.text('a\n\r", ', max_size=5)), min_size=1, max_size=20))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_are_those_that_an_editor_shows(
    engine: DuckDB, tmp_path: Path, rows: list[tuple[bool, str]]
) -> None:
    path, wrong = tmp_path / "orders.csv", []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["customer", "date", "amount", "note"])
    for good, note in rows:
        if not good:
            wrong.append(text.getvalue().count("\n") + 1)
        writer.writerow(["1", "2026-10-01" if good else "never", "5", note.replace("\r", "")])
    path.write_text(text.getvalue(), newline="")

    assert [bad.line for bad in rejected(engine, path)] == wrong


CELLS = st.text('a\n\r", あ', max_size=4)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=30),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    chosen=st.data(),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_some_rows_of_a_text_are_as_they_are_in_the_whole(
    engine: DuckDB,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[tuple[str, str]],
    quoting: int,
    end: str,
    last: bool,
    chosen: st.DataObject,
) -> None:
    monkeypatch.setattr(lines, "_BLOCK", 16)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("one", "other"), *((a.replace("\r", ""), b) for a, b in rows)])
    path = tmp_path / "some.csv"
    path.write_bytes(text.getvalue().removesuffix("" if last else end).encode())
    staged = stage(engine, path, tmp_path / "work")
    whole = engine.raw.execute(f"FROM {staged.source}").fetchall()
    places = sorted(chosen.draw(st.sets(st.integers(1, len(whole)), min_size=1)))

    few = of_rows(staged, np.array(places), tmp_path / "few")

    found = engine.raw.execute(f"FROM {few.source}").fetchall()
    assert found == (whole if few is staged else [whole[place - 1] for place in places])


def test_rows_that_are_lines_are_copied_alone(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("a,b\n1,x\n2,y\n3,z")
    staged = stage(engine, path, tmp_path / "work")

    few = of_rows(staged, np.array([1, 3]), tmp_path / "few")

    assert (tmp_path / "few").read_text() == "1,x\n3,z"
    assert few.rows == 2


@pytest.mark.parametrize(("text", "people"), [(FOLDED, {"1"}), (PLAIN, {"1", "3"})])
def test_what_rows_share_is_read_whether_or_not_they_are_lines(
    engine: DuckDB, tmp_path: Path, text: str, people: set[str]
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    _, parsed, rows = read_orders(engine, path)

    assert {row["customer_number"] for row in rows} == people
    assert parsed.accepted == len(people)
