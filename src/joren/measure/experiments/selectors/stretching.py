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
    EffectAction,
    Horizon,
    Point,
)
from joren.measure.experiments.selectors import costing
from joren.measure.experiments.selectors.asking import (
    Told,
    told_by,
)
from joren.measure.experiments.selectors.counting import counted
from joren.measure.experiments.selectors.people import arms_in, drawn_people, too_many_in_both
from joren.understand.ltv import selectors as values


def horizons(number: int) -> list[Horizon]:
    """The same over a fixed number of days from each customer's own beginning.

    Only who has had so many days counts, in both arms alike, so that a figure does not change any
    more once everybody has.
    """
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    broken = bool(holdouts.drawn_again(one.id)) or too_many_in_both(in_both, drawn)
    action = costing.actions([one])[one.id]
    found = counted(one, drawn, snapshot, HORIZONS)
    told = told_by(snapshot)
    return [
        _horizon(found[days], days, sum(arms_in(drawn)), action, broken, told) for days in HORIZONS
    ]


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
    both: rules.Compared, days: int, drawn: int, action: EffectAction, broken: bool, told: Told
) -> Horizon:
    n = both.treated.customers + both.control.customers
    names = ("effect_per_customer", "effect_together")
    if broken or not (both.treated.customers and both.control.customers):
        why = ARMS_BROKEN if broken else NOBODY_RIPE
        unknown = [told.unknown(name, n, why) for name in names]
        return Horizon(days, n, drawn, "broken" if broken else "not_yet", *unknown)
    spend = rules.until_now(rules.revenue_at(both), action.kind, days, among=len(HORIZONS))
    each, together = spend, spend.scaled(both.treated.customers)
    figures = [told.figure(name, one, n) for name, one in zip(names, (each, together), strict=True)]
    return Horizon(days, n, drawn, rules.SAYS[spend.verdict], *figures)
