"""Feeds that stop and fields that change, from what two reports count."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.quality import amounts
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


def sized(orders: int, day: date, classes: dict[str, int]) -> QualityReport:
    return report(day, store(orders, day, amounts=classes))


def test_orders_of_other_amounts_are_an_alarm_and_of_the_same_none() -> None:
    then = {"JPY:22": 2_000, "JPY:23": 5_000, "JPY:24": 3_000}
    same = {"JPY:22": 2_200, "JPY:23": 5_500, "JPY:24": 3_300}
    dearer = {"JPY:22": 2_000, "JPY:23": 5_100, "JPY:24": 3_300, "JPY:26": 600}
    before = sized(10_000, THEN, then)

    (found,) = alarms(sized(11_000, NOW, dearer), before, today=NOW)

    assert (found.fault, found.of, found.since, found.n) == ("amount", "JPY", THEN, 1_000)
    assert (found.before, found.now) == (3_600, 8_700)
    assert (found.psi or 0) > 0.1
    assert alarms(sized(11_000, NOW, same), before, today=NOW) == []
    assert alarms(sized(11_000, NOW, dearer), sized(10_000, THEN, {}), today=NOW) == []


def test_another_currency_alone_is_no_other_amount() -> None:
    before = sized(10_000, THEN, {"JPY:23": 10_000})
    now = report(NOW, store(11_000, NOW, amounts={"JPY:23": 10_500, "USD:22": 500},
                            currencies={"JPY": 10_500, "USD": 500}))  # fmt: skip

    assert {one.fault for one in alarms(now, before, today=NOW)} == {"mix"}


@given(
    st.dictionaries(st.integers(-3, 60), st.integers(0, 500), max_size=30),
    st.dictionaries(st.integers(-3, 60), st.integers(0, 500), max_size=30),
)
def test_joined_classes_lose_no_order_and_hold_enough(
    before: dict[int, int], came: dict[int, int]
) -> None:
    old, new = amounts.joined(before, came)
    total = sum(old) + sum(new)
    share = min(sum(old), sum(new)) / max(total, 1)

    assert (sum(old), sum(new)) == (sum(before.values()), sum(came.values()))
    assert len(old) == len(new)
    if len(old) > 1:
        assert all((a + b) * share >= 5 for a, b in zip(old, new, strict=True))


@pytest.mark.parametrize(
    ("classes", "middle"),
    [({}, None), ({19: 0}, None), ({20: 10}, 1_200), ({0: 1, 20: 100}, 1_200),
     ({20: 1, 40: 1}, 1_400)],
)  # fmt: skip
def test_the_median_lies_in_the_middle_class(classes: dict[int, int], middle: float | None) -> None:
    assert amounts.median(classes) == middle


def test_same_orders_every_week_raise_few_alarms() -> None:
    rng = np.random.default_rng(7)
    false = 0
    for _ in range(200):
        every = np.floor(2 * np.log2(rng.lognormal(8, 0.7, 3_300))).astype(int)
        then = Counter(f"JPY:{one}" for one in every[:3_000].tolist())
        now = Counter(f"JPY:{one}" for one in every.tolist())
        false += len(alarms(sized(3_300, NOW, dict(now)), sized(3_000, THEN, dict(then)),
                            today=NOW))  # fmt: skip

    assert false <= 4
