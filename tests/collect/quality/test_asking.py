"""What a request is told: of customers what the newest snapshot says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from joren.collect.customers import selectors as customers
from joren.collect.quality.contracts import OF_FEEDS, Coverage, FieldQuality, QualityReport
from joren.collect.quality.selectors import (
    REPORT,
    ROOM,
    document_of,
    newest_report,
    quality_report,
    report_asked,
)
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Snapshot
from tests.collect.customers.arriving import add_person
from tests.understand.ltv.facts import Shop, order, refund, written

pytestmark = pytest.mark.django_db

REFRESHED = date(2026, 3, 10)
TODAY = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def shop(home: Path, db: None) -> None:
    """Two customers, orders, and what comes after customers in a report."""
    add_person(1, email="a@example.com")
    add_person(2)
    orders = [order(1, 1, "2026-03-01", 100), order(2, 2, "2026-03-08", 100)]
    written(warehouse(), Shop(home, orders=orders, refunds=[refund(1, "2026-03-02", 40)]))


def refreshed() -> QualityReport:
    """The report of a snapshot, since which facts came in."""
    house, report = warehouse(), quality_report(warehouse(), as_of=REFRESHED)
    number = house.snapshots.next_id()
    house.snapshots.write_figures(number, {(ROOM, REPORT): document_of(report)}, house.scratch)
    house.snapshots.finish(Snapshot(number, REFRESHED, clock.now(), 1.0, {}, {}), house.scratch)
    return report


def of_customers(report: QualityReport) -> list[FieldQuality | Coverage]:
    return [one for one in (*report.fields, *report.coverage) if one.feed == "customers"]


def nobody_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("filled", "person_of"):
        monkeypatch.setattr(customers, name, lambda *_: pytest.fail("customers were counted"))


def test_a_request_takes_customers_of_the_newest_snapshot_and_says_their_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = refreshed()
    add_person(3)
    nobody_is_counted(monkeypatch)

    for day in (TODAY, date(2026, 3, 5)):
        report = report_asked(warehouse(), as_of=day)
        assert (report.as_of, report.customers_as_of) == (day, REFRESHED)
        assert of_customers(report) == of_customers(kept) != []
        feeds = [one.feed for one in report.coverage]
        assert feeds == [feed for feed in OF_FEEDS if feed in feeds]
    assert newest_report(warehouse(), today=TODAY) == report_asked(warehouse(), as_of=TODAY)


def test_before_a_refresh_a_request_says_nothing_of_customers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nobody_is_counted(monkeypatch)

    report = report_asked(warehouse(), as_of=TODAY)

    assert report.orders == 2
    assert (of_customers(report), report.customers_as_of) == ([], None)
    assert newest_report(warehouse(), today=TODAY) == report


def test_a_day_is_counted_once_for_the_same_facts() -> None:
    first = report_asked(warehouse(), as_of=REFRESHED)
    report_asked(warehouse(), as_of=TODAY)

    assert report_asked(warehouse(), as_of=REFRESHED) is first
