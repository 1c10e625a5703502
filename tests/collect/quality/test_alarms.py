"""Feeds that stop and fields that change, from what two reports count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from joren.collect.quality.alarms import alarms
from joren.collect.quality.contracts import FIELDS, Feed, Gap, Part, QualityReport, StoreQuality

THEN, NOW = date(2026, 10, 1), date(2026, 11, 1)
NOTHING = Part(0, 0)


def store(orders: int, last: date, **more: object) -> StoreQuality:
    first = date(2026, 1, 1)
    kept = StoreQuality(
        store_id=1, orders=orders, missing={field: Part(orders // 10, orders) for field in FIELDS},
        unreconciled=NOTHING, duplicates=NOTHING, stale=NOTHING, outliers=NOTHING,
        currencies={"JPY": orders}, first_on=first, last_on=last, days_since=0,
        days_with_orders=((last - first).days + 1) * 9 // 10, gaps=(), by_month={},
        sources={"google": orders // 2, "": orders // 2},
    )  # fmt: skip
    return replace(kept, **more)  # type: ignore[arg-type]


def report(day: date, one: StoreQuality) -> QualityReport:
    return QualityReport(day, one.orders, (one,), one.missing, (), ())


BEFORE = report(THEN, store(10_000, THEN))


def test_what_goes_on_as_before_is_no_alarm() -> None:
    assert alarms(report(NOW, store(11_000, NOW)), BEFORE, today=NOW) == []
    assert alarms(report(NOW, store(11_000, NOW)), None, today=NOW + timedelta(days=2)) == []


def test_a_silence_longer_than_any_before_is_an_alarm() -> None:
    one = store(11_000, NOW)
    rested = replace(one, gaps=(Gap(date(2026, 5, 1), date(2026, 5, 9), 8),))
    young = replace(one, days_with_orders=9)

    (found,) = alarms(report(NOW, one), BEFORE, today=NOW + timedelta(days=6))

    assert (found.fault, found.days, found.since) == ("stopped", 5, NOW)
    for other in (rested, young):
        assert alarms(report(NOW, other), BEFORE, today=NOW + timedelta(days=6)) == []


def test_a_live_source_that_falls_silent_is_an_alarm() -> None:
    one = report(NOW, store(11_000, NOW))
    feed = Feed(3, 1, 900, date(2026, 10, 1), NOW, days_with_events=30, longest=3)
    slow = replace(feed, days_with_events=14, longest=9)

    def found(feed: Feed, days: int) -> list[tuple[str, str, int | None]]:
        raised = alarms(one, None, today=NOW + timedelta(days=days), feeds={"pages": feed})
        return [(it.fault, it.of, it.days) for it in raised if it.fault == "silent"]

    assert found(feed, 6) == [("silent", "pages", 5)]
    assert found(feed, 4) == found(slow, 10) == found(replace(feed, days_with_events=9), 9) == []


def test_what_came_since_is_compared_and_not_the_whole() -> None:
    missing = {field: Part(1_100, 11_000) for field in FIELDS}
    whole = store(11_000, NOW, missing=missing | {"unit_cost": Part(1_400, 11_000)})

    (found,) = alarms(report(NOW, whole), BEFORE, today=NOW)

    assert (found.fault, found.of, found.n) == ("missing", "unit_cost", 1_000)
    assert (found.before, found.now) == (0.1, 0.4)
    better = store(11_000, NOW, missing=missing | {"unit_cost": Part(1_000, 11_000)})
    assert alarms(report(NOW, better), BEFORE, today=NOW) == []


def test_another_mix_of_sources_or_currencies_is_an_alarm() -> None:
    mixed = store(11_000, NOW, sources={"google": 5_020, "": 5_980})
    foreign = store(11_000, NOW, currencies={"JPY": 10_500, "USD": 500})

    (sources,) = alarms(report(NOW, mixed), BEFORE, today=NOW)
    (currencies,) = alarms(report(NOW, foreign), BEFORE, today=NOW)

    assert (sources.fault, sources.of, sources.n) == ("mix", "source", 1_000)
    assert (currencies.of, currencies.since) == ("currency", THEN)
