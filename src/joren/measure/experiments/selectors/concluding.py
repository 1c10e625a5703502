"""What the holdouts say. The warehouse adds up each arm, science concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, isnan

import pyarrow as pa
import pyarrow.compute as pc

from joren.core.figures import Figure
from joren.core.outcomes import Outcome
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    ARMS_BROKEN,
    COST_NOTHING,
    COST_UNKNOWN,
    CURVE,
    FIGURES_END_BEFORE,
    HORIZONS,
    LEVEL,
    NOBODY_REACHED,
    NOBODY_RIPE,
    NOTHING_HELD_BACK,
    TOO_FEW_BUYERS,
    ArmResult,
    EffectAction,
    EffectCost,
    EffectLook,
    EffectPlan,
    Evidence,
    Horizon,
    Metric,
    Planned,
    Point,
    Result,
)
from joren.measure.experiments.selectors import costing, planned, readings
from joren.measure.experiments.selectors.counting import UNTIL_NOW, counted
from joren.measure.experiments.selectors.people import drawn_people, last_day, too_many_in_both
from joren.science.inference import Effect, sample_ratio
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

_TOGETHER: Mapping[Metric, str] = {
    "profit": "effect_realised", "margin": "effect_profit_together", "revenue": "effect_together",
}  # fmt: skip
_EACH: Mapping[Metric, str] = {
    "profit": "effect_realised_per_customer", "margin": "effect_profit_per_customer",
    "revenue": "effect_per_customer",
}  # fmt: skip


def results() -> list[Result]:
    """Of every holdout, that with most money at stake first; what is proven is so among all."""
    return _results(holdouts.holdouts())


def result(number: int) -> Result:
    """What the treated of one holdout did more than those left out, as one among all."""
    holdouts.holdout(number)
    return next(one for one in results() if one.holdout_id == number)


def outcomes_of(segment: int) -> list[Outcome]:
    """What the holdouts of one segment say, newest first."""
    drawn = [one.id for one in holdouts.of_segment(segment)]
    found = {one.holdout_id: one for one in results()} if drawn else {}
    told = [found[number] for number in drawn]
    return [
        Outcome(one.holdout_id, one.name, one.evidence, one.first, one.last, one.together)
        for one in told
    ]


def due_looks(snapshot: Snapshot) -> list[tuple[int, EffectLook]]:
    """The planned looks that are to be taken now, by holdout."""
    every = [one for one in _asked(holdouts.holdouts()) if one.plan]
    found = [(one.holdout.id, _look(one, snapshot)) for one in every]
    return [(number, look) for number, look in found if look]


def _look(asked: _Asked, snapshot: Snapshot) -> EffectLook | None:
    one, plan = asked.holdout, asked.plan
    if plan is None or any(look.evidence.startswith("proven") for look in asked.looks):
        return None
    drawn, in_both = drawn_people(one, snapshot)
    if not drawn.num_rows:
        return None
    if one.kind != "standing":  # people who were joined since are fewer than were planned
        plan = replace(plan, customers=drawn.num_rows)
    found = counted(one, drawn, snapshot, (UNTIL_NOW, plan.horizon_days))
    both, everybody = found[plan.horizon_days], found[UNTIL_NOW]
    ripe = both.treated.customers + both.control.customers
    before = [look.share for look in asked.looks]
    share = rules.planning.due(plan, before, ripe)
    if share is None or not (both.treated.customers and both.control.customers):
        return None
    metric, at = rules.best_known(both, _each(asked, everybody))
    seen = rules.planning.at(at, LEVEL, [*before, share])
    evidence, _, _ = _evidence(one, drawn, in_both, everybody, seen)
    told = _Told(_currency(snapshot), snapshot.as_of.isoformat())
    return EffectLook(
        len(before) + 1, share, snapshot.as_of, ripe, evidence, metric,
        told.figure(_EACH[metric], seen, ripe), None if isnan(seen.p) else seen.p,
    )  # fmt: skip


def _each(asked: _Asked, everybody: rules.Compared) -> float | None:
    """What the action cost for each customer treated."""
    total, treated = asked.cost.total, everybody.treated.customers
    return None if total is None or not treated else total / treated


def read_now(snapshot: Snapshot) -> list[tuple[str, Result]]:
    """Every holdout read anew, each by itself, with what the reading stands on."""
    every = holdouts.holdouts()
    return [(_footing(asked), _result(asked, snapshot)) for asked in _asked(every)]


def _results(every: list[Holdout]) -> list[Result]:
    snapshot = values.snapshot()
    kept = readings.newest(snapshot.id)
    found = []
    for asked in _asked(every):
        footing, before = kept.get(asked.holdout.id, ("", None))
        stands = before is not None and footing == _footing(asked)
        found.append(before if before and stands else _result(asked, snapshot))
    return rules.ranked(found)


@dataclass(frozen=True)
class _Asked:
    """A holdout with what was done under it, and what that cost."""

    holdout: Holdout
    action: EffectAction
    cost: EffectCost
    plan: EffectPlan | None
    looks: tuple[EffectLook, ...]


def _asked(every: list[Holdout]) -> list[_Asked]:
    actions = costing.actions(every)
    costs, wanted, looks = costing.costs(actions), planned.plans(actions), planned.looks(actions)
    return [
        _Asked(one, actions[one.id], costs[one.id], wanted.get(one.id), looks.get(one.id, ()))
        for one in every
    ]


def _footing(asked: _Asked) -> str:
    one = asked.holdout
    return readings.footing(
        one.name, one.treated_on, one.treated, one.held_out, one.until, one.closed_at,
        asked.action, asked.cost, asked.plan, asked.looks,
    )  # fmt: skip


def horizons(number: int) -> list[Horizon]:
    """The same over a fixed number of days from each customer's own beginning.

    Only who has had so many days counts, in both arms alike, so that a figure does not change any
    more once everybody has.
    """
    one, snapshot = holdouts.holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    broken = bool(holdouts.drawn_again(one.id)) or too_many_in_both(in_both, drawn)
    action = costing.actions([one])[one.id]
    found = counted(one, drawn, snapshot, HORIZONS)
    told = _Told(_currency(snapshot), snapshot.as_of.isoformat())
    return [_horizon(found[days], days, drawn.num_rows, action, broken, told) for days in HORIZONS]


def curve(number: int) -> list[Point]:
    """The difference over the first days of each customer, as far as anybody has had them."""
    one, snapshot = holdouts.holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    if holdouts.drawn_again(one.id) or too_many_in_both(in_both, drawn):
        return []
    action = costing.actions([one])[one.id]
    found = counted(one, drawn, snapshot, CURVE)
    told = _Told(_currency(snapshot), snapshot.as_of.isoformat())
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
    both: rules.Compared, days: int, drawn: int, action: EffectAction, broken: bool, told: _Told
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


def _result(asked: _Asked, snapshot: Snapshot) -> Result:
    one, action = asked.holdout, asked.action
    told = _Told(_currency(snapshot), snapshot.as_of.isoformat())
    drawn, in_both = drawn_people(one, snapshot)
    first = pc.min(drawn["start"]).as_py()
    if first is None:
        return _not_yet(asked, snapshot, told)
    last = last_day(one, snapshot)
    days, n = (last - first).days + 1, one.customers
    horizon = asked.plan.horizon_days if asked.plan else UNTIL_NOW
    found = counted(one, drawn, snapshot, sorted({UNTIL_NOW, horizon}))
    both = found[UNTIL_NOW]
    metric, at = rules.best_known(both, _each(asked, both))
    best, spend = (
        rules.until_now(each, action.kind, days) for each in (at, rules.revenue_at(both))
    )
    evidence, ratio, unlike = _evidence(one, drawn, in_both, both, best)
    p: float | None = best.p
    waiting: Planned | None = None
    if asked.plan:
        ripe = found[horizon].treated.customers + found[horizon].control.customers
        waiting = Planned(asked.plan, asked.looks, ripe)
        evidence, p = _as_planned(evidence, asked.looks)
    waits = evidence in ("not_proven", "too_small", "not_yet") and one.closed_at is None
    share = rules.until_now(rules.buyers_at(both), action.kind, days)
    margin = None
    if both.costed:
        margin = rules.until_now(rules.profit_at(both), action.kind, days)
    profit = told.unknown("effect_profit_per_customer", n, COST_UNKNOWN)
    return Result(
        one.id, one.name, action, evidence, metric, first, last, days,
        (_arm("treated", both.treated), _arm("held_out", both.control)),
        told.figure(_TOGETHER[metric], _of_all(best, one.treated), n),
        told.figure(_EACH[metric], best, n),
        asked.cost, both.known, _roi(asked, margin, told), _held_back(one, best, days, told),
        told.figure("effect_conversion", share, n, "share"),
        told.figure("effect_per_customer", spend, n),
        told.figure("effect_together", _of_all(spend, one.treated), n),
        told.figure("effect_profit_per_customer", margin, n) if margin else profit,
        best.method, None if p is None or isnan(p) else p, None,
        _weeks(one, waiting, both, days) if waits else None,
        ratio, in_both, unlike, waiting,
    )  # fmt: skip


def _as_planned(evidence: Evidence, looks: Sequence[EffectLook]) -> tuple[Evidence, float | None]:
    """What the looks said, and nothing between them; arms that broke since take it back."""
    if evidence == "broken":
        return evidence, None
    if not looks:
        return "not_yet", None
    return looks[-1].evidence, looks[-1].p


def _weeks(one: Holdout, waiting: Planned | None, both: rules.Compared, days: int) -> int | None:
    """Until the next planned look at the pace so far, else until it can be read."""
    if waiting is None:
        return rules.weeks_needed(both, days)
    plan, taken = waiting.plan, waiting.looks[-1].share if waiting.looks else 0.0
    ahead = [look for look in plan.looks if look > taken]
    if not ahead:
        return None
    wanted = plan.horizon_days - days  # of those who came on the first day
    if one.kind == "standing":
        come = both.treated.customers + both.control.customers
        wanted = plan.horizon_days + ceil(ahead[0] * plan.customers * days / come) - days
    return max(ceil(wanted / 7), 1)


def _evidence(
    one: Holdout, drawn: pa.Table, in_both: int, both: rules.Compared, best: Effect
) -> tuple[Evidence, float, int]:
    """What may be said, p of the arms' sizes, and rows that the salt does not give again."""
    sizes = (both.treated.customers, both.control.customers)
    ratio = sample_ratio(sizes, (one.treated, one.held_out))
    unlike = holdouts.drawn_again(one.id)
    broken = ratio.blocks or bool(unlike) or too_many_in_both(in_both, drawn)
    return ("broken" if broken else rules.SAYS[best.verdict]), ratio.p, unlike


def _roi(asked: _Asked, margin: Effect | None, told: _Told) -> Figure:
    name, n, total = "effect_roi", asked.holdout.customers, asked.cost.total
    if total is None:
        return told.unknown(name, n, asked.cost.why, "ratio")
    if margin is None:
        return told.unknown(name, n, COST_UNKNOWN, "ratio")
    if not total:
        return told.unknown(name, n, COST_NOTHING, "ratio")
    back = _of_all(margin, asked.holdout.treated).net_of(total).scaled(1 / total)
    return told.figure(name, back, n, "ratio")


def _held_back(one: Holdout, best: Effect, days: int, told: _Told) -> Figure:
    if one.closed_at is not None or not one.held_out:
        return told.unknown("effect_held_back", one.customers, NOTHING_HELD_BACK)
    lost = best.scaled(one.held_out * 30 / days)
    return told.figure("effect_held_back", lost, one.customers)


def _of_all(effect: Effect, customers: int) -> Effect:
    return effect.scaled(customers) if customers else effect


def _arm(name: str, arm: rules.Arm) -> ArmResult:
    return ArmResult(
        arm=name,
        customers=arm.customers,
        buyers=int(arm.revenue.buyers),
        orders=arm.orders,
        revenue=int(arm.revenue.total),
        profit=None if arm.uncosted else int(arm.profit.total),
    )


@dataclass(frozen=True)
class _Told:
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


def _currency(snapshot: Snapshot) -> str:
    return str(snapshot.settings.get("currency") or "")


def _not_yet(asked: _Asked, snapshot: Snapshot, told: _Told) -> Result:
    one = asked.holdout
    why = FIGURES_END_BEFORE if one.treated_on else NOBODY_REACHED

    def unknown(name: str, unit: str = "") -> Figure:
        return told.unknown(name, None, why, unit)

    return Result(
        one.id, one.name, asked.action, "not_yet", "revenue", one.treated_on, snapshot.as_of, 0, (),
        unknown("effect_realised"), unknown("effect_realised_per_customer"), asked.cost, None,
        unknown("effect_roi", "ratio"), unknown("effect_held_back"),
        unknown("effect_conversion", "share"), unknown("effect_per_customer"),
        unknown("effect_together"), unknown("effect_profit_per_customer"),
        "", None, None, None, None, 0, 0,
    )  # fmt: skip
