"""What is due at a refresh: planned looks, and outcomes of a whole year."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from math import isnan

import pyarrow as pa
import pyarrow.compute as pc

from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    LEVEL,
    EffectLook,
    Metric,
)
from joren.measure.experiments.rules.comparing import readable
from joren.measure.experiments.selectors import projecting
from joren.measure.experiments.selectors.adjusting import sharper_money
from joren.measure.experiments.selectors.asking import (
    EACH,
    Asked,
    asked_of,
    cost_each,
    evidence_of,
    newest_look,
    told_by,
    tried,
)
from joren.measure.experiments.selectors.counting import UNTIL_NOW, counted
from joren.measure.experiments.selectors.people import (
    arms_in,
    drawn_people,
    last_day,
    too_many_in_both,
)
from joren.science.inference import Effect
from joren.warehouse import Snapshot


def due_looks(snapshot: Snapshot) -> list[tuple[int, EffectLook]]:
    """The planned looks that are to be taken now, by holdout."""
    every = [one for one in asked_of(holdouts.holdouts()) if one.plan]
    found = [(one.holdout.id, tried(_look, one, snapshot)) for one in every]
    return [(number, look) for number, look in found if look]


def _look(asked: Asked, snapshot: Snapshot) -> EffectLook | None:
    one, plan = asked.holdout, asked.plan
    if plan is None or len(asked.looks) >= len(plan.looks):
        return None
    drawn, in_both = drawn_people(one, snapshot)
    if not drawn.num_rows or _proven(asked, drawn):
        return None
    if one.kind != "standing":  # people who were joined since are fewer than were planned
        plan = replace(plan, customers=sum(arms_in(drawn)))
    found = counted(one, drawn, snapshot, (UNTIL_NOW, plan.horizon_days))
    both, everybody = found[plan.horizon_days], found[UNTIL_NOW]
    ripe = both.treated.customers + both.control.customers
    before = [look.share for look in asked.looks]
    share = rules.planning.due(plan, before, ripe)
    if share is None or not (both.treated.customers and both.control.customers):
        return None
    cost = cost_each(asked, everybody)
    metric, at = rules.best_known(both, cost)
    seen = rules.planning.at(at, LEVEL, [*before, share])
    evidence, _, _ = evidence_of(one, snapshot, drawn, in_both, seen)
    told = told_by(snapshot)
    return EffectLook(
        len(before) + 1, share, snapshot.as_of, ripe, evidence, metric,
        told.figure(EACH[metric], seen, ripe), None if isnan(seen.p) else seen.p,
        cost if metric == "profit" else None,
    )  # fmt: skip


def _proven(asked: Asked, drawn: pa.Table) -> bool:
    """Has a look proven what still is so by the cost as it is known now? Then no other follows."""
    look = newest_look(asked, asked.cost_of(arms_in(drawn)[0]))
    return look is not None and look.evidence.startswith("proven")


def outcomes_due(snapshot: Snapshot, known: Collection[int]) -> list[tuple[int, Metric, Effect]]:
    """What each brought in a year, of those in which everybody has had one and nobody said so."""
    found = []
    for asked in asked_of([one for one in holdouts.holdouts() if one.id not in known]):
        if came := tried(_year, asked, snapshot):
            found.append((asked.holdout.id, *came))
    return found


def _year(asked: Asked, snapshot: Snapshot) -> tuple[Metric, Effect] | None:
    drawn, in_both = drawn_people(asked.holdout, snapshot)
    if not drawn.num_rows or too_many_in_both(in_both, drawn):
        return None
    lived = (last_day(asked.holdout, snapshot) - pc.max(drawn["start"]).as_py()).days + 1
    if lived < projecting.HORIZON:
        return None
    both = counted(asked.holdout, drawn, snapshot, (UNTIL_NOW, projecting.HORIZON))
    year = both[projecting.HORIZON]
    metric, at = rules.best_known(year, cost_each(asked, both[UNTIL_NOW]))
    column = "revenue" if metric == "revenue" else "profit"
    if sharper := sharper_money(drawn, snapshot, projecting.HORIZON, column):
        at = sharper.at(at, column)
    came = readable(at(LEVEL))
    return None if came.too_small else (metric, came)
