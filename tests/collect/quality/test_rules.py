"""Gaps and verdicts, without a warehouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from joren.collect.quality.contracts import FIELDS, Gap, Part
from joren.collect.quality.rules import Held, gaps, verdicts

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


def test_without_ad_spend_there_are_no_economics() -> None:
    found = verdicts(replace(FULL, ad_spend=False))

    assert found[-1].why == "no ad spend was imported"
