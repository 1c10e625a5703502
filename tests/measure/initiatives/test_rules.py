"""Weeks, lags and baselines of an initiative. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from joren.core.figures import Figure
from joren.measure.initiatives import rules
from joren.measure.initiatives.contracts import (
    NO_COST_YET,
    BadInitiative,
    Baseline,
    InitiativeText,
    LatePoint,
)

BEGUN = date(2026, 1, 5)
TEXT = InitiativeText("梱包の見直し", "orders", BEGUN, 56)


def weekly(first: int, last: int, value: float = 10.0) -> tuple[LatePoint, ...]:
    return tuple(
        LatePoint(week, BEGUN + rules.WEEK * week, BEGUN + rules.WEEK * (week + 1), value, 5)
        for week in range(first, last + 1)
    )


@pytest.mark.parametrize(
    "text",
    [
        replace(TEXT, name=" "),
        replace(TEXT, metric="mood"),  # type: ignore[arg-type]
        replace(TEXT, lag_days=-1),
        replace(TEXT, lag_days=731),
        replace(TEXT, stopped_on=BEGUN - timedelta(days=1)),
        replace(TEXT, holdout=1, practice="packaging"),
        replace(TEXT, started_on=date(26, 1, 5)),
        replace(TEXT, started_on=date(2037, 1, 5)),
        replace(TEXT, stopped_on=date(9999, 12, 31)),
    ],
)
def test_what_cannot_be_is_refused(text: InitiativeText) -> None:
    with pytest.raises(BadInitiative):
        rules.check(text, today=BEGUN)


def test_a_cost_was_spent() -> None:
    for on, amount in ((BEGUN, 0), (BEGUN, -5), (BEGUN + timedelta(days=2), 5)):
        with pytest.raises(BadInitiative):
            rules.check_cost(on, amount, "", today=BEGUN + timedelta(days=1))


@pytest.mark.parametrize(
    ("as_of", "week"),
    [
        (BEGUN + timedelta(days=5), -1), (BEGUN + timedelta(days=6), 0),
        (BEGUN + timedelta(days=7), 0), (BEGUN - timedelta(days=1), -1),
        (BEGUN - timedelta(days=2), -2),
    ],
)  # fmt: skip
def test_only_full_weeks_count(as_of: date, week: int) -> None:
    assert rules.last_full_week(TEXT, as_of) == week
    of_f2 = replace(TEXT, metric="f2_90")
    assert rules.last_full_week(of_f2, as_of + timedelta(days=90)) == week


def test_a_week_without_orders_is_a_zero_of_a_sum_and_nothing_of_a_share() -> None:
    row = {"week": 1, "orders": 4, "repeats": 1, "new": 2, "again": 1, "revenue": 4_000}
    as_of = BEGUN + timedelta(days=13)

    def values(metric: str) -> list[float]:
        text = replace(TEXT, metric=metric)  # type: ignore[arg-type]
        found = rules.points_of(text, [row], first=BEGUN, as_of=as_of)
        return [one.value for one in found]

    assert values("orders") == [0.0, 4.0]
    assert values("revenue") == [0.0, 4_000.0]
    assert values("mean_order") == [1_000.0]
    assert values("repeat_share") == [0.25]


def test_the_week_in_which_the_figures_begin_is_not_full() -> None:
    found = rules.points_of(
        TEXT, [], first=BEGUN - timedelta(days=9), as_of=BEGUN + timedelta(days=6)
    )

    assert [one.week for one in found] == [-1, 0]


def test_before_are_thirteen_weeks_and_after_begins_with_the_lag() -> None:
    points = weekly(-20, 30)

    assert [one.week for one in rules.before_of(points)] == list(range(-13, 0))
    assert rules.after_of(TEXT, points)[0].week == 8
    ended = replace(TEXT, stopped_on=BEGUN + timedelta(days=70))
    assert rules.after_of(ended, points)[-1].week == 17


def test_no_second_purchase_of_the_weeks_before_comes_after_the_beginning() -> None:
    text = replace(TEXT, metric="f2_90")
    points = weekly(-40, -14)

    before = rules.before_of(points, reach=rules.reach_of("f2_90"))
    ((why, first, weeks),) = rules.quarters_due(text, points, [])

    assert [one.week for one in before] == list(range(-26, -13))
    last_day = BEGUN + rules.WEEK * -13 - timedelta(days=1)
    assert last_day + timedelta(days=90) < BEGUN
    assert (why, weeks) == ("start", before)
    assert first == before[0].first
    later = rules.quarters_due(text, weekly(-40, 12), [])
    assert [(why, each[0].week) for why, _, each in later] == [("start", -26), ("quarter", 0)]


def test_nothing_is_told_before_the_effect_is_expected() -> None:
    more = Figure("late_change", 5.0, "orders", 9, 1.0, 9.0, 0.95)

    def said(figure: Figure, days: int = 90) -> str:
        return rules.evidence(TEXT, figure, as_of=BEGUN + timedelta(days=days))

    assert said(more, 55) == "waiting"
    assert said(more) == "higher"
    assert said(replace(more, low=-1.0)) == "open"
    assert said(replace(more, low=-9.0, high=-1.0)) == "lower"
    assert said(Figure("late_change", None, "orders", 3)) == "too_few"


def test_what_came_back_is_told_of_profit_and_of_what_was_spent() -> None:
    realised = Figure("effect_realised", 300.0, "JPY", 90, -60.0, 660.0, 0.95, "2026-04-30")

    back = rules.payback_of(realised, "profit", 600)

    assert (back.value, back.low, back.high, back.unit) == (0.5, -0.1, 1.1, "ratio")
    assert rules.payback_of(realised, "revenue", 600).value is None
    assert rules.payback_of(realised, "profit", None).why == NO_COST_YET
    unknown = Figure("effect_realised", None, "JPY", why="x")
    assert rules.payback_of(unknown, "profit", 600).why == "x"


def test_each_full_quarter_gets_a_baseline_once() -> None:
    points = weekly(-20, 27)

    due = rules.quarters_due(TEXT, points, [])

    assert [(why, weeks[0].week, weeks[-1].week) for why, _, weeks in due] == [
        ("start", -13, -1), ("quarter", 0, 12), ("quarter", 13, 25),
    ]  # fmt: skip
    kept = [
        Baseline(0, why, first, first, Figure("late_baseline", 1.0, "orders"), BEGUN, "joren")
        for why, first, _ in due
    ]
    assert rules.quarters_due(TEXT, points, kept) == []
    assert rules.quarters_due(TEXT, weekly(-7, -1), []) == []
    assert rules.quarters_due(TEXT, (), []) == []


def test_a_season_is_taken_out_by_the_same_weeks_a_year_earlier() -> None:
    teller = rules.Teller("orders", "2026-12-31")
    # The same rise each year: nothing is left of it.
    each_year = tuple(
        replace(one, value=(10.0 if (one.week % 52) >= 39 else 20.0) + (one.week % 3))
        for one in weekly(-80, 30)
    )
    before, after = rules.before_of(each_year), rules.after_of(TEXT, each_year)

    plain = teller.change("late_change", rules.compare(before, after), len(after))
    left = rules.season(teller, each_year, before, after)

    assert plain.value == pytest.approx(10.0, abs=0.5)
    assert left.value == pytest.approx(0.0, abs=0.5)
    short = rules.season(teller, weekly(-13, 30), before, after)
    assert short.value is None
