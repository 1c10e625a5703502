from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from joren.collect.connectors import contracts, parsing
from joren.collect.connectors.files import begin
from joren.collect.connectors.formats import generic
from joren.collect.connectors.rejecting import each
from joren.warehouse import DuckDB

Read = Callable[..., tuple[parsing.Parsed, list[dict[str, Any]]]]


@pytest.fixture
def read(engine: DuckDB, tmp_path: Path) -> Read:
    def reading(
        text: str, currency: str | None = "JPY", kind: contracts.Kind = "orders"
    ) -> tuple[parsing.Parsed, list[dict[str, Any]]]:
        path = tmp_path / "file.csv"
        path.write_text(text)
        staged = begin(engine, path, tmp_path / "work")
        parsed = parsing.parse(
            engine,
            staged,
            generic.canonical(staged.columns, kind),
            kind,
            zone="Asia/Tokyo",
            currency=currency,
            latest=datetime(2026, 11, 23, tzinfo=UTC),
            store=None,
            workdir=tmp_path / "work",
        )
        return parsed, parsing.taken(engine, parsed)

    return reading


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1980", 1980), ('"1,980"', 1980), ("１９８０", 1980), ('"¥1,980"', 1980),
        ('"1,980円"', 1980), ("(500)", -500), ("△500", -500), ("－500", -500), ("1980.00", 1980),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(read: Read, text: str, amount: int) -> None:
    _, rows = read(f"顧客番号,日付,金額\n1,2026-10-01,{text}\n")

    assert rows[0]["total"] == amount


def test_an_unknown_state_is_named_as_it_stands_and_a_known_one_in_any_spelling(
    read: Read,
) -> None:
    parsed, rows = read(
        "注文番号,日付,金額,状態\n1,2026-10-01,500, Fulfilled\n2,2026-10-01,500,Lost\n"
    )

    assert [row["status"] for row in rows] == ["completed"]
    assert [wrong.value for wrong in each(parsed.rejected)] == ["Lost"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01 09:00:00", "2026/10/01 09:00", "2026-10-01T09:00:00", "2026-10-01T00:00:00Z",
        "2026-10-01 09:00:00 +0900", "2026-10-01T09:00:00+09:00", "2026年10月1日 09:00",
        "20261001090000", "2026/10/1 9:00", "２０２６/10/01 09:00", "46296.375",
    ],
)  # fmt: skip
def test_a_moment_is_read_as_people_write_it(read: Read, text: str) -> None:
    parsed, rows = read(f"customer,date,amount\n1,{text},5\n")

    assert parsed.rejected.count == 0
    assert rows[0]["ordered_at"] == datetime(2026, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize("date", ["0202-10-01", "2027-01-01", "soon", "", "2026-13-01"])
def test_a_date_that_cannot_be_is_rejected(read: Read, date: str) -> None:
    parsed, rows = read(f"customer,date,amount\n1,{date},5\n2,2026-10-01,6\n")

    assert [(bad.row, bad.column, bad.value) for bad in each(parsed.rejected)] == [
        (1, "date", date)
    ]
    assert [row["source_row"] for row in rows] == [2]


def test_more_decimals_than_the_currency_has_are_rejected(read: Read) -> None:
    parsed, _ = read("customer,date,amount\n1,2026-10-01,19.80\n")

    assert next(each(parsed.rejected)).value == "19.80"


def test_decimals_without_a_currency_are_in_no_currency(read: Read) -> None:
    _, rows = read("customer,date,amount\n1,2026-10-01,19.80\n", currency=None)

    assert (rows[0]["currency"], rows[0]["total"]) == ("XXX", 1980)


def test_decimals_far_down_in_the_file_are_found_too(read: Read) -> None:
    whole = "".join(f"{n},2026-10-01,5\n" for n in range(10_000))

    _, rows = read(f"customer,date,amount\n{whole}x,2026-10-01,19.80\n", currency=None)

    assert {row["currency"] for row in rows} == {"XXX"}
    assert (rows[0]["total"], rows[-1]["total"]) == (500, 1980)


def test_prices_of_yen_stay_yen_when_only_what_they_cost_has_decimals(read: Read) -> None:
    table = "order_id,date,unit_price,unit_cost\na,2026-10-01,1980,811.5\n"

    _, rows = read(table, currency=None)

    assert (rows[0]["currency"], rows[0]["unit_price"], rows[0]["unit_cost"]) == ("JPY", 1980, 812)


def test_each_row_has_the_decimals_of_its_own_currency(read: Read) -> None:
    _, rows = read("order_id,date,total,currency\na,2026-10-01,1980,JPY\nb,2026-10-01,19.80,USD\n")

    assert [(row["total"], row["currency"]) for row in rows] == [(1980, "JPY"), (1980, "USD")]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("090-1234-5678", "+819012345678"), ("０９０１２３４５６７８", "+819012345678"),
        ("+81 90 1234 5678", "+819012345678"), ("(03)1234-5678", "+81312345678"), ("none", None),
    ],
)  # fmt: skip
def test_phones_are_written_one_way(read: Read, text: str, phone: str | None) -> None:
    _, rows = read(f"customer,date,amount,phone\n1,2026-10-01,5,{text}\n")

    assert rows[0]["phone"] == phone


def test_names_lose_honorific_and_half_width(read: Read) -> None:
    _, rows = read("date,amount,name,kana\n2026-10-01,5,山田　太郎 様,ﾔﾏﾀﾞ ﾀﾛｳ\n")

    assert (rows[0]["name"], rows[0]["name_kana"]) == ("山田 太郎", "ヤマダ タロウ")


def test_masked_and_broken_addresses_identify_nobody(read: Read) -> None:
    _, rows = read("date,amount,email\n2026-10-01,5,a@pc.fw.rakuten.ne.jp\n2026-10-01,5, B@X.JP \n")

    assert [row["email"] for row in rows] == [None, "b@x.jp"]


def test_an_order_is_whole_or_waits(read: Read) -> None:
    parsed, rows = read(
        "order_id,date,sku,price,quantity\n"
        "a,2026-10-01,x,100,1\na,2026-10-01,y,many,1\nb,2026-10-01,x,100,1\n"
    )

    assert [row["order_number"] for row in rows] == ["b"]
    assert {bad.row: bad.reason.split(" of ")[0] for bad in each(parsed.rejected)}[
        1
    ] == "waits for row 2"


def test_a_row_repeated_under_a_stated_total_counts_once(read: Read) -> None:
    row = "a,2026-10-01,100,100\n"

    parsed, rows = read("order_id,date,price,total\n" + row * 2)

    assert (parsed.repeated, len(rows)) == (1, 1)


@pytest.mark.parametrize("header", ["customer,date,amount", "order_id,date,price"])
def test_equal_rows_without_a_stated_total_are_two(read: Read, header: str) -> None:
    parsed, rows = read(f"{header}\na,2026-10-01,100\na,2026-10-01,100\n")

    assert (parsed.repeated, len(rows)) == (0, 2)


def test_a_file_that_is_mostly_wrong_is_refused_whole(read: Read) -> None:
    with pytest.raises(contracts.RowsUnreadable, match="1,000 of 1,000"):
        read("customer,date,amount\n" + "1,never,5\n" * 1000)


def test_a_header_that_says_nothing_is_refused(read: Read) -> None:
    with pytest.raises(contracts.ColumnsUnknown, match="ordered_at"):
        read("foo,bar\n1,2\n")


def test_a_customer_number_in_full_width_digits_is_the_same_customer(read: Read) -> None:
    _, rows = read("customer,date,amount\n１２,2026-01-01,1\n12,2026-01-02,2\n")

    assert {row["customer_number"] for row in rows} == {"12"}


def test_rows_that_are_none_are_found_by_the_reading_that_types_the_others(read: Read) -> None:
    text = "顧客番号,日付,金額\n1,2026-10-01,5\n1,2,3,4\n2,never,6\n3,2026-10-02,7\n"

    parsed, rows = read(text)

    assert (parsed.staged.rows, parsed.accepted, parsed.rejected.count) == (3, 2, 1)
    assert [(broken.line, broken.text) for broken in parsed.staged.broken] == [(3, "1,2,3,4")]
    assert [(bad.row, bad.line) for bad in each(parsed.rejected)] == [(2, 4)]
    assert [(row["source_row"], row["unit_price"]) for row in rows] == [(1, 5), (3, 7)]


def test_a_header_alone_is_refused(read: Read) -> None:
    with pytest.raises(contracts.FileEmpty, match="a header and no row"):
        read("顧客番号,日付,金額\n")
