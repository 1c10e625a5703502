from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from joren.collect.connectors import contracts
from joren.collect.connectors.files import stage
from joren.collect.connectors.rejecting import each
from joren.core.errors import BadInput
from joren.warehouse import DuckDB
from tests.collect.connectors.reading import read_orders
from tests.collect.connectors.workbooks import Rows, write_workbook

HEADER = ("注文番号", "注文日時", "会員番号", "商品名", "単価", "数量")
NOON = datetime(2026, 10, 1, 12, 0)  # noqa: DTZ001 (a cell has no zone)
ORDER = ("A-1", NOON, 123.0, "豆", 1980.0, 2)
UTC_NOON = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


def orders_in(engine: DuckDB, path: Path) -> list[tuple[object, ...]]:
    _, parsed, rows = read_orders(engine, path)
    assert parsed.rejected.count == 0
    said = ("order_number", "ordered_at", "customer_number", "unit_price", "quantity")
    return [tuple(row[name] for name in said) for row in rows]


TITLES: dict[str, tuple[Rows, list[str]]] = {
    "no title": ([HEADER], []),
    "a title": ([["売上一覧"], [], HEADER], ["A1:F1"]),
    "a title and a period": ([["売上一覧"], ["期間", NOON, "〜", NOON], HEADER], []),
    "groups above": (
        [["注文番号", "注文日時", "会員番号", "明細"], [None, None, None, *HEADER[3:]]],
        ["A1:A2", "B1:B2", "C1:C2", "D1:F1"],
    ),
    "a group above some": (
        [["売上一覧"], ["注文", None, None, "明細", None, None], HEADER],
        ["A1:F1", "A2:C2", "D2:F2"],
    ),
}


@pytest.mark.parametrize("what", TITLES)
@pytest.mark.parametrize("first_row", [1, 4])
def test_the_header_is_found_under_titles_and_in_merged_cells(
    engine: DuckDB, tmp_path: Path, what: str, first_row: int
) -> None:
    above, merged = TITLES[what]
    moved = [_moved(one, first_row - 1) for one in merged]
    path = write_workbook(tmp_path / "orders.xlsx", {"s": [*above, ORDER]}, moved, first_row)

    assert orders_in(engine, path) == [("A-1", UTC_NOON, "123", 1980, 2)]


def _moved(merged: str, rows: int) -> str:
    return ":".join(f"{place[0]}{int(place[1:]) + rows}" for place in merged.split(":"))


def test_two_columns_of_one_name_are_told_apart_by_their_groups(
    engine: DuckDB, tmp_path: Path
) -> None:
    rows: Rows = [
        ["注文番号", "注文者", None, "送付先", None],
        [None, "氏名", "電話番号", "氏名", "電話番号"],
        ["A-1", "山田", "090", "鈴木", "080"],
    ]
    path = write_workbook(tmp_path / "a.xlsx", {"s": rows}, ["A1:A2", "B1:C1", "D1:E1"])

    assert stage(engine, path, tmp_path / "work").columns == (
        "注文番号", "注文者 氏名", "注文者 電話番号", "送付先 氏名", "送付先 電話番号",
    )  # fmt: skip


def test_a_row_of_texts_is_not_taken_for_a_second_header(engine: DuckDB, tmp_path: Path) -> None:
    rows: Rows = [["sku", "name"], ["a", "beans"], ["b", "leaves"]]
    path = write_workbook(tmp_path / "products.xlsx", {"s": rows})

    found = stage(engine, path, tmp_path / "work")

    assert (found.columns, found.rows) == (("sku", "name"), 2)


@pytest.mark.parametrize("when", [NOON, 46296.5, "46296.5", "2026/10/1 12:00"])
def test_a_date_is_a_date_in_whatever_kind_of_cell(
    engine: DuckDB, tmp_path: Path, when: datetime | float | str
) -> None:
    rows: Rows = [HEADER, ("A-1", when, "123.0", "豆", "¥1,980", "２")]
    path = write_workbook(tmp_path / "orders.xlsx", {"s": rows})

    assert orders_in(engine, path) == [("A-1", UTC_NOON, "123", 1980, 2)]


def test_a_bad_row_has_the_number_that_excel_shows(engine: DuckDB, tmp_path: Path) -> None:
    bad = ("A-2", "いつか", 5, "豆", 100, 1)
    rows: Rows = [["売上"], [], HEADER, ORDER, [], bad, ORDER]
    path = write_workbook(tmp_path / "orders.xlsx", {"s": rows}, first_row=2)

    _, parsed, _ = read_orders(engine, path)

    assert [(one.line, one.column, one.value) for one in each(parsed.rejected)] == [
        (7, "注文日時", "いつか")
    ]


def test_the_first_sheet_with_a_table_is_read_or_the_one_that_is_named(
    engine: DuckDB, tmp_path: Path
) -> None:
    sheets: dict[str, Rows] = {
        "表紙": [["売上一覧"], ["作成者は経理です"]],
        "空": [],
        "注文": [HEADER, ORDER],
        "古い": [HEADER, ORDER, ORDER],
    }
    path = write_workbook(tmp_path / "orders.xlsx", sheets)

    assert stage(engine, path, tmp_path / "work").rows == 1
    assert stage(engine, path, tmp_path / "work", sheet="古い").rows == 2
    with pytest.raises(BadInput) as refused:
        stage(engine, path, tmp_path / "work", sheet="ない")
    assert "注文" in refused.value.hint


def test_a_gzipped_workbook_is_one(engine: DuckDB, tmp_path: Path) -> None:
    plain = write_workbook(tmp_path / "orders.xlsx", {"s": [HEADER, ORDER]})
    path = tmp_path / "orders.xlsx.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))

    assert orders_in(engine, path) == [("A-1", UTC_NOON, "123", 1980, 2)]


@pytest.mark.parametrize("rows", [[], [HEADER], [["売上一覧"], [], HEADER]])
def test_a_workbook_without_a_row_is_refused(engine: DuckDB, tmp_path: Path, rows: Rows) -> None:
    path = write_workbook(tmp_path / "orders.xlsx", {"s": rows})

    with pytest.raises(contracts.FileEmpty, match=r"orders\.xlsx"):
        stage(engine, path, tmp_path / "work")
