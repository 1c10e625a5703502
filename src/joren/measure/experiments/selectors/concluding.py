"""What the holdouts say. The warehouse adds up each arm, science concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, isfinite, isnan
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from joren.core.figures import Figure
from joren.core.outcomes import Outcome
from joren.core.tested import known, read_elsewhere
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    COST_NOTHING,
    COST_UNKNOWN,
    FIGURES_END_BEFORE,
    LATER,
    NOBODY_REACHED,
    NOT_READ,
    NOTHING_HELD_BACK,
    USUAL_HORIZON,
    Afterwards,
    ArmResult,
    EffectLook,
    Evidence,
    Metric,
    Planned,
    Pool,
    Projection,
    Result,
)
from joren.measure.experiments.selectors import pooling, projecting, readings
from joren.measure.experiments.selectors.asking import (
    EACH,
    TOGETHER,
    Asked,
    Told,
    asked_of,
    cost_each,
    evidence_of,
    footing_of,
    newest_look,
    of_all,
    told_by,
    tried,
)
from joren.measure.experiments.selectors.counting import UNTIL_NOW, counted
from joren.measure.experiments.selectors.people import arms_in, drawn_people, last_day, mean_days
from joren.measure.experiments.selectors.readings import Read
from joren.science.inference import Effect
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

ROOM: Final = "experiments"


def results() -> list[Result]:
    """Of every holdout, that with most money at stake first; what is proven is so among all
    that was tried and read, here and in other rooms."""
    return results_and_pools()[0]


def results_and_pools() -> tuple[list[Result], list[Pool]]:
    """The same, and those of one kind read together."""
    found = _everything_read()
    ranked = rules.ranked([one.result for one in found], read_elsewhere(ROOM))
    return ranked, pooling.pools(found)


def judged(found: Sequence[Result]) -> dict[int, Evidence]:
    """What may be said of each among all that was tried and read."""
    told = rules.among_all(found, read_elsewhere(ROOM))
    return {one.holdout_id: one.evidence for one in told}


def p_values() -> list[float]:
    """Of each that was read, by itself."""
    if not holdouts.holdouts():
        return []
    return known(one.result.p for one in _everything_read())


def unread() -> int:
    """How many of the holdouts could not be read."""
    if not holdouts.holdouts():
        return 0
    return sum(one.result.realised.why == NOT_READ for one in _everything_read())


def result(number: int) -> Result:
    """What the treated of one holdout did more than those left out, as one among all."""
    holdouts.effects_holdout(number)
    return next(one for one in results() if one.holdout_id == number)


def outcomes_of(segment: int) -> list[Outcome]:
    """What the holdouts of one segment say, newest first."""
    drawn = [one.id for one in holdouts.of_segment(segment)]
    found = {one.holdout_id: one for one in results()} if drawn else {}
    told = [found[number] for number in drawn]
    return [
        Outcome(one.holdout_id, one.name, one.evidence, one.first, one.last, one.realised)
        for one in told
    ]


def read_now(snapshot: Snapshot) -> list[tuple[str, Read]]:
    """Every holdout read anew, each by itself, with what the reading stands on."""
    every = holdouts.holdouts()
    return [(footing_of(asked), _by_itself(asked, snapshot)) for asked in asked_of(every)]


def _everything_read() -> list[Read]:
    snapshot = values.snapshot()
    kept = readings.newest(snapshot.id)
    found = []
    for asked in asked_of(holdouts.holdouts()):
        footing, before = kept.get(asked.holdout.id, ("", None))
        stands = before is not None and footing == footing_of(asked)
        found.append(before if before and stands else _by_itself(asked, snapshot))
    return found


def _by_itself(asked: Asked, snapshot: Snapshot) -> Read:
    found = tried(_read, asked, snapshot)
    return found or Read(_not_yet(asked, snapshot, told_by(snapshot), NOT_READ))


def _read(asked: Asked, snapshot: Snapshot) -> Read:
    one, action = asked.holdout, asked.action
    told = told_by(snapshot)
    drawn, in_both = drawn_people(one, snapshot)
    first = pc.min(drawn["start"]).as_py()
    if first is None:
        return Read(_not_yet(asked, snapshot, told))
    last = last_day(one, snapshot)
    days = (last - first).days + 1
    horizon = asked.plan.horizon_days if asked.plan else UNTIL_NOW
    found = counted(
        one, drawn, snapshot, sorted({UNTIL_NOW, horizon, USUAL_HORIZON, *_later(asked)})
    )
    both = found[UNTIL_NOW]
    treated = both.treated.customers  # whose days have begun: of them a difference is told
    n = treated + both.control.customers
    look = newest_look(asked, cost_each(asked, both))
    metric, at = _headline(asked, both, look)
    best, spend = (
        rules.until_now(each, action.kind, days) for each in (at, rules.revenue_at(both))
    )
    evidence, ratio_p, unlike = evidence_of(one, snapshot, drawn, in_both, best)
    p: float | None = best.p
    waiting: Planned | None = None
    if asked.plan:
        ripe = found[horizon].treated.customers + found[horizon].control.customers
        waiting = Planned(asked.plan, asked.looks, ripe)
        if look or not _cut_short(one, horizon, days):
            evidence, p = _as_planned(evidence, look, metric)
    waits = evidence in ("not_proven", "too_small", "not_yet") and one.closed_at is None
    share = rules.until_now(rules.buyers_at(both), action.kind, days)
    margin = None
    if both.costed:
        margin = rules.until_now(rules.profit_at(both), action.kind, days)
    profit = told.unknown("effect_profit_per_customer", n, COST_UNKNOWN)
    result = Result(
        one.id, one.name, action, evidence, metric, first, last, days,
        (_arm("treated", both.treated), _arm("held_out", both.control)),
        told.figure(TOGETHER[metric], of_all(best, treated), n),
        told.figure(EACH[metric], best, n),
        asked.cost, both.known, _roi(asked, margin, both, told),
        _held_back(one, best, both, drawn, told),
        told.figure("effect_conversion", share, n, "share"),
        told.figure("effect_per_customer", spend, n),
        told.figure("effect_together", of_all(spend, treated), n),
        told.figure("effect_profit_per_customer", margin, n) if margin else profit,
        best.method, None if p is None or isnan(p) else p, None,
        _weeks(one, waiting, both, days) if waits else None,
        ratio_p, in_both, unlike, waiting,
        _projection(asked, drawn, snapshot, (metric, at), told),
        horizon if look else None,
        None if evidence == "broken" else _afterwards(asked, look, found, told),
        told.figure(
            "effect_lift", rules.until_now(rules.lift_at(both), action.kind, days), n, "share"
        ),
        look if look and look.per_customer.value != asked.looks[-1].per_customer.value else None,
    )  # fmt: skip
    early = found[USUAL_HORIZON]
    ripe_arms = early.treated.customers and early.control.customers and evidence != "broken"
    return Read(result, early if ripe_arms else None)


def _projection(
    asked: Asked, drawn: pa.Table, snapshot: Snapshot, read: tuple[Metric, rules.At], told: Told
) -> Projection | None:
    """With the realised part of one look: what is still to come makes up most of its width."""
    one = asked.holdout
    lived = (last_day(one, snapshot) - pc.max(drawn["start"]).as_py()).days + 1
    metric, at = read
    if lived >= projecting.HORIZON or (one.until and one.until < snapshot.as_of):
        return None
    found = projecting.expected(drawn, snapshot, at, metric, asked.learned[metric])
    if found is None or not isfinite(found.high - found.low):
        return None
    treated, held = arms_in(drawn)
    n = treated + held
    each = replace(found.realised, estimate=found.estimate, low=found.low, high=found.high,
                   method="realised_and_projected")  # fmt: skip
    return Projection(
        projecting.HORIZON, told.figure("effect_expected", each, n),
        told.figure("effect_expected", of_all(each, treated), n),
        found.projected, found.sampling, str(found.board.label), found.board.actions,
        found.told, str(found.basis),
    )  # fmt: skip


def _headline(
    asked: Asked, both: rules.Compared, look: EffectLook | None
) -> tuple[Metric, rules.At]:
    """In the metric of the newest look where there was one: what it proved is of no other."""
    cost = cost_each(asked, both)
    if look and (at := rules.comparing.in_metric(both, look.metric, cost)):
        return look.metric, at
    return rules.best_known(both, cost)


def _as_planned(
    evidence: Evidence, look: EffectLook | None, metric: Metric
) -> tuple[Evidence, float | None]:
    """What the last look says, and nothing between looks; arms that broke since take it back, and
    of another metric it proves nothing."""
    if evidence == "broken":
        return evidence, None
    if look is None:
        return "not_yet", None
    if look.metric != metric:
        return "not_proven", None
    return look.evidence, look.p


def _cut_short(one: Holdout, horizon: int, days: int) -> bool:
    """Was it closed before anybody had had the days of the plan? Then no look is ever taken, and
    what holds on any day is told."""
    return one.closed_at is not None and days < horizon


def _later(asked: Asked) -> list[int]:
    """Over which days what a look proved is read again."""
    if asked.plan is None or not asked.looks:
        return []
    return [days for days in LATER if days > asked.plan.horizon_days]


def _afterwards(
    asked: Asked, look: EffectLook | None, found: Mapping[int, rules.Compared], told: Told
) -> Afterwards | None:
    """Over the longest time that as many have had as at the look, or all there are."""
    if look is None or not look.evidence.startswith("proven"):
        return None
    later = _later(asked)
    for days in reversed(later):
        both, everybody = found[days], found[UNTIL_NOW]
        at = rules.comparing.in_metric(both, look.metric, cost_each(asked, everybody))
        enough = min(look.customers, everybody.customers)
        if at is None or both.customers < enough or not both.control.customers:
            continue
        effect = rules.until_now(at, asked.action.kind, days, among=len(later))
        each = told.figure(EACH[look.metric], effect, both.customers)
        return Afterwards(days, rules.SAYS[effect.verdict], each)
    return None


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


def _roi(asked: Asked, margin: Effect | None, both: rules.Compared, told: Told) -> Figure:
    name, total, treated = "effect_roi", asked.cost.total, both.treated.customers
    n = treated + both.control.customers
    if total is None:
        return told.unknown(name, n, asked.cost.why, "ratio")
    if margin is None:
        return told.unknown(name, n, COST_UNKNOWN, "ratio")
    if not total:
        return told.unknown(name, n, COST_NOTHING, "ratio")
    back = of_all(margin, treated).net_of(total).scaled(1 / total)
    return told.figure(name, back, n, "ratio")


def _held_back(
    one: Holdout, best: Effect, both: rules.Compared, drawn: pa.Table, told: Told
) -> Figure:
    """Of 30 days of theirs: whoever came later has had fewer in which the effect gathered."""
    held = both.control.customers
    n = both.treated.customers + held
    if one.closed_at is not None or not held:
        return told.unknown("effect_held_back", n, NOTHING_HELD_BACK)
    return told.figure("effect_held_back", best.scaled(held * 30 / mean_days(drawn)), n)


def _arm(name: str, arm: rules.Arm) -> ArmResult:
    return ArmResult(
        arm=name,
        customers=arm.customers,
        buyers=int(arm.revenue.buyers),
        orders=arm.orders,
        revenue=int(arm.revenue.total),
        profit=None if arm.uncosted else int(arm.profit.total),
    )


def _not_yet(asked: Asked, snapshot: Snapshot, told: Told, why: str = "") -> Result:
    one = asked.holdout
    why = why or (FIGURES_END_BEFORE if one.treated_on else NOBODY_REACHED)

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
