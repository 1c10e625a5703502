"""The difference over fixed stretches of each customer's time: horizons, and the curve."""

from __future__ import annotations

from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    ARMS_BROKEN,
    COST_UNKNOWN,
    CURVE,
    HORIZONS,
    NOBODY_RIPE,
    Horizon,
    Point,
)
from joren.measure.experiments.selectors import costing
from joren.measure.experiments.selectors.asking import (
    EACH,
    Asked,
    Told,
    asked_of,
    cost_each,
    told_by,
)
from joren.measure.experiments.selectors.counting import UNTIL_NOW, counted
from joren.measure.experiments.selectors.people import arms_in, drawn_people, too_many_in_both
from joren.understand.ltv import selectors as values


def horizons(number: int) -> list[Horizon]:
    """The same over a fixed number of days from each customer's own beginning.

    Only who has had so many days counts, in both arms alike. Once everybody has, a figure moves
    with refunds alone, which are taken off on the day of their order.
    """
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    broken = bool(holdouts.drawn_again(one.id)) or too_many_in_both(in_both, drawn)
    (asked,) = asked_of([one])
    found = counted(one, drawn, snapshot, (UNTIL_NOW, *HORIZONS))
    cost, told = cost_each(asked, found[UNTIL_NOW]), told_by(snapshot)
    many = sum(arms_in(drawn))
    if broken:
        return [_broken(found[days], days, many, told) for days in HORIZONS]
    return [_horizon(found[days], days, many, asked, cost, told) for days in HORIZONS]


def curve(number: int) -> list[Point]:
    """The difference over the first days of each customer, as far as anybody has had them."""
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    if holdouts.drawn_again(one.id) or too_many_in_both(in_both, drawn):
        return []
    action = costing.actions([one])[one.id]
    found = counted(one, drawn, snapshot, CURVE)
    told = told_by(snapshot)
    points = []
    for days, both in found.items():
        n = both.treated.customers + both.control.customers
        if not (both.treated.customers and both.control.customers):
            continue
        money = rules.until_now(rules.revenue_at(both), action.kind, days)
        profit = told.unknown("effect_profit_per_customer", n, COST_UNKNOWN)
        if both.costed:
            found_profit = rules.until_now(rules.profit_at(both), action.kind, days)
            profit = told.figure("effect_profit_per_customer", found_profit, n)
        points.append(Point(days, n, told.figure("effect_per_customer", money, n), profit))
    return points


def _horizon(
    both: rules.Compared, days: int, drawn: int, asked: Asked, cost: float | None, told: Told
) -> Horizon:
    """Revenue, and what is kept of it after the cost of each customer treated."""
    n, kind = both.customers, asked.action.kind
    metric, at = rules.best_known(both, cost)
    if not (both.treated.customers and both.control.customers):
        revenue, together, kept = (
            told.unknown(name, n, NOBODY_RIPE)
            for name in ("effect_per_customer", "effect_together", EACH[metric])
        )
        return Horizon(days, n, drawn, "not_yet", revenue, together, metric, kept, "not_yet")
    spend, best = (
        rules.until_now(one, kind, days, among=len(HORIZONS))
        for one in (rules.revenue_at(both), at)
    )
    return Horizon(
        days, n, drawn, rules.SAYS[spend.verdict],
        told.figure("effect_per_customer", spend, n),
        told.figure("effect_together", spend.scaled(both.treated.customers), n),
        metric, told.figure(EACH[metric], best, n), rules.SAYS[best.verdict],
    )  # fmt: skip


def _broken(both: rules.Compared, days: int, drawn: int, told: Told) -> Horizon:
    """Of arms that are none nothing is concluded."""
    revenue, together, kept = (
        told.unknown(name, both.customers, ARMS_BROKEN)
        for name in ("effect_per_customer", "effect_together", "effect_per_customer")
    )
    return Horizon(
        days, both.customers, drawn, "broken", revenue, together, "revenue", kept, "broken"
    )
