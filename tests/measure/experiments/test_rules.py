"""From sums to what may be said, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import isfinite, isnan

import numpy as np
import pytest

from joren.core.figures import Figure
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    BadPlan,
    BoardRow,
    EffectAction,
    EffectCost,
    EffectPlan,
    Evidence,
    Likeness,
    Metric,
    Result,
)
from joren.measure.experiments.rules import Arm, Compared
from joren.measure.experiments.rules.comparing import in_metric, ratio, readable
from joren.measure.experiments.rules.projecting import Learned, learned
from joren.science.inference import Effect, Moments, Spend, spend_effect, welch


def arm(customers: int, buyers: int, each: float, *, uncosted: int = 0) -> Arm:
    """Buyers who all differ a little, with two fifths of what they spent as profit."""
    total, squares = buyers * each, buyers * each * each * 1.5
    return Arm(
        customers, buyers, uncosted, round(uncosted * each),
        Spend(customers, buyers, total, squares),
        Spend(customers, buyers, 0.4 * total, 0.16 * squares),
    )  # fmt: skip


CLEAR = Compared(arm(10_000, 2_000, 5_000.0), arm(10_000, 1_000, 5_000.0))


def test_a_cost_is_taken_off_each_customer_treated() -> None:
    metric, at = rules.best_known(CLEAR, 100.0)

    assert metric == "profit"
    assert at(0.95).estimate == pytest.approx(200 - 100)


def test_profit_is_not_told_where_the_cost_of_too_many_orders_is_unknown() -> None:
    some = Compared(CLEAR.treated, arm(10_000, 1_000, 5_000.0, uncosted=200))
    too_many = Compared(CLEAR.treated, arm(10_000, 1_000, 5_000.0, uncosted=201))

    assert rules.best_known(some, 0)[0] == "profit"
    assert rules.best_known(too_many, 0)[0] == "revenue"
    assert rules.best_known(CLEAR, None)[0] == "margin"


def test_p_of_what_is_left_after_the_cost_says_the_same_as_the_interval() -> None:
    for each in (50.0, 150.0, 190.0, 200.0, 260.0):
        found = rules.net_at(rules.profit_at(CLEAR), each)(0.95)

        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_looking_every_day_needs_a_wider_interval_than_one_look() -> None:
    once = spend_effect(CLEAR.control.revenue, CLEAR.treated.revenue)

    daily = rules.until_now(rules.revenue_at(CLEAR), "campaign", 90)
    early = rules.until_now(rules.revenue_at(CLEAR), "campaign", 9)

    assert once.high - once.low < daily.high - daily.low < early.high - early.low


@pytest.mark.parametrize("buyers", [(6, 5), (5, 6), (50, 5)])
def test_limits_that_lie_nowhere_are_too_small_to_read(buyers: tuple[int, int]) -> None:
    """On the first day a sequence asks for nearly certain limits, which few buyers do not give."""
    few = Compared(arm(900, buyers[0], 5_000.0), arm(100, buyers[1], 5_000.0))

    for read in (rules.revenue_at(few), rules.net_at(rules.profit_at(few), 3.0)):
        early, late = (rules.until_now(read, "campaign", days) for days in (1, 90))

        assert early.too_small
        assert isnan(early.p)
        assert isfinite(late.low)
        assert isfinite(late.high)


def test_a_limit_that_is_a_thousand_times_further_off_than_the_other_says_nothing() -> None:
    found = spend_effect(CLEAR.control.revenue, CLEAR.treated.revenue)
    off = replace(found, low=found.estimate - 2_000 * (found.high - found.estimate))

    assert not readable(found).too_small
    assert readable(off).too_small


def test_arms_of_which_one_is_empty_still_have_no_ratio() -> None:
    assert ratio((5, 0), (5, 0)) == (None, False)
    assert ratio((0, 5), (1, 5)) == (None, False)
    assert ratio((5_000, 5_400), (5_000, 5_000)) == (pytest.approx(0, abs=1e-3), True)


def test_a_metric_that_was_settled_is_read_on_as_far_as_its_costs_are_known() -> None:
    uncosted = Compared(CLEAR.treated, arm(10_000, 1_000, 5_000.0, uncosted=500))

    def estimate(found: Compared, metric: Metric, cost: float | None) -> float | None:
        at = in_metric(found, metric, cost)
        return at(0.95).estimate if at else None

    assert estimate(CLEAR, "revenue", 100.0) == pytest.approx(500)
    assert estimate(CLEAR, "margin", 100.0) == pytest.approx(200)
    assert estimate(CLEAR, "profit", 100.0) == pytest.approx(100)
    assert (estimate(CLEAR, "profit", None), estimate(uncosted, "margin", 1.0)) == (None, None)


def test_weeks_are_told_where_a_tenth_more_could_not_be_seen_yet() -> None:
    few = Compared(arm(40_000, 4_000, 5_000.0), arm(10_000, 1_000, 5_000.0))
    many = Compared(arm(900_000, 90_000, 5_000.0), arm(400_000, 40_000, 5_000.0))
    none = Compared(arm(4_000, 0, 5_000.0), arm(1_000, 0, 5_000.0))

    weeks = rules.weeks_needed(few, 28)

    assert weeks
    assert rules.weeks_needed(few, 56) == pytest.approx(2 * weeks, abs=1)
    assert rules.weeks_needed(many, 28) is None
    assert rules.weeks_needed(none, 28) is None


@pytest.mark.parametrize(
    ("sent", "ledger", "said", "total"),
    [
        (0, 0, {}, None),
        (0, 0, {"coupons": 0}, 0),
        (0, None, {}, None),
        (0, None, {"coupons": 5_000}, None),
        (0, None, {"messages": 0, "coupons": 5_000}, 5_000),
        (10, 30, {}, 30),
        (10, None, {}, None),
        (10, None, {"goods": 5}, None),
        (10, None, {"messages": 7, "goods": 5}, 12),
        (10, 30, {"messages": 7}, 7),
        (10, 30, {"points": 5}, 35),
    ],
)
def test_unknown_is_not_nothing(
    sent: int, ledger: int | None, said: dict[str, int], total: int | None
) -> None:
    found = rules.cost_of(sent, ledger, said)

    assert found.total == total
    assert bool(found.why) == (total is None)


def result(number: int, evidence: Evidence, p: float | None, value: float | None) -> Result:
    unknown = Figure("effect_roi", None, "ratio")
    money = Figure("effect_realised", value, "JPY")
    return Result(
        number, str(number), EffectAction("segment", 1, "全員"), evidence, "profit", None,
        None, 0, (), money, money, EffectCost(0, None, {}, None), 1.0, unknown, unknown, unknown,
        money, money, money, "welch", p, None, None, None, 0, 0,
    )  # type: ignore[arg-type]  # fmt: skip


def test_of_many_rows_the_one_that_looks_good_by_chance_is_not_proven() -> None:
    lone = [result(1, "proven_more", 0.04, 100.0)]
    many = [*lone, *(result(n, "not_proven", 0.5, 1.0) for n in range(2, 21))]

    assert rules.ranked(lone)[0].evidence == "proven_more"
    assert rules.ranked(many)[0].evidence == "not_proven"
    assert rules.ranked(many)[0].q == pytest.approx(0.53, abs=0.3)


def test_the_list_begins_with_most_money_won_or_lost() -> None:
    found = rules.ranked([result(1, "not_proven", 0.5, 10.0), result(2, "proven_less", 1e-6, -99.0),
                          result(3, "not_yet", None, None)])  # fmt: skip

    assert [one.holdout_id for one in found] == [2, 1, 3]


FOUR = EffectPlan(90, rules.planning.even(4), 1_000, 0.1, date(2026, 1, 1), "alice")


@pytest.mark.parametrize(
    ("taken", "ripe", "due"),
    [
        ((), 249, None),
        ((), 250, 0.25),
        ((), 600, 0.6),  # one look where two were missed
        ((0.6,), 700, None),
        ((0.6,), 760, 0.76),
        ((0.25, 0.5, 0.75), 1_400, 1.0),
        ((0.25, 0.5, 0.75, 1.0), 2_000, None),
        ((0.25,), 250, None),
    ],
)
def test_a_look_is_due_when_its_share_of_the_customers_is_in(
    taken: tuple[float, ...], ripe: int, due: float | None
) -> None:
    assert rules.planning.due(FOUR, taken, ripe) == due


def test_an_early_look_asks_for_more_than_the_last_one() -> None:
    read = rules.profit_at(CLEAR)
    once = read(0.95)

    first = rules.planning.at(read, 0.95, [0.25])
    last = rules.planning.at(read, 0.95, [0.25, 0.5, 0.75, 1.0])
    only = rules.planning.at(read, 0.95, [1.0])

    assert first.high - first.low > last.high - last.low > once.high - once.low
    assert (only.low, only.high) == pytest.approx((once.low, once.high))


def test_a_plan_without_an_end_is_refused() -> None:
    with pytest.raises(BadPlan):
        rules.planning.even(13)
    with pytest.raises(BadPlan):
        rules.planning.check(EffectPlan(90, (1.0,), 0, 0.1, date(2026, 1, 1), "alice"))


def test_what_is_expected_is_wider_than_what_has_come() -> None:
    rng = np.random.default_rng(5)
    names = ("realised", "projected", *rules.adjusting.COVARIATES)
    arms = [Moments.of({name: rng.gamma(1, 1_000, n) for name in names}) for n in (1_000, 9_000)]
    control, treated = (arm.sums("realised") for arm in arms)

    def realised(level: float) -> Effect:
        return welch(control, treated, level=level)

    found = rules.projecting.expected(realised, arms[0], arms[1], Learned())

    seen = realised(0.95)
    assert found.high - found.low > seen.high - seen.low
    assert found.board.label == "not_yet_validated"
    # What was known before is chance here: it moves the estimate within chance, and no further.
    moved = found.estimate - found.projected - seen.estimate
    assert abs(moved) < (seen.high - seen.low) / 10


def test_a_projection_learns_from_its_own_kind_once_ten_of_it_have_matured() -> None:
    day = date(2026, 1, 1)
    board = [
        BoardRow(n, day, 30, "profit", 90.0, 0, 180, 100.0 + n, 5.0, day, 80.0, 7.0)
        for n in range(1, 31)
    ]
    welcome, brand = Likeness("journey", 1, "ようこそ"), Likeness("content", 0, "brand")
    kinds = {welcome: [*range(1, 12), 40], brand: [*range(12, 31), 41]}

    own = learned(40, "profit", board, kinds)
    alike = learned(41, "profit", board, kinds)
    of_all = learned(42, "profit", board, kinds)
    young = learned(40, "profit", board, {welcome: [*range(1, 10), 40]})

    assert (len(own.matured), own.repeats) == (11, True)
    assert own.matured[0].projection == 101.0  # what its first weeks said, and not what was told
    assert (len(alike.matured), alike.repeats) == (19, False)  # of one kind, yet not the same
    assert (len(of_all.matured), len(young.matured)) == (30, 30)
    assert learned(1, "profit", board, kinds).matured == own.matured[1:]
    assert learned(40, "revenue", board, kinds) == Learned()


def test_what_is_read_before_the_end_takes_as_many_more_as_its_reading_costs() -> None:
    once = replace(FOUR, looks=(1.0,))

    assert rules.planning.inflation(None) == rules.comparing.LOOKING_COSTS
    assert rules.planning.inflation(once) == 1
    assert 1 < rules.planning.inflation(FOUR) < 1.1  # O'Brien and Fleming
