"""Events that others kept: the same facts whichever file they came in, and each once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from joren.collect.inbox import selectors, services
from joren.collect.inbox.contracts import EVENTS, BadEvents, EventsTaken
from joren.collect.inbox.services import receiving
from joren.plumbing.warehouse import warehouse

pytestmark = pytest.mark.django_db(transaction=True)

AT = 1795316400  # 2026-11-22 03:00 UTC, noon in Tokyo
GA4 = {
    "event_date": "20261122", "event_timestamp": str(AT * 1_000_000), "event_name": "purchase",
    "event_bundle_sequence_id": "77", "user_id": "42", "user_pseudo_id": "111.222",
    "event_params": [
        {"key": "page_location", "value": {"string_value": "https://shop.example/thanks?token=x"}},
        {"key": "value", "value": {"double_value": 1980.0}},
        {"key": "currency", "value": {"string_value": "JPY"}},
        {"key": "ga_session_id", "value": {"int_value": "5"}},
    ],
    "collected_traffic_source": {"manual_source": "mail", "manual_campaign_name": "c1"},
    "ecommerce": {"transaction_id": "1001", "total_item_quantity": "2"},
    "items": [{"item_id": "P-1", "item_name": "化粧水", "price": 990.0, "quantity": "2"}],
}  # fmt: skip
MATOMO = {
    "idSite": 1, "idVisit": 9, "visitorId": "abcdef0123456789", "userId": "42",
    "siteCurrency": "JPY", "campaignName": "c1", "campaignSource": "mail",
    "actionDetails": [
        {"type": "action", "url": "https://shop.example/p/1?x=1", "timestamp": AT - 60},
        {"type": "event", "eventCategory": "Video", "eventAction": "Play", "timestamp": AT - 30},
        {"type": "goal", "goalName": "x", "timestamp": AT},
        {"type": "ecommerceOrder", "orderId": "1001", "revenue": 1980, "timestamp": AT,
         "itemDetails": [{"itemSKU": "S", "price": 990, "quantity": 2}]},
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


def taken(file: Path, **more: Any) -> EventsTaken:
    source = services.source_of_files("own")
    done = services.import_events(file, source_id=source.id, **more)
    while services.drain(warehouse()):
        pass
    return done


def facts() -> list[dict[str, Any]]:
    rows = warehouse().facts(EVENTS)
    return warehouse().engine.rows(rows.order_by(["occurred_at", "event_id"]))


def written(tmp_path: Path, *rows: dict[str, Any], name: str = "events.jsonl") -> Path:
    file = tmp_path / name
    file.write_text("\n".join(json.dumps(row) for row in rows))
    return file


def parquet(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    whole = [{**row, "event_timestamp": int(row["event_timestamp"])} for row in rows]
    pq.write_table(pa.Table.from_pylist(whole), tmp_path / "events.parquet")
    return tmp_path / "events.parquet"


def test_a_purchase_of_ga4_is_an_order_completed(tmp_path: Path) -> None:
    assert taken(written(tmp_path, GA4)) == EventsTaken(1, 0)

    (row,) = facts()
    assert (row["name"], row["order_number"], row["value"], row["currency"], row["quantity"]) == (
        "Order Completed", "1001", 1980, "JPY", 2,
    )  # fmt: skip
    assert (row["product_id"], row["path"], row["campaign_source"]) == ("P-1", "/thanks", "mail")
    assert row["occurred_at"].timestamp() == AT
    assert row["identity_id"] != row["device_id"]


def test_the_same_rows_in_json_and_in_parquet_are_the_same_events(tmp_path: Path) -> None:
    other = {**GA4, "event_name": "page_view", "items": [], "ecommerce": None}
    taken(written(tmp_path, GA4, other))
    taken(parquet(tmp_path, GA4, other), format="ga4")

    (source,) = selectors.sources()
    traffic = selectors.traffic()[source.id]
    assert (len(facts()), traffic.repeated) == (2, 2)
    assert {row["type"] for row in facts()} == {"track", "page"}


@pytest.mark.parametrize("listed", [False, True])
def test_each_action_of_a_matomo_visit_is_an_event(tmp_path: Path, listed: bool) -> None:
    file = written(tmp_path, MATOMO)
    if listed:
        file.write_text(json.dumps([MATOMO]))
    assert taken(file) == EventsTaken(3, 0)
    taken(file)

    page, event, order = facts()
    assert (page["type"], page["path"], page["campaign_name"]) == ("page", "/p/1", "c1")
    assert (event["name"], event["campaign_name"]) == ("Video Play", None)
    assert (order["name"], order["order_number"], order["value"]) == (
        "Order Completed",
        "1001",
        1980,
    )
    assert page["device_id"] == order["device_id"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_is_read_by_its_names_and_by_what_was_chosen(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(
        "操作,日時,会員番号,価格帯,quantity\r\n"
        "Product Viewed,2026/11/22 12:00,42,高,3\r\n"
        "Cart Viewed,いつか,42,,\r\n".encode(encoding)
    )
    assert taken(file, columns={"event": "操作"}) == EventsTaken(1, 1)
    taken(file, format="csv", columns={"event": "操作"})

    (row,) = facts()
    assert (row["name"], row["quantity"]) == ("Product Viewed", 3)
    assert row["occurred_at"].timestamp() == AT
    assert {one.reason for one in selectors.unread(limit=9)} == {
        "line 2: its timestamp is no moment"
    }


def test_windows_japanese_is_known_however_late_its_first_letter_comes(tmp_path: Path) -> None:
    file = tmp_path / "late.csv"
    rows = "".join(f"2026/11/22 12:00,42,View {number}\r\n" for number in range(4_000))
    file.write_bytes(f"日時,会員番号,event\r\n{rows}".encode("cp932"))
    assert taken(file) == EventsTaken(4_000, 0)

    ascii_first = tmp_path / "ascii.csv"
    rows = rows.replace("View", "Play")
    ascii_first.write_bytes(
        f"time,user_id,event\r\n{rows}".encode() + "2026/11/22,1,開封".encode("cp932")
    )
    assert taken(ascii_first) == EventsTaken(4_001, 0)
    assert "開封" in {row["name"] for row in facts()}


def test_a_row_in_no_known_encoding_waits_and_the_rest_is_in(tmp_path: Path) -> None:
    file = tmp_path / "mixed.csv"
    good = "time,user_id,event\r\n2026/11/22,1,購入\r\n"
    file.write_bytes(good.encode() + b"2026/11/22,2,\xff\xfe\r\n2026/11/22,3,Open\r\n")

    assert taken(file) == EventsTaken(2, 1)
    assert {row["name"] for row in facts()} == {"購入", "Open"}
    assert "CP932" in selectors.unread(limit=1)[0].reason


def test_tables_that_number_their_rows_alike_swallow_no_event_of_each_other(
    tmp_path: Path,
) -> None:
    visits, mails = tmp_path / "visits.csv", tmp_path / "mails.csv"
    visits.write_text("id,time,user_id,event\n1,2026-11-22,42,Visit\n2,2026-11-22,43,Visit\n")
    mails.write_text("id,time,user_id,event\n1,2026-11-22,42,Mail\n2,2026-11-23,42,Mail\n")
    for file in (visits, mails, visits):
        taken(file)

    assert sorted(row["name"] for row in facts()) == ["Mail", "Mail", "Visit", "Visit"]


def test_decimals_of_parquet_are_amounts(tmp_path: Path) -> None:
    row = {
        "event": "Pay",
        "time": "2026-11-22",
        "user_id": "42",
        "value": Decimal("1980.00"),
        "currency": "JPY",
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "pay.parquet")

    assert taken(tmp_path / "pay.parquet") == EventsTaken(1, 0)
    assert facts()[0]["value"] == 1980


def test_a_table_that_names_no_time_says_how_to_name_it(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("event,who\nA,1\n")

    with pytest.raises(BadEvents) as refusal:
        taken(file)
    assert "timestamp" in refusal.value.message
    with pytest.raises(BadEvents):
        taken(file, columns={"timestamp": "no such"})


def test_a_line_that_is_no_event_waits_with_its_number_and_the_rest_is_in(tmp_path: Path) -> None:
    good = {"type": "track", "event": "A", "userId": "u", "timestamp": "2026-11-22T03:00:00Z"}
    file = tmp_path / "events.jsonl.gz"
    lines = [json.dumps(good), "{broken", "[1]", json.dumps({**good, "event": "B"}), ""]
    file.write_bytes(gzip.compress("\n".join(lines).encode()))

    assert taken(file) == EventsTaken(2, 2)

    assert {row["name"] for row in facts()} == {"A", "B"}
    assert {one.reason for one in selectors.unread(limit=9)} == {
        "line 2: it is no JSON object", "line 3: it is no JSON object",
    }  # fmt: skip


def test_an_address_that_is_none_waits_and_all_else_is_in(tmp_path: Path) -> None:
    located = [{"key": "page_location", "value": {"string_value": "https://[bad/a"}}]
    bad = {**GA4, "event_bundle_sequence_id": "78", "event_params": located}
    page, *rest = MATOMO["actionDetails"]
    visit = {**MATOMO, "idVisit": 10, "actionDetails": [{**page, "url": "http://[bad"}, *rest]}

    assert taken(written(tmp_path, bad, GA4)) == EventsTaken(1, 1)
    assert taken(written(tmp_path, visit, name="matomo.jsonl")) == EventsTaken(2, 1)

    assert sorted(str(row["name"]) for row in facts()) == [
        "Order Completed", "Order Completed", "Video Play",
    ]  # fmt: skip
    assert {one.reason for one in selectors.unread(limit=9)} == {
        "line 1: 'https://[bad/a' is no address", "line 1: 'http://[bad' is no address",
    }  # fmt: skip


@pytest.mark.parametrize("listed", [False, True])
def test_a_row_that_is_nested_too_deep_waits_and_the_rest_is_in(
    tmp_path: Path, listed: bool
) -> None:
    good = {"type": "track", "event": "A", "userId": "u", "timestamp": "2026-11-22T03:00:00Z"}
    line = json.dumps(good)
    deep = line[:-1] + ', "properties": ' + '{"a":' * 300 + "1" + "}" * 301
    file = tmp_path / "events.jsonl"
    file.write_text(f"[{deep},{line}]" if listed else f"{deep}\n{line}\n")

    assert taken(file) == EventsTaken(1, 1)
    assert len(facts()) == 1


def test_a_file_that_is_cut_or_empty_is_refused(tmp_path: Path) -> None:
    cut, empty = tmp_path / "cut.gz", tmp_path / "empty.csv"
    cut.write_bytes(gzip.compress(json.dumps(GA4).encode())[:-12])
    empty.write_text("event,timestamp\n")
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(b"PAR1" + b"\0" * 40)

    for file in (cut, empty, damaged, tmp_path / "absent"):
        with pytest.raises(BadEvents):
            taken(file)


def test_files_of_a_store_have_one_source() -> None:
    one, two, other = (services.source_of_files(name) for name in ("own", "own", "mall"))

    assert one.id == two.id != other.id
