from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from joren.collect.connectors import contracts
from joren.collect.connectors.files import Staged, stage
from joren.core.errors import BadInput
from joren.warehouse import DuckDB

TEXT = '注文番号,氏名\r\nA-1,①㈱髙島\r\nA-2,"山田\r\n太郎"\r\n'
ROWS = [{"注文番号": "A-1", "氏名": "①㈱髙島"}, {"注文番号": "A-2", "氏名": "山田\r\n太郎"}]


def staged(engine: DuckDB, path: Path) -> Staged:
    return stage(engine, path, path.parent / "work")


def rows(engine: DuckDB, found: Staged) -> list[dict[str, str]]:
    answer = engine.raw.execute(f"SELECT * FROM {found.source}")
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_the_encoding_is_found(engine: DuckDB, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(TEXT.encode(encoding))

    found = staged(engine, path)

    assert rows(engine, found) == ROWS
    assert found.encoding == encoding


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_found(engine: DuckDB, tmp_path: Path, separator: str) -> None:
    path = tmp_path / "orders.txt"
    path.write_text(TEXT.replace(",", separator), newline="")

    assert rows(engine, staged(engine, path)) == ROWS


def test_columns_set_apart_by_spaces_are_found(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b" id  date spent\r\n 00001 19970101  11.77\r\n 2 19970112 9  \r\n")

    assert rows(engine, staged(engine, path)) == [
        {"id": "00001", "date": "19970101", "spent": "11.77"},
        {"id": "2", "date": "19970112", "spent": "9"},
    ]


def test_a_row_with_a_word_too_many_waits_by_its_line(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    good = "7 19970101 1\n" * 60
    path.write_text(f"id date spent\n{good}8 1997 01 02\n{good}")

    found = staged(engine, path)

    assert (found.rows, [broken.line for broken in found.broken]) == (120, [62])


def test_one_column_of_prose_is_no_table_of_words(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("remarks\nsend it soon\nplease\n")

    assert rows(engine, staged(engine, path)) == [
        {"remarks": "send it soon"},
        {"remarks": "please"},
    ]


@pytest.mark.parametrize("line", ["4,19970101,29.33", "4\t1997-01-01 12:00\t¥2,933"])
def test_a_file_without_a_header_has_numbered_columns(
    engine: DuckDB, tmp_path: Path, line: str
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"{line}\n{line}\n")

    found = staged(engine, path)

    assert found.columns == ("column 1", "column 2", "column 3")
    assert found.rows == 2


def test_gzip_is_known_by_its_bytes(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(gzip.compress(TEXT.encode()))

    assert rows(engine, staged(engine, path)) == ROWS


def test_parquet_becomes_text(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({"Customer ID": [13085.0, None], "Price": [6.95, 2.0]}), path)

    assert rows(engine, staged(engine, path)) == [
        {"Customer ID": "13085", "Price": "6.95"},
        {"Customer ID": None, "Price": "2"},
    ]


def test_a_row_with_too_many_columns_stays_out(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("a,b\n1,2\n1,2,3\n4,5\n")

    found = staged(engine, path)

    assert rows(engine, found) == [{"a": "1", "b": "2"}, {"a": "4", "b": "5"}]
    assert [(broken.line, broken.text) for broken in found.broken] == [(3, "1,2,3")]


BAD: dict[str, tuple[bytes, type[BadInput]]] = {
    "empty": (b"", contracts.FileEmpty),
    "header only": (b"a,b\n", contracts.FileEmpty),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", contracts.FileBinary),
    "zip": (b"PK\x03\x04\x14\0\0\0", contracts.FileBinary),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, contracts.FileBinary),
    "parquet": (b"PAR1 and no more", contracts.FileBinary),
    "truncated": (gzip.compress(TEXT.encode() * 100)[:-20], contracts.FileTruncated),
    "undecodable": (b"a,b\n1,2\n\xff\xfe\xfd,\x81\n", contracts.FileUndecodable),
    "long line": (b"a,b\n" + b"x" * 5_000_000, contracts.LineTooLong),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_table_is_refused_with_a_hint(engine: DuckDB, tmp_path: Path, what: str) -> None:
    content, error = BAD[what]
    path = tmp_path / "orders.csv"
    path.write_bytes(content)

    with pytest.raises(error) as refused:
        staged(engine, path)

    assert refused.value.hint
    assert "orders.csv" in refused.value.message


def test_columns_of_one_name_are_told_apart(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("送料,a,A,送料 (2),送料\n1,2,3,4,5\n")

    assert rows(engine, staged(engine, path)) == [
        {"送料": "1", "a": "2", "A (2)": "3", "送料 (2)": "4", "送料 (3)": "5"}
    ]


def test_the_line_that_is_no_text_is_named(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"a,b\n1,2\n\xff\xfe\xfd,\x81\n")

    with pytest.raises(contracts.FileUndecodable, match="line 3"):
        staged(engine, path)


def test_a_folder_and_nothing_are_no_files(engine: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(contracts.NotAFile):
        staged(engine, tmp_path)
    with pytest.raises(contracts.FileMissing):
        staged(engine, tmp_path / "absent.csv")
