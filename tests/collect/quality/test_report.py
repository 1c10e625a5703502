"""The report over a small shop's facts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pytest
import typer
from typer.testing import CliRunner

from joren.act.forms import services as forms
from joren.act.forms.rules import READY_MADE
from joren.collect.customers.services import store_named
from joren.collect.inbox.models import Tally
from joren.collect.inbox.selectors import sources
from joren.collect.inbox.services import add_source, drain, keep_messages, revoke_source
from joren.collect.quality import commands, counting
from joren.collect.quality.alarms import alarms as found_alarms
from joren.collect.quality.contracts import Feed, Part, QualityReport
from joren.collect.quality.selectors import (
    REPORT,
    ROOM,
    alarms,
    document_of,
    quality_report,
    report_in,
)
from joren.collect.registrations import services as registrations
from joren.core import clock
from joren.core.errors import BadInput
from joren.core.ids import SnapshotId
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Snapshot
from tests.understand.ltv.facts import Shop, order, written

pytestmark = pytest.mark.django_db

AS_OF = date(2026, 3, 31)
app = typer.Typer()
app.command()(commands.report_quality)


def line(number: int, **more: Any) -> dict[str, Any]:
    return {"order_id": number, "import_id": 1, "line": 1, "quantity": 1} | more


def reported(home: Path, **facts: Any) -> QualityReport:
    written(warehouse(), Shop(home, **facts))
    return quality_report(warehouse(), as_of=AS_OF)


def test_missing_shares_are_counted_per_store(home: Path) -> None:
    orders = [
        order(1, None, "2026-03-01", 100, tax=8, source="mail"),
        order(2, 7, "2026-03-02", 100),
        order(3, 7, "2026-03-03", 100, store_id=2),
    ]

    first, second = reported(home, orders=orders).stores

    assert first.missing["identity"] == Part(1, 2)
    assert first.missing["source"] == first.missing["tax"] == Part(1, 2)
    assert second.missing["identity"] == Part(0, 1)
    assert first.missing["payment_fee"] == first.missing["shipping_borne"] == Part(2, 2)
    assert first.missing["status"] == first.missing["currency"] == Part(0, 2)


def test_a_report_kept_before_a_field_was_asked_for_knows_nothing_of_it(home: Path) -> None:
    report = reported(home, orders=[order(n, 7, "2026-03-01", 100) for n in range(1, 40)])
    kept = document_of(report)
    for one in (kept, *kept["stores"]):
        del one["missing"]["payment_fee"]
    house = warehouse()
    number = house.snapshots.next_id()
    house.snapshots.write_figures(number, {(ROOM, REPORT): kept}, house.scratch)
    before = Snapshot(number, AS_OF, datetime(2026, 4, 1, tzinfo=UTC), 0.0, {}, {})
    house.snapshots.finish(before, house.scratch)

    found = report_in(house, before)

    assert found is not None
    assert found.missing["payment_fee"] == found.stores[0].missing["payment_fee"] == Part(0, 0)
    assert (
        found_alarms(report, found, today=AS_OF) == found_alarms(found, report, today=AS_OF) == []
    )


def test_a_cost_in_the_catalogue_is_not_missing(home: Path) -> None:
    orders = [order(n, 7, "2026-03-01", 100) for n in (1, 2, 3)]
    lines = [line(1, sku="A"), line(2, sku="B"), line(3, unit_cost=30)]
    products = [{"sku": "A", "import_id": 1, "cost": 40}]

    report = reported(home, orders=orders, lines=lines, products=products)

    assert report.missing["unit_cost"] == Part(1, 3)
    assert report.missing["sku"] == Part(1, 3)
    assert report.missing["category"] == Part(3, 3)


def test_the_largest_difference_comes_first(home: Path) -> None:
    orders = [
        order(1, 7, "2026-03-01", 100, unreconciled=3),
        order(2, 7, "2026-03-02", 100, unreconciled=-50),
        order(3, 7, "2026-03-03", 100, unreconciled=0),
    ]

    report = reported(home, orders=orders)

    assert report.stores[0].unreconciled == Part(2, 3)
    assert [(one.order_number, one.by) for one in report.differences] == [("2", -50), ("1", 3)]


def test_the_same_purchase_under_two_numbers_is_a_duplicate(home: Path) -> None:
    orders = [
        order(1, 7, "2026-03-01", 100),
        order(2, 7, "2026-03-01", 100),
        order(3, 7, "2026-03-01", 101),
        order(4, None, "2026-03-01", 100),
        order(5, None, "2026-03-01", 100),
    ]

    report = reported(home, orders=orders)

    assert report.stores[0].duplicates == Part(1, 5)


def test_an_outlier_is_judged_within_its_currency(home: Path) -> None:
    orders = [order(n, n, "2026-03-01", 1_000) for n in range(1, 301)]
    orders += [order(n, n, "2026-03-01", 50_000, currency="KRW") for n in range(301, 311)]
    orders.append(order(400, 400, "2026-03-01", 10_001))

    (store,) = reported(home, orders=orders).stores

    assert store.outliers == Part(1, 311)
    assert store.currencies == {"JPY": 301, "KRW": 10}


def test_dates_end_at_the_day_of_the_report(home: Path) -> None:
    days = ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-13", "2026-04-02")
    orders = [order(n, n + 1, day, 100) for n, day in enumerate(days)]

    (store,) = reported(home, orders=orders).stores

    assert store.orders == store.days_with_orders == 4
    assert (store.last_on, store.days_since) == (date(2026, 3, 13), 18)
    assert [gap.days for gap in store.gaps] == [10]


def test_without_facts_nothing_is_enough(home: Path) -> None:
    report = quality_report(warehouse(), as_of=AS_OF)

    assert report.stores == ()
    assert not any(verdict.enough for verdict in report.verdicts)


@pytest.mark.django_db
@pytest.mark.parametrize("words", [["--json"], []])
def test_the_terminal_says_the_verdicts(home: Path, words: list[str]) -> None:
    written(warehouse(), Shop(home, orders=[order(1, 7, "2026-03-01", 100, unreconciled=5)]))

    printed = CliRunner().invoke(app, ["--as-of", "2026-03-31", *words], catch_exceptions=False)

    assert printed.exit_code == 0
    assert "predictions" in printed.output
    if words:
        assert json.loads(printed.output)["orders"] == 1


def test_an_order_that_stays_open_is_stale(home: Path) -> None:
    orders = [
        order(1, 7, "2025-12-01", 100, status="paid"),
        order(2, 7, "2025-12-01", 100, status="shipped"),
        order(3, 7, "2026-03-30", 100, status="paid"),
    ]

    (store,) = reported(home, orders=orders).stores

    assert store.stale == Part(1, 3)
    assert store.by_month == {"2025-12": 2, "2026-03": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["pages", "forms", "registrations"])
def test_a_live_source_that_was_heard_of_lately_is_not_silent(home: Path, kind: str) -> None:
    """Sign-ups and receipts may pause: of their sources no silence is an alarm."""
    store = store_named("own").id
    if kind == "forms":
        forms.begin_ready_made(
            READY_MADE[0].key, slug="spring", store="own", language="ja", by="alice"
        )
    elif kind == "registrations":
        registrations.open_programme("warranty", slug="warranty", store="own")
    else:
        add_source("pages", kind="server", store="own")
    (source,) = sources()
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(20)]
    keep_messages(
        source.id,
        [
            {"type": "track", "event": "A", "userId": "u", "messageId": str(day),
             "timestamp": f"{day}T03:00:00Z"}
            for day in days
        ],
    )  # fmt: skip
    while drain(warehouse()):
        pass
    today = clock.shop_day(clock.now(), "Asia/Tokyo")

    report = quality_report(warehouse(), as_of=AS_OF)
    heard = alarms(warehouse(), report, today=today)
    long_ago = round(datetime(2026, 2, 21, tzinfo=UTC).timestamp() * 1_000_000)
    Tally.objects.filter(pk=source.id).update(last_seen_at=long_ago)
    silent = alarms(warehouse(), report, today=today)
    revoke_source(source.id)

    assert report.feeds == (Feed(source.id, store, 20, days[0], days[-1], 20, 1),)
    assert heard == alarms(warehouse(), report, today=today) == []
    if kind != "pages":
        assert silent == []
        return
    assert [(one.fault, one.of) for one in silent] == [("silent", "pages")]
    assert "pages" in commands._told(silent[0])


def test_a_report_is_read_as_it_was_kept(home: Path) -> None:
    house = warehouse()
    report = reported(home, orders=[order(1, 7, "2026-03-01", 100)])
    document = json.loads(json.dumps(document_of(report)))
    number = SnapshotId(1)
    house.snapshots.write_figures(number, {(ROOM, REPORT): document}, house.scratch)
    facts = {"orders": 0}
    snapshot = Snapshot(number, AS_OF, clock.now(), 1.0, facts, {})

    assert report_in(house, snapshot) == report


def test_a_day_before_all_orders_is_refused(home: Path) -> None:
    with pytest.raises(BadInput, match="no order is as old"):
        quality_report(warehouse(), as_of=date(1, 1, 1))


def test_an_event_of_no_known_source_is_no_feed(home: Path) -> None:
    events = ibis.memtable(
        {
            "source_id": [None, 7, 7],
            "store_id": [1, 1, 1],
            "occurred_on": [AS_OF, AS_OF, AS_OF],
            "identity_id": [1, 2, 3],
            "device_id": [9, 2, None],
            "campaign_source": [None, "mail", None],
        },
        schema={
            "source_id": "int64",
            "store_id": "int64",
            "occurred_on": "date",
            "identity_id": "int64",
            "device_id": "int64",
            "campaign_source": "string",
        },
    )

    found = warehouse().engine.rows(counting.event_days(events, AS_OF))

    assert [row["source_id"] for row in found] == [7]
    # Whoever is known by nothing but a device did not say who they are.
    assert (found[0]["n"], found[0]["has_identity"], found[0]["has_source"]) == (2, 1, 1)
