"""Files whose lines end in more than one way: nothing of them is lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.connectors.files import ends, stage
from joren.warehouse import DuckDB

CELLS = st.text('a\n\r", あ', max_size=4)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
ROWS = st.lists(st.tuples(CELLS, CELLS, ENDS), min_size=1, max_size=6)


def line(cells: tuple[str, str], end: str) -> str:
    out = io.StringIO(newline="")
    folded = any(set(cell) & {"\r", "\n"} for cell in cells)
    quoting = csv.QUOTE_ALL if folded else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator=end, quoting=quoting).writerow(cells)
    return out.getvalue()


@given(rows=ROWS, first=ENDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_row_comes_whole_however_lines_end(
    engine: DuckDB, tmp_path: Path, rows: list[tuple[str, str, str]], first: str
) -> None:
    path = tmp_path / "mixed.csv"
    text = line(("one", "other"), first) + "".join(line((a, b), end) for a, b, end in rows)
    path.write_bytes(text.encode())

    staged = stage(engine, path, tmp_path / "work")

    found = engine.raw.execute(f"FROM {staged.source}").fetchall()
    assert [(a or "", b or "") for a, b in found] == [(a, b) for a, b, _ in rows]
    assert staged.rows == len(rows)
    assert not staged.broken


def test_files_of_two_machines_put_together_are_one(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_bytes(b"a,b\r\n1,2\r\n3,4\n5,6,7\n8,9\r10,11\n")

    staged = stage(engine, path, tmp_path / "work")

    assert [bad.line for bad in staged.broken] == [4]
    assert engine.raw.execute(f"SELECT a FROM {staged.source}").fetchall() == [
        ("1",), ("3",), ("8",), ("10",)
    ]  # fmt: skip


def test_a_text_of_returns_alone_may_be_long(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "macintosh.csv"
    path.write_bytes(b"customer,note\r" + b"12,abcdefgh\r" * 300_000)

    assert stage(engine, path, tmp_path / "work").rows == 300_000


@pytest.mark.parametrize(
    ("text", "mixed"),
    [(b"a\nb\n", False), (b"a\r\nb\r\n", False), (b"a\r\nb\n", True), (b"a\rb", True),
     (b"a\nb\r", True), (b"", False)],
)  # fmt: skip
def test_ends_are_told_apart_across_what_is_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, mixed: bool
) -> None:
    monkeypatch.setattr(ends, "_CHUNK", 2)
    path = tmp_path / "some.csv"
    path.write_bytes(text)

    assert ends.are_mixed(path) is mixed
