"""A holdout with all that its effect is told by, and how figures are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

import pyarrow as pa

from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    TOO_FEW_BUYERS,
    EffectAction,
    EffectCost,
    EffectLook,
    EffectPlan,
    Evidence,
    Metric,
)
from joren.measure.experiments.selectors import costing, planned, projecting, readings
from joren.measure.experiments.selectors.people import too_many_in_both
from joren.science.inference import Effect, sample_ratio
from joren.warehouse import Snapshot

TOGETHER: Mapping[Metric, str] = {
    "profit": "effect_realised", "margin": "effect_profit_together", "revenue": "effect_together",
}  # fmt: skip


EACH: Mapping[Metric, str] = {
    "profit": "effect_realised_per_customer", "margin": "effect_profit_per_customer",
    "revenue": "effect_per_customer",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A holdout with what was done under it, and what that cost."""

    holdout: Holdout
    action: EffectAction
    cost: EffectCost
    plan: EffectPlan | None
    looks: tuple[EffectLook, ...]
    learned: int  # actions that the board has


def asked_of(every: list[Holdout]) -> list[Asked]:
    actions = costing.actions(every)
    costs, wanted, looks = costing.costs(actions), planned.plans(actions), planned.looks(actions)
    learned = len(projecting.matured())
    return [
        Asked(
            one, actions[one.id], costs[one.id], wanted.get(one.id), looks.get(one.id, ()), learned
        )
        for one in every
    ]


def footing_of(asked: Asked) -> str:
    one = asked.holdout
    return readings.footing(
        one.name, one.treated_on, one.treated, one.held_out, one.until, one.closed_at,
        asked.action, asked.cost, asked.plan, asked.looks, asked.learned,
    )  # fmt: skip


def cost_each(asked: Asked, everybody: rules.Compared) -> float | None:
    """What the action cost for each customer treated."""
    total, treated = asked.cost.total, everybody.treated.customers
    return None if total is None or not treated else total / treated


def evidence_of(
    one: Holdout, drawn: pa.Table, in_both: int, both: rules.Compared, best: Effect
) -> tuple[Evidence, float, int]:
    """What may be said, p of the arms' sizes, and rows that the salt does not give again."""
    sizes = (both.treated.customers, both.control.customers)
    ratio = sample_ratio(sizes, (one.treated, one.held_out))
    unlike = holdouts.drawn_again(one.id)
    broken = ratio.blocks or bool(unlike) or too_many_in_both(in_both, drawn)
    return ("broken" if broken else rules.SAYS[best.verdict]), ratio.p, unlike


@dataclass(frozen=True)
class Told:
    """How figures of one snapshot are told."""

    unit: str
    as_of: str

    def figure(self, name: str, effect: Effect, n: int, unit: str = "") -> Figure:
        if effect.too_small or isnan(effect.estimate):
            return self.unknown(name, n, TOO_FEW_BUYERS, unit)
        return Figure(
            name, effect.estimate, unit or self.unit, n, effect.low, effect.high, effect.level,
            self.as_of, effect.method,
        )  # fmt: skip

    def unknown(self, name: str, n: int | None, why: str, unit: str = "") -> Figure:
        return Figure(name, None, unit or self.unit, n, as_of=self.as_of, why=why)


def of_all(effect: Effect, customers: int) -> Effect:
    return effect.scaled(customers) if customers else effect


def told_by(snapshot: Snapshot) -> Told:
    """In the currency of the snapshot, of its day."""
    return Told(str(snapshot.settings.get("currency") or ""), snapshot.as_of.isoformat())
