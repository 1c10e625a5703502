from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from joren.warehouse import DuckDB
from tests.collect.connectors.reading import read_orders
from tests.collect.connectors.workbooks import write_workbook

ROW = {"OrderId": "s-1", "OrderTime": "2026-10-01T09:00:00+09:00", "TotalPrice": "1000",
       "OrderStatus": "5", "UnitPrice": "1000", "Quantity": "1"}  # fmt: skip


def separated(by: str) -> Callable[[Path], object]:
    lines = "\n".join((by.join(ROW), by.join(ROW.values()), ""))
    return lambda path: path.write_text(lines)


def parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([ROW]), path)


def workbook(path: Path) -> None:
    write_workbook(path, {"s": [tuple(ROW), tuple(ROW.values())]})


def xml(path: Path) -> None:
    price, item = ROW["TotalPrice"], f"<UnitPrice>{ROW['UnitPrice']}</UnitPrice>"
    path.write_text(
        "<?xml version='1.0' encoding='UTF-8'?><ResultSet><Result><OrderInfo>"
        f"<OrderId>{ROW['OrderId']}</OrderId><OrderTime>{ROW['OrderTime']}</OrderTime>"
        f"<OrderStatus>5</OrderStatus><Detail><TotalPrice>{price}</TotalPrice></Detail>"
        f"<Item><ItemId>x</ItemId>{item}<Quantity>1</Quantity></Item>"
        "</OrderInfo></Result></ResultSet>"
    )


KINDS: dict[str, Callable[[Path], object]] = {
    "csv": separated(","),
    "tsv": separated("\t"),
    "parquet": parquet,
    "xlsx": workbook,
    "xml": xml,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_packed_file_says_what_the_file_says(engine: DuckDB, tmp_path: Path, kind: str) -> None:
    plain, packed = tmp_path / f"orders.{kind}", tmp_path / f"orders.{kind}.gz"
    KINDS[kind](plain)
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    name, parsed, rows = read_orders(engine, packed)

    assert (name, parsed.rejected.count, len(rows)) == ("yahoo", 0, 1)
    assert (rows[0]["order_number"], rows[0]["total"], rows[0]["status"]) == (
        "s-1", 1000, "completed",
    )  # fmt: skip
    assert rows == read_orders(engine, plain)[2]
