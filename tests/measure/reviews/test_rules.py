"""When a review is late and what it needs. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from joren.measure.reviews import rules
from joren.measure.reviews.contracts import (
    MOST_DAYS,
    MonthlyReview,
    ReviewAction,
    ReviewIncomplete,
    State,
    Tuning,
    Verdict,
)

DAY = date(2026, 10, 1)
AT = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


def a_tuning(verdict: Verdict | None = None) -> Tuning:
    return Tuning(1, 1, "means", "change", "F2 mail", "", "", None, AT, "alice", verdict)


def a_cycle(
    held_on: date = DAY,
    state: State = "closed",
    tunings: tuple[Tuning, ...] = (),
    actions: tuple[ReviewAction, ...] = (),
) -> MonthlyReview:
    return MonthlyReview(
        1, held_on, state, 1, "Alice", "profit", AT, AT, "alice", DAY, (), "", AT, "alice",
        tunings, actions,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "late"), [(MOST_DAYS, False), (MOST_DAYS + 1, True)])
def test_the_next_one_is_late_after_a_month(days: int, late: bool) -> None:
    stands = rules.standing([a_cycle()], today=DAY + timedelta(days=days))

    assert (stands.days_since, stands.overdue) == (days, late)


def test_one_that_was_closed_before_its_day_was_held_when_it_was_closed() -> None:
    ahead = replace(a_cycle(date(2030, 1, 15)), closed_at=AT)
    missed = replace(a_cycle(DAY + timedelta(days=9), "preparing"), id=2)

    late = rules.standing([ahead], today=DAY + timedelta(days=MOST_DAYS + 1))
    skipped = rules.standing([ahead, missed], today=DAY + timedelta(days=10))
    night = rules.standing(
        [replace(ahead, closed_at=datetime(2026, 10, 1, 20, tzinfo=UTC))], today=DAY,
        zone="Asia/Tokyo",
    )  # fmt: skip

    assert (late.last_held, late.days_since, late.overdue) == (DAY, MOST_DAYS + 1, True)
    assert (skipped.overdue, skipped.missed) == (True, 2)
    assert night.last_held == DAY + timedelta(days=1)


@pytest.mark.parametrize(("days", "late"), [(MOST_DAYS, False), (MOST_DAYS + 1, True)])
def test_who_never_held_one_is_late_a_month_after_the_first_figures(days: int, late: bool) -> None:
    stands = rules.standing([], today=DAY + timedelta(days=days), first_figures=DAY)

    assert (stands.last_held, stands.days_since, stands.overdue) == (None, days, late)
    assert not rules.standing([], today=DAY + timedelta(days=days)).overdue


@pytest.mark.parametrize("state", ["preparing", "open"])
def test_a_planned_day_that_passed_unclosed_is_late(state: State) -> None:
    planned = a_cycle(DAY, state)

    on_the_day = rules.standing([planned], today=DAY, first_figures=DAY)
    after = rules.standing([planned], today=DAY + timedelta(days=1), first_figures=DAY)
    held_since = rules.standing(
        [planned, a_cycle(DAY + timedelta(days=2))], today=DAY + timedelta(days=3)
    )

    assert not on_the_day.overdue
    assert (after.overdue, after.missed, after.missed_on) == (True, planned.id, DAY)
    assert (held_since.overdue, held_since.missed) == (False, None)


def test_what_cannot_be_told_is_neither_won_nor_lost() -> None:
    tunings = (a_tuning("won"), a_tuning("won"), a_tuning("lost"), a_tuning("unclear"), a_tuning())

    stands = rules.standing([a_cycle(tunings=tunings)], today=DAY)

    assert (stands.tunings, stands.judged, stands.won) == (5, 3, 2)
    share = stands.won_share
    assert share.value == pytest.approx(2 / 3)
    # Wilson's interval for 2 of 3.
    assert (share.low, share.high) == pytest.approx((0.2077, 0.9385), abs=1e-4)


def test_nothing_judged_is_not_yet_known() -> None:
    share = rules.standing([a_cycle(tunings=(a_tuning(),))], today=DAY).won_share

    assert (share.value, share.n) == (None, 0)


def test_an_action_is_late_on_the_day_after_its_own() -> None:
    action = ReviewAction(1, 1, "write copy", None, "", DAY)

    assert not rules.is_late(action, today=DAY)
    assert rules.is_late(action, today=DAY + timedelta(days=1))


@pytest.mark.parametrize(("criterion", "decider"), [("", 1), ("  ", 1), ("profit", None)])
def test_the_data_stay_closed_without_criterion_and_decider(
    criterion: str, decider: int | None
) -> None:
    with pytest.raises(ReviewIncomplete):
        rules.check_ready(criterion, decider)


@pytest.mark.parametrize(
    ("part", "decision", "about"),
    [
        ("colour", "stop", "x"),
        ("goal", "dither", "x"),
        ("goal", "stop", " "),
        ("goal", "stop", "x" * 201),
    ],
)
def test_a_decision_that_says_nothing_is_refused(part: str, decision: str, about: str) -> None:
    with pytest.raises(ReviewIncomplete):
        rules.check_tuning(part, decision, about)


def test_a_review_ends_with_a_decision_or_a_note() -> None:
    with pytest.raises(ReviewIncomplete):
        rules.check_closing([], " ")

    rules.check_closing([a_tuning()], "")
    rules.check_closing([], "too early to say")
