"""Gaps and verdicts, without a warehouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from joren.collect.quality.contracts import (
    FIELDS,
    Alarm,
    Feed,
    Gap,
    Part,
    QualityReport,
    StoreQuality,
)
from joren.collect.quality.rules import Held, gaps, shortfalls, verdicts

FULL = Held(
    days=53 * 7,
    customers=100,
    repeaters=40,
    missing={field: Part(0, 100) for field in FIELDS},
    ad_spend=True,
)


def test_a_gap_is_longer_than_three_times_the_usual_step() -> None:
    start = date(2026, 1, 1)
    days = [start + timedelta(days=n) for n in (0, 2, 4, 10, 12, 19)]

    assert gaps(days) == (Gap(date(2026, 1, 13), date(2026, 1, 20), 7),)


def test_a_single_day_has_no_gap() -> None:
    assert gaps([date(2026, 1, 1)]) == ()


def test_full_facts_are_enough_for_everything() -> None:
    assert [verdict.why for verdict in verdicts(FULL)] == [""] * 5


def test_a_short_history_says_how_many_weeks_predictions_wait() -> None:
    found = {verdict.use: verdict for verdict in verdicts(replace(FULL, days=44 * 7))}

    assert found["rfm"].enough
    assert found["predictions"].weeks_short == 8
    assert found["predictions"].why == "needs 8 more weeks"


def test_part_of_a_week_counts_as_a_week_to_wait() -> None:
    found = {verdict.use: verdict for verdict in verdicts(replace(FULL, days=13 * 7 - 1))}

    assert found["cohorts"].weeks_short == 1


def test_unknown_costs_stop_profit_alone() -> None:
    missing = {**FULL.missing, "unit_cost": Part(21, 100)}

    found = verdicts(replace(FULL, missing=missing))

    assert [verdict.use for verdict in found if not verdict.enough] == ["profit"]


@pytest.mark.parametrize(
    ("field", "lacking", "effect"),
    [
        ("shipping_borne", Part(0, 0), "no order states the shipping"),
        ("shipping_borne", Part(30, 100), "profit is before shipping there"),
        ("payment_fee", Part(100, 100), "profit is before payment fees there"),
        ("unit_cost", Part(0, 0), "profit is not known"),
    ],
)
def test_the_verdict_of_profit_says_what_an_unknown_cost_does_to_it(
    field: str, lacking: Part, effect: str
) -> None:
    found = {
        one.use: one for one in verdicts(replace(FULL, missing={**FULL.missing, field: lacking}))
    }

    assert not found["profit"].enough
    assert effect in found["profit"].why
    assert [one.use for one in found.values() if not one.enough] == ["profit"]


def test_without_ad_spend_there_are_no_economics() -> None:
    found = verdicts(replace(FULL, ad_spend=False))

    assert found[-1].why == "no ad spend was imported"


def _store(number: int = 1, *, doubled: int = 0, apart: int = 0) -> StoreQuality:
    return StoreQuality(
        store_id=number, orders=100, missing=FULL.missing, unreconciled=Part(apart, 100),
        duplicates=Part(doubled, 100), stale=Part(0, 100), outliers=Part(0, 100), currencies={},
        first_on=date(2025, 1, 1), last_on=date(2026, 1, 1), days_since=0, days_with_orders=90,
        gaps=(), by_month={},
    )  # fmt: skip


REPORT = QualityReport(
    as_of=date(2026, 1, 1), orders=100, stores=(_store(),), missing=FULL.missing, differences=(),
    verdicts=verdicts(FULL), feeds=(Feed(1, 1, 90, date(2025, 1, 1), date(2026, 1, 1), 90, 2),),
)  # fmt: skip


def test_nothing_is_short_of_full_facts() -> None:
    assert shortfalls(REPORT, []) == {}


@pytest.mark.parametrize(
    ("field", "use"), [("sku", "sku"), ("category", "category"), ("source", "source")]
)
def test_a_field_that_lines_or_orders_lack_is_short_for_what_rests_on_it(
    field: str, use: str
) -> None:
    missing = {**FULL.missing, field: Part(21, 100)}

    short = shortfalls(replace(REPORT, missing=missing), [])

    assert set(short) == {use}
    assert "21%" in short[use]
    assert shortfalls(replace(REPORT, missing={**missing, field: Part(20, 100)}), []) == {}


def test_doubles_amounts_that_differ_silence_and_no_events_are_short() -> None:
    stopped = Alarm("stopped", 1, "", 0.001, date(2026, 1, 1), 100, days=40)
    silent = Alarm("silent", 1, "web", 0.001, date(2026, 1, 1), 100, days=9)
    worse = replace(REPORT, stores=(_store(doubled=6, apart=21),))

    found = shortfalls(worse, [stopped, silent])

    assert set(found) == {"orders", "revenue", "events"}
    assert "6%" in found["orders"]
    assert "40 days" in found["orders"]
    assert "9 days" in found["events"]
    assert shortfalls(replace(REPORT, feeds=()), [])["events"] == "no source has sent events yet"


def test_verdicts_that_are_short_are_told_with_them() -> None:
    short = verdicts(replace(FULL, days=0))

    found = shortfalls(replace(REPORT, verdicts=short), [])

    assert set(found) == {"rfm", "predictions", "cohorts"}
