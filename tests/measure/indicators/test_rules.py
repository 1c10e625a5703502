"""Gaps, periods, what may be a KPI, and where most is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.figures import Figure
from joren.measure.indicators.contracts import (
    USUAL_PARTS,
    WAYS,
    BadIndicatorPlan,
    BadTarget,
    FunnelStep,
    IndicatorGoal,
    IndicatorPlan,
    NoSuchIndicator,
    ResultIsNoKpi,
    Way,
)
from joren.measure.indicators.rules import gaps, planning, shares

PLAN = IndicatorPlan(goals=(IndicatorGoal("hair", "smooth", "Hair Smooth"),))


def a_step(way: Way, gone: int, entered: int, why: str = "") -> FunnelStep:
    return FunnelStep(way, entered, gone, shares.share(way, gone, entered, "2026-06-30", why))


def test_a_loss_is_sure_only_below_every_other_way() -> None:
    steps = [
        a_step("start_use", 300, 1_000), a_step("use_achieve", 700, 1_000),
        a_step("achieve_again", 20, 27),  # the largest share, with a low that reaches furthest down
    ]  # fmt: skip
    sure, unsure = (
        shares.largest_loss([a_step("start_use", gone, 1_000), *steps[1:]], {})
        for gone in (300, 540)
    )

    assert steps[2].share.low is not None
    assert steps[1].share.low is not None
    assert steps[2].share.low < steps[1].share.low
    assert sure is not None
    assert sure.sure
    assert unsure is not None
    assert not unsure.sure


@pytest.mark.parametrize("code", ["users", "continuation_365d", "f2_90d", "formula_ltv"])
def test_a_result_cannot_be_a_kpi(code: str) -> None:
    with pytest.raises(ResultIsNoKpi):
        planning.checked(replace(PLAN, kpis=(code,)))


@pytest.mark.parametrize("code", ["achievement_rate", "use_achieve", "goal:hair"])
def test_an_achievement_can(code: str) -> None:
    assert planning.checked(replace(PLAN, kpis=(code,))).kpis == (code,)


def test_a_goal_that_there_is_not_is_no_kpi() -> None:
    with pytest.raises(NoSuchIndicator):
        planning.checked(replace(PLAN, kpis=("goal:skin",)))


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, days=3),
        replace(PLAN, use_events=()),
        replace(PLAN, goals=()),
        replace(PLAN, goals=(*PLAN.goals, *PLAN.goals)),
        replace(PLAN, goals=(IndicatorGoal("Hair!", "", "x"),)),
        replace(PLAN, parts={"start_use": "luck"}),  # type: ignore[dict-item]
        replace(PLAN, growth="empire"),  # type: ignore[arg-type]
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan: IndicatorPlan) -> None:
    with pytest.raises(BadIndicatorPlan):
        planning.checked(plan)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_days(period: str, first: date, last: date) -> None:
    assert planning.days_of(period) == (first, last)


@pytest.mark.parametrize("period", ["", "2026-13", "2026-Q5", "26", "2026-1", "2026-12-01"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(BadTarget):
        planning.days_of(period)


def test_a_months_target_goes_before_its_quarters_and_that_before_its_years() -> None:
    held = {"2026": 0.2, "2026-Q4": 0.3, "2026-12": 0.4}

    assert planning.applying(held, "2026-12") == (0.4, "2026-12")
    assert planning.applying(held, "2026-11") == (0.3, "2026-Q4")
    assert planning.applying(held, "2026-09") == (0.2, "2026")
    assert planning.applying(held, "2025-12") == (None, "")


@pytest.mark.parametrize(("code", "value"), [("f2_90d", 1.2), ("f2_90d", 0.0), ("users", -1.0),
                                             ("order_value", float("inf"))])  # fmt: skip
def test_a_target_that_nobody_can_meet_is_refused(code: str, value: float) -> None:
    with pytest.raises(BadTarget):
        planning.check_target(code, "2026-12", value, PLAN)


def test_only_a_whole_interval_on_one_side_decides() -> None:
    about = Figure("f2_90d", 0.3, "share", n=100, low=0.25, high=0.35)

    assert gaps.verdict(about, 0.24) == "met"
    assert gaps.verdict(about, 0.3) == "open"
    assert gaps.verdict(about, 0.4) == "missed"
    assert gaps.verdict(about, None) == "no_target"
    assert gaps.verdict(replace(about, value=None), 0.4) == "not_yet"
    assert gaps.verdict(Figure("users", 10, "customers"), 11) == "missed"


@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_target_and_gap_add_up_to_what_is_so(actual: float, target: float) -> None:
    figure = Figure("f2_90d", actual, "share", n=50)

    node = gaps.standing("f2_90d", "", figure, (target, "2026"), PLAN, "repeat")

    assert node.gap is not None
    assert node.gap_share is not None
    assert target + node.gap == pytest.approx(actual)
    assert target * (1 + node.gap_share) == pytest.approx(actual)


def test_what_a_shop_so_far_should_have_and_has_not_is_a_hole() -> None:
    known = Figure("back_180d", 0.3, "share", n=50)

    young = gaps.standing("back_180d", "", known, (None, ""), PLAN, "repeat")
    old = gaps.standing(
        "back_180d", "", known, (None, ""), replace(PLAN, growth="maturity"), "repeat"
    )
    once = gaps.standing("f2_90d", "", known, (None, ""), PLAN, "one_off")

    assert (young.hole, old.hole, once.hole) == (False, True, False)


def test_a_kpi_stands_before_a_result_and_the_wider_gap_before_the_narrower() -> None:
    def node(code: str, value: float) -> object:
        figure = Figure(code, value, "share", n=99, low=value, high=value)
        return gaps.standing(code, "", figure, (0.5, "2026"), PLAN, "repeat")

    nodes = [node("f2_90d", 0.1), node("f3_180d", 0.4), node("achievement_rate", 0.45),
             node("first_90d", 0.9)]  # fmt: skip

    found = [one.code for one in gaps.worst_first(nodes)]  # type: ignore[arg-type]
    assert found == ["achievement_rate", "f2_90d", "f3_180d"]


def test_most_is_lost_where_the_fewest_go_on() -> None:
    steps = [a_step("aware_start", 500, 1000), a_step("start_use", 100, 1000),
             a_step("use_achieve", 60, 100), a_step("achieve_again", 0, 0)]  # fmt: skip

    loss = shares.largest_loss(steps, {"start_use": "service"})

    assert loss is not None
    assert (loss.way, loss.part, loss.sure) == ("start_use", "service", True)
    assert loss.lost.value == pytest.approx(0.9)
    assert loss.gain == pytest.approx(0.1)  # from 10 to 11 in a hundred
    assert loss.unknown == ("achieve_again",)


def test_losses_that_lie_near_are_not_told_apart() -> None:
    loss = shares.largest_loss([a_step("aware_start", 30, 100), a_step("start_use", 33, 100)], {})

    assert loss is not None
    assert not loss.sure


def test_of_one_way_alone_nothing_is_said() -> None:
    assert shares.largest_loss([a_step("aware_start", 30, 100)], USUAL_PARTS) is None


def test_of_few_no_share_is_told() -> None:
    told = shares.share("use_achieve", 3, 19, "2026-06-30")

    assert (told.value, told.n) == (None, 19)
    assert told.why


def test_every_way_points_to_a_part_of_its_own() -> None:
    assert {USUAL_PARTS[way] for way in WAYS} == {"lead_in", "means", "service", "goal"}
