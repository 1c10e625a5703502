"""What somebody says of a file that is not so: its format, its currency, its encoding."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from joren.collect.connectors import contracts, selectors, services
from joren.collect.connectors.files import stage
from joren.collect.connectors.formats.known import formats
from joren.collect.connectors.mapping import Mapping
from joren.collect.orders import selectors as orders
from joren.core.errors import BadInput
from joren.plumbing.warehouse import warehouse
from joren.warehouse import DuckDB

LOG = "注文番号,注文日,会員番号,金額\nA1,2026/10/1,7,1980\n"
OTHERS = [one.name for one in formats() if one.name != "generic"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", OTHERS)
def test_a_file_of_another_format_than_was_said_is_refused(
    home: Path, log: Path, name: str
) -> None:
    with pytest.raises(contracts.ColumnsUnknown, match=f"no file of {name}"):
        services.import_file(log, kind="orders", format=name)

    assert selectors.imports().items[0].status == "refused"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("said", ["yen", "YEN", "円", "JPYX"])
def test_what_is_no_currency_is_refused_and_makes_no_amount_a_hundred_times_more(
    home: Path, log: Path, said: str
) -> None:
    with pytest.raises(BadInput, match="no currency code"):
        services.import_file(log, kind="orders", currency=said)
    with pytest.raises(BadInput, match="no currency code"):
        services.import_file(log, kind="orders", mapping=Mapping(currency=said))
    with pytest.raises(BadInput, match="no currency code"):
        services.receive(
            SimpleUploadedFile("log.csv", LOG.encode()), kind="orders", actor="a", currency=said
        )


@pytest.mark.django_db(transaction=True)
def test_a_currency_may_be_written_small(home: Path, log: Path) -> None:
    services.import_file(log, kind="orders", currency="jpy")

    house = warehouse()
    found = house.embedded.rows(orders.orders(house).select("currency", "goods"))
    assert list(found) == [{"currency": "JPY", "goods": 1980}]


@pytest.mark.django_db(transaction=True)
def test_a_refused_upload_is_called_what_it_was_called_by_who_sent_it(home: Path) -> None:
    number = services.receive(SimpleUploadedFile("夏.csv", b"\0" * 99), kind="orders", actor="a")

    services.carry_out(number)

    assert selectors.import_state(number).message.startswith("夏.csv ")


def test_of_utf_8_with_one_foreign_line_that_line_is_named(engine: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(LOG.encode() * 40 + b"A2,2026/10/1,\x83\x8a\xff\xfe,5\n")

    with pytest.raises(contracts.FileUndecodable, match=r"line 81 has the byte 0x83"):
        stage(engine, path, tmp_path / "work")


def test_half_a_workbook_is_no_text_and_a_broken_parquet_shows_no_query(
    engine: DuckDB, tmp_path: Path
) -> None:
    for name, content in {"a.xlsx": b"PK\x03\x04half", "a.parquet": b"PAR1xxxxPAR1"}.items():
        path = tmp_path / name
        path.write_bytes(content)

        with pytest.raises(contracts.FileBinary) as refused:
            stage(engine, path, tmp_path / "work")

        assert "\n" not in refused.value.message
        assert str(tmp_path) not in refused.value.message


@pytest.mark.django_db(transaction=True)
def test_an_order_of_the_night_is_of_the_shop_s_day(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.txt"
    header = "amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\titem-price"
    path.write_text(f"{header}\n250-1\t2026-09-30T15:30:00+00:00\tShipped\tx\t1\t1000\n")

    services.import_file(path, kind="orders", store="s", format="amazon")

    (order,) = warehouse().engine.rows(orders.orders(warehouse()))
    assert order["ordered_on"] == date(2026, 10, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_columns_of_one_name_somebody_says_which_it_is(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("顧客番号,日付,金額,備考,備考,金額\n7,2026/10/1,1000,a,b,900\n")

    with pytest.raises(contracts.ColumnsRepeat, match="金額"):
        services.import_file(path, kind="orders", store="s")

    chosen = Mapping(columns={"unit_price": "金額 (2)"})
    services.import_file(path, kind="orders", store="s", mapping=chosen)
    (order,) = warehouse().engine.rows(orders.orders(warehouse()))
    assert order["revenue"] == 900
