"""A holdout with all that its effect is told by, and how figures are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import TypeVar

import pyarrow as pa

from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    METRICS,
    TOO_FEW_BUYERS,
    EffectAction,
    EffectCost,
    EffectLook,
    EffectPlan,
    Evidence,
    Metric,
)
from joren.measure.experiments.rules.comparing import ratio
from joren.measure.experiments.rules.projecting import Learned
from joren.measure.experiments.selectors import costing, planned, projecting, readings
from joren.measure.experiments.selectors.likeness import likenesses
from joren.measure.experiments.selectors.people import persons_in, planned_arms, too_many_in_both
from joren.plumbing.alone import alone
from joren.science.inference import Effect
from joren.warehouse import Snapshot

TOGETHER: Mapping[Metric, str] = {
    "profit": "effect_realised", "margin": "effect_profit_together", "revenue": "effect_together",
}  # fmt: skip


EACH: Mapping[Metric, str] = {
    "profit": "effect_realised_per_customer", "margin": "effect_profit_per_customer",
    "revenue": "effect_per_customer",
}  # fmt: skip


_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Asked:
    """A holdout with what was done under it, and what that cost."""

    holdout: Holdout
    action: EffectAction
    cost: EffectCost
    plan: EffectPlan | None
    looks: tuple[EffectLook, ...]
    learned: Mapping[Metric, Learned]

    def cost_of(self, treated: int) -> float | None:
        """What it cost for each of so many treated."""
        total = self.cost.total
        return None if total is None or not treated else total / treated


def asked_of(every: list[Holdout]) -> list[Asked]:
    actions = costing.actions(every)
    costs, wanted, looks = costing.costs(actions), planned.plans(actions), planned.looks(actions)
    board = projecting.board()
    alike = rules.pooling.alike(likenesses(actions)) if board else {}
    return [
        Asked(
            one, actions[one.id], costs[one.id], wanted.get(one.id), looks.get(one.id, ()),
            {each: rules.projecting.learned(one.id, each, board, alike) for each in METRICS},
        )
        for one in every
    ]  # fmt: skip


def tried(
    read: Callable[[Asked, Snapshot], _Read], asked: Asked, snapshot: Snapshot
) -> _Read | None:
    """What is read of one holdout, None where its numbers refuse: no other one waits for it."""
    return alone(lambda: read(asked, snapshot), f"the effect of holdout {asked.holdout.id}")


def footing_of(asked: Asked) -> str:
    """Only what people change: who has come and what has left since is of the next refresh."""
    one, cost = asked.holdout, asked.cost
    return readings.footing(
        one.name, one.treated_on, one.until, one.closed_at, asked.action, sorted(cost.said.items()),
        cost.why, asked.plan, asked.looks,
        [(len(each.matured), each.repeats) for each in asked.learned.values()],
    )  # fmt: skip


def cost_each(asked: Asked, everybody: rules.Compared) -> float | None:
    """What the action cost for each customer treated."""
    return asked.cost_of(everybody.treated.customers)


def newest_look(asked: Asked, cost: float | None) -> EffectLook | None:
    """The last look, told by what each customer treated is known to cost now."""
    if asked.plan is None or not asked.looks:
        return None
    look = rules.planning.recosted(asked.looks[-1], cost, [one.share for one in asked.looks])
    return replace(look, per_customer=replace(look.per_customer, name=EACH[look.metric]))


def evidence_of(
    one: Holdout, snapshot: Snapshot, drawn: pa.Table, in_both: int, best: Effect
) -> tuple[Evidence, float | None, int]:
    """What may be said, p of the arms' sizes, and rows that the salt does not give again."""
    sizes = persons_in(drawn)
    p, blocks = ratio(sizes, planned_arms(one, snapshot))
    unlike = holdouts.drawn_again(one.id)
    broken = blocks or bool(unlike) or too_many_in_both(in_both, drawn)
    return ("broken" if broken else rules.SAYS[best.verdict]), p, unlike


@dataclass(frozen=True)
class Told:
    """How figures of one snapshot are told."""

    unit: str
    as_of: str

    def figure(self, name: str, effect: Effect, n: int, unit: str = "") -> Figure:
        known = all(isfinite(one) for one in (effect.estimate, effect.low, effect.high))
        if effect.too_small or not known:
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
