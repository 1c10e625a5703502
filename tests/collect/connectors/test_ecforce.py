from __future__ import annotations

from pathlib import Path

import pytest

from joren.warehouse import DuckDB
from tests.collect.connectors.reading import amount_of, read_orders, unreconciled

HEADER = (
    "受注番号,顧客番号,定期受注番号,小計,送料,利用ポイント,支払い合計,受注日,"
    "購入商品（商品コード）,購入商品（数量）,定期ステータス,定期回数\n"
)


@pytest.mark.parametrize(
    ("row", "lines", "total"),
    [
        (
            'a,7,t1,4296,0,0,4296,2026/11/22 12:00,"skn-100,guide-1",,有効,2',
            [("skn-100", 1, 4296), ("guide-1", 1, 0)],
            4296,
        ),
        (
            'a,7,t1,4297,500,300,4497,2026/11/22 12:00,"skn-100、guide-1","3,2",有効,2',
            [("skn-100", 3, 4297), ("guide-1", 2, 0)],
            4797,
        ),
        ("a,7,t1,4296,500,0,4796,2026/11/22 12:00,,,有効,2", [(None, 1, 4296)], 4796),
    ],
)
def test_each_product_is_a_line_and_the_parts_add_up(
    engine: DuckDB, tmp_path: Path, row: str, lines: list[tuple[str, int, int]], total: int
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes((HEADER + row + "\n").encode("cp932"))

    name, parsed, rows = read_orders(engine, path)

    assert (name, parsed.rejected.count, parsed.accepted) == ("ecforce", 0, 1)
    assert [(r["sku"], r["quantity"], amount_of(r)) for r in rows] == lines
    assert (rows[0]["total"], list(unreconciled(rows))) == (total, [0])
    assert {(r["subscription_id"], r["subscription_number"]) for r in rows} == {("t1", 2)}
    assert [r["file_rows"] for r in rows] == [1, *[0] * (len(rows) - 1)]
