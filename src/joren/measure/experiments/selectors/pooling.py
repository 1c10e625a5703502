"""Actions of one kind, read together: what they share, and what their sums say."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from joren.core.figures import Figure
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    COST_UNKNOWN,
    LEVEL,
    TOO_FEW_ACTIONS,
    USUAL_HORIZON,
    Likeness,
    Metric,
    Pool,
    PooledAction,
    Result,
)
from joren.measure.experiments.rules import Compared
from joren.measure.experiments.rules.pooling import Part
from joren.measure.experiments.selectors.asking import Told, of_all
from joren.measure.experiments.selectors.likeness import likenesses
from joren.measure.experiments.selectors.readings import Read
from joren.science.inference import Pooled


def pools(every: Sequence[Read]) -> list[Pool]:
    """Of every kind of which two actions or more are far enough; what is proven is so among all."""
    by_number = {one.result.holdout_id: one for one in every}
    found = []
    sound = {
        one.result.holdout_id: one.result.action for one in every if one.result.evidence != "broken"
    }
    for likeness, numbers in rules.pooling.alike(likenesses(sound)).items():
        kind = [by_number[number] for number in numbers]
        ripe = [(one.result, _part(one.result, one.first_days)) for one in kind if one.first_days]
        if len(ripe) > 1:
            found.append(_pool(likeness, ripe, len(kind) - len(ripe)))
    return rules.among_all(found)


def _pool(likeness: Likeness, ripe: Sequence[tuple[Result, Part]], waiting: int) -> Pool:
    parts = [part for _, part in ripe]
    metric, effect = rules.pooling.read_together(parts)
    drawn = rules.pooling.drawn(parts, metric)
    treated, control = (
        sum(getattr(part.both, arm).customers for part in parts) for arm in ("treated", "control")
    )
    figure = ripe[0][0].realised
    told = Told(figure.unit, figure.as_of)
    evidence = rules.SAYS[effect.verdict]
    waits = evidence in ("not_proven", "too_small")
    return Pool(
        likeness, USUAL_HORIZON, evidence, metric, treated + control, treated,
        told.figure("pool_per_customer", effect, treated + control),
        told.figure("pool_together", of_all(effect, treated), treated + control),
        _next(drawn, len(parts), told),
        tuple(
            _action(one, part, metric, _place(drawn, place), told)
            for place, (one, part) in enumerate(ripe)
        ),
        waiting, None if effect.too_small else effect.p, None,
        rules.pooling.more_needed(parts) if waits else None,
    )  # fmt: skip


def _part(one: Result, both: Compared) -> Part:
    """With its cost over all whom it treated so far."""
    treated = next(arm.customers for arm in one.arms if arm.arm == "treated")
    total = one.cost.total
    return Part(both, None if total is None or not treated else total / treated)


def _action(
    one: Result, part: Part, metric: Metric, drawn: tuple[float, float, float] | None, told: Told
) -> PooledAction:
    n = part.both.treated.customers + part.both.control.customers
    by_itself = rules.pooling.alone(part, metric)
    alone = (
        told.figure("pool_alone", by_itself, n)
        if by_itself
        else told.unknown("pool_alone", n, COST_UNKNOWN)
    )
    return PooledAction(one.holdout_id, one.name, n, alone, _limited("pool_drawn", drawn, n, told))


def _place(drawn: Pooled | None, place: int) -> tuple[float, float, float] | None:
    if drawn is None:
        return None
    limits = (drawn.shrunk, drawn.shrunk_low, drawn.shrunk_high)
    value, low, high = (float(one[place]) for one in limits)
    return value, low, high


def _next(drawn: Pooled | None, actions: int, told: Told) -> Figure:
    limits = (drawn.mean, *drawn.prediction) if drawn else None
    return _limited("pool_next", limits, actions, told)


def _limited(name: str, limits: tuple[float, float, float] | None, n: int, told: Told) -> Figure:
    if limits is None or not all(isfinite(one) for one in limits):
        return told.unknown(name, n, TOO_FEW_ACTIONS)
    value, low, high = limits
    return Figure(name, value, told.unit, n, low, high, LEVEL, told.as_of, "random_effects")
