from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from joren.collect.connectors import contracts
from joren.collect.connectors.formats.yahoo import xml
from joren.collect.connectors.rejecting import each
from joren.warehouse import DuckDB
from tests.collect.connectors.reading import read_orders, unreconciled

ITEM = (
    "<Item><LineId>1</LineId><ItemId>skn-100</ItemId><Title>化粧水 &amp; 乳液</Title>"
    "<SubCode></SubCode><UnitPrice>2500</UnitPrice><Quantity>2</Quantity>"
    "<ItemTaxRatio>10</ItemTaxRatio></Item>"
)
SECOND = ITEM.replace("<LineId>1", "<LineId>2")
DETAIL = {"ShipCharge": 550, "Discount": 0, "UsePoint": 0, "TotalPrice": 5550}


def answer(*orders: str) -> str:
    results = "".join(f"<Result><Status>OK</Status>{order}</Result>\n" for order in orders)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ResultSet>{results}</ResultSet>'


def order(number: str = "s-1", items: str = ITEM, status: int = 5, **detail: int) -> str:
    parts: Mapping[str, int] = DETAIL | detail
    told = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return (
        f"<OrderInfo><OrderId>{number}</OrderId><OrderTime>2026-11-22T12:00:00+09:00</OrderTime>"
        f"<OrderStatus>{status}</OrderStatus><Pay><BillFirstName>太郎</BillFirstName>"
        "<BillLastName>山田</BillLastName><BillMailAddress><![CDATA[a@example.com]]>"
        f"</BillMailAddress></Pay><Ship><ShipFirstName>花子</ShipFirstName></Ship>"
        f"<Detail>{told}</Detail>{items}</OrderInfo>"
    )


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def writing(text: str, encoding: str = "utf-8", *, packed: bool = False) -> Path:
        path = tmp_path / "orders.xml"
        content = text.replace("UTF-8", encoding).encode(encoding)
        path.write_bytes(gzip.compress(content) if packed else content)
        return path

    return writing


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "shift_jis", "euc_jp"])
def test_an_answer_is_known_by_what_it_says(
    engine: DuckDB, write: Callable[..., Path], encoding: str
) -> None:
    name, parsed, (row,) = read_orders(engine, write(answer(order()), encoding, packed=True))

    assert (name, parsed.rejected.count) == ("yahoo", 0)
    assert row["ordered_at"] == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert (row["name"], row["email"]) == ("山田 太郎", "a@example.com")
    assert (row["product_name"], row["sku"]) == ("化粧水 & 乳液", "skn-100")
    assert (row["unit_price"], row["quantity"], row["tax_rate"]) == (2500, 2, 1000)
    assert (row["total"], row["shipping_charged"], row["status"]) == (5550, 550, "completed")
    assert (row["currency"], row["channel"], row["tax_included"]) == ("JPY", "yahoo", True)


DISCOUNTED = ITEM.replace("<UnitPrice>2500", "<OriginalPrice>2750</OriginalPrice><UnitPrice>2500")
WAYS = {
    "points and the mall's coupon are means of payment": (
        {"UsePoint": 100, "TotalMallCouponDiscount": 300, "TotalPrice": 5150},
        {"total": 5550, "points_used": 100, "mall_discount": 300, "order_discount": 0},
    ),
    "a total before them is left as it is": (
        {"UsePoint": 100, "TotalMallCouponDiscount": 300, "TotalPrice": 5550},
        {"total": 5550, "points_used": 100, "mall_discount": 300, "order_discount": 0},
    ),
    "the shop's coupon beside the prices reduces the order": (
        {"TotalCouponDiscount": 500, "TotalPrice": 5050},
        {"total": 5050, "order_discount": 500},
    ),
    "the shop's coupon inside the prices is not taken off twice": (
        {"TotalCouponDiscount": 500, "TotalPrice": 5550},
        {"total": 5550, "order_discount": 0},
    ),
    "a discount and what the payment costs": (
        {"Discount": 200, "PayCharge": 330, "GiftWrapCharge": 110, "TotalPrice": 5790},
        {"total": 5790, "order_discount": 200, "fees_charged": 440},
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_parts_add_up_to_the_total(
    engine: DuckDB, write: Callable[..., Path], way: str
) -> None:
    detail, expected = WAYS[way]

    _, _, rows = read_orders(engine, write(answer(order(**detail))))

    assert {name: rows[0][name] for name in expected} == expected
    assert list(unreconciled(rows)) == [0]


def test_what_an_item_cost_before_the_shops_coupon_is_kept(
    engine: DuckDB, write: Callable[..., Path]
) -> None:
    _, _, rows = read_orders(
        engine, write(answer(order(items=DISCOUNTED, TotalCouponDiscount=500)))
    )

    assert (rows[0]["unit_price"], rows[0]["line_discount"], rows[0]["total"]) == (2750, 500, 5550)
    assert list(unreconciled(rows)) == [0]


def test_many_answers_in_one_file_and_many_items_in_one_order(
    engine: DuckDB, write: Callable[..., Path]
) -> None:
    text = answer(order("s-1", items=ITEM + SECOND, TotalPrice=10550), order("s-2", status=4))

    _, parsed, rows = read_orders(engine, write(text))

    assert [row["order_number"] for row in rows] == ["s-1", "s-1", "s-2"]
    assert [row["status"] for row in rows] == ["completed", "completed", "cancelled"]
    assert (list(unreconciled(rows)), parsed.repeated) == ([0, 0], 0)


def test_a_list_of_orders_without_items_is_a_line_each(
    engine: DuckDB, write: Callable[..., Path]
) -> None:
    _, _, rows = read_orders(engine, write(answer(order(items="", UsePoint=50, TotalPrice=5500))))

    assert (rows[0]["unit_price"], rows[0]["quantity"], rows[0]["total"]) == (5000, 1, 5550)
    assert list(unreconciled(rows)) == [0]


DOUBLED = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in ("ab", "bc", "cd", "de", "ei"))
BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{DOUBLED}]>'
    "<ResultSet><OrderInfo><OrderId>&i;</OrderId></OrderInfo></ResultSet>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<ResultSet><OrderInfo><OrderId>&a;</OrderId></OrderInfo></ResultSet>"
)
ENDLESS = "<ResultSet><OrderInfo><Title>" + "x" * 3_000_000
BAD = {
    "a bomb of entities": (BOMB, contracts.FileMalformed),
    "an entity from outside": (OUTSIDE, contracts.FileMalformed),
    "an answer cut short": (answer(order())[:-40], contracts.FileMalformed),
    "an element without end": (ENDLESS, contracts.FileTooLarge),
    "no order": (answer(), contracts.FileEmpty),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_answer_is_refused_with_a_hint(
    engine: DuckDB, write: Callable[..., Path], what: str
) -> None:
    text, error = BAD[what]

    with pytest.raises(error) as refused:
        read_orders(engine, write(text))

    assert refused.value.hint


def test_a_long_file_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "orders.xml"
    path.write_text(answer(*(order(f"s-{n}") for n in range(5000))))

    tracemalloc.start()
    count = sum(1 for _ in xml.rows(path, path.name))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 5000
    assert peak < path.stat().st_size / 2


def test_a_wrong_item_names_its_line(engine: DuckDB, write: Callable[..., Path]) -> None:
    text = answer(order("s-1"), order("s-2", items=ITEM.replace("2500", "many")))

    _, parsed, _ = read_orders(engine, write(text))

    (bad,) = each(parsed.rejected)
    assert (bad.line, bad.column, bad.value, bad.order_number) == (3, "UnitPrice", "many", "s-2")
