"""Questions: the plan, the targets, what a snapshot says, and the gaps between."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from joren.core.errors import NotFound
from joren.core.figures import Figure
from joren.measure.indicators import models
from joren.measure.indicators.contracts import (
    GOAL,
    INDICATORS,
    NO_SNAPSHOT_THEN,
    NOT_COUNTED,
    ROOM,
    IndicatorFunnel,
    IndicatorPlan,
    IndicatorPlanSince,
    IndicatorStanding,
    KpiTarget,
    KpiTree,
    NoIndicatorsYet,
    known,
)
from joren.measure.indicators.rules import gaps, planning, shares
from joren.plumbing.warehouse import warehouse
from joren.understand.economics import selectors as economics
from joren.understand.ltv import selectors as values
from joren.understand.paths import selectors as paths
from joren.warehouse import Snapshot

REPORT = "funnel"
_documents = TypeAdapter(IndicatorFunnel)
_plans = TypeAdapter(IndicatorPlan)
_WAYS = {
    "sign_up_30d": ("visit_signup", 30),
    "first_90d": ("signup_f1", 90),
    "f2_90d": ("f1_f2", 90),
    "f3_180d": ("f2_f3", 180),
    "subscription_90d": ("f1_subscription", 90),
    "back_180d": ("dormant_back", 180),
}
_HORIZONS = {30: 0, 90: 1, 180: 2, 365: 3}


def plan() -> IndicatorPlanSince:
    """The plan that holds now."""
    return plan_history()[0]


def plan_history() -> tuple[IndicatorPlanSince, ...]:
    """Every version, newest first; the last one is what joren begins with."""
    rows = models.PlanVersion.objects.order_by("-pk")
    return (
        *(
            IndicatorPlanSince(_plans.validate_python(row.plan), row.changed_at, row.changed_by)
            for row in rows
        ),
        IndicatorPlanSince(IndicatorPlan(), None, ""),
    )


def targets() -> dict[str, dict[str, float]]:
    """By indicator and period, those that hold."""
    found: dict[str, dict[str, float]] = {}
    for row in models.Target.objects.order_by("pk"):
        of = found.setdefault(row.indicator, {})
        if row.value is None:
            of.pop(row.period, None)
        else:
            of[row.period] = row.value
    return found


def target_history(*, period: str | None = None, limit: int = 200) -> tuple[KpiTarget, ...]:
    """Every word about targets, newest first."""
    rows = models.Target.objects.order_by("-pk")
    if period is not None:
        rows = rows.filter(period=period)
    return tuple(
        KpiTarget(row.indicator, row.period, row.value, row.changed_at, row.changed_by)
        for row in rows[:limit]
    )


def funnel(snapshot: Snapshot) -> IndicatorFunnel:
    """What a snapshot says of the way from knowing the shop to buying again."""
    found = _funnel(snapshot)
    if found is None:
        raise NoIndicatorsYet(
            f"the snapshot of {snapshot.as_of} holds no funnel", hint="joren refresh"
        )
    return found


def tree(period: str | None = None) -> KpiTree:
    """Every node with its gap: of the newest snapshot, or of the last one within a period."""
    newest = values.snapshot()
    asked = period or planning.month_of(newest.as_of)
    return _tree(newest if period is None else _within(period), asked, newest)


def months(limit: int = 12) -> list[KpiTree]:
    """The tree of every month that has a snapshot, newest last."""
    newest = values.snapshot()
    last: dict[str, Snapshot] = {}
    for one in sorted(warehouse().snapshots.all(), key=lambda each: (each.as_of, each.id)):
        last[planning.month_of(one.as_of)] = one
    kept = sorted(last.items())[-limit:]
    return [_tree(one, month, newest) for month, one in kept]


def agenda(snapshot: Snapshot) -> KpiTree:
    """The tree of a snapshot, as a review takes it."""
    return _tree(snapshot, planning.month_of(snapshot.as_of), snapshot)


def worst_first(tree: KpiTree) -> list[IndicatorStanding]:
    """Targets that are not met, the widest gap first."""
    return gaps.worst_first(tree.nodes)


def _tree(snapshot: Snapshot | None, period: str, newest: Snapshot) -> KpiTree:
    held, now = targets(), plan().plan
    drawn = None if snapshot is None else _funnel(snapshot)
    profile = _profile(newest)
    figures = {} if snapshot is None else _figures(snapshot, drawn)
    why = NO_SNAPSHOT_THEN if snapshot is None else NOT_COUNTED
    nodes = []
    for code, label in _codes(now):
        actual = figures.get(code) or _unknown(code, why)
        target = planning.applying(held.get(code, {}), period)
        nodes.append(gaps.standing(code, label, actual, target, now, profile))
    return KpiTree(
        period=period,
        as_of=None if snapshot is None else snapshot.as_of,
        growth=now.growth,
        profile=profile,
        currency=values.value_report(newest).currency,
        nodes=tuple(nodes),
        loss=None if drawn is None else shares.largest_loss(drawn.steps, now.parts),
        counted_by_the_plan=drawn is not None and _counts_alike(drawn.plan, now),
    )


def _counts_alike(one: IndicatorPlan, other: IndicatorPlan) -> bool:
    return (one.days, one.use_events, {(each.code, each.event) for each in one.goals}) == (
        other.days, other.use_events, {(each.code, each.event) for each in other.goals},
    )  # fmt: skip


def _codes(plan: IndicatorPlan) -> list[tuple[str, str]]:
    """Codes in the order of the tree, and the shop's own name of each goal."""
    goals = [(f"{GOAL}{one.code}", one.name or one.event) for one in plan.goals]
    own = goals if len(goals) > 1 or plan.goals[0].name else []
    listed = [(code, "") for code in INDICATORS]
    return [listed[0], *own, *listed[1:]]


def _figures(snapshot: Snapshot, drawn: IndicatorFunnel | None) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    if drawn is not None:
        found |= dict(drawn.figures)
        found |= {one.way: one.share for one in drawn.steps}
    try:
        ways = {one.way: one.told.shares for one in paths.journey_map(snapshot).ways}
        for code, (way, days) in _WAYS.items():
            found[code] = replace(ways[way][_HORIZONS[days]], name=code)  # type: ignore[index]  # the days are of our horizons
        formula = values.value_report(snapshot).formula.now
    except NotFound:  # an older snapshot says less
        return found
    found["order_value"] = formula.order_value
    found["purchase_frequency"] = formula.frequency
    found["formula_ltv"] = formula.value
    return found


def _unknown(code: str, why: str) -> Figure:
    one = known(code)
    unit = one.unit if one else "share"
    name = "achievement_rate" if code.startswith(GOAL) else code
    return Figure(name, None, unit, why=why)


def _profile(snapshot: Snapshot) -> str:
    try:
        return economics.economics_report(snapshot).profile.kind or "repeat"
    except NotFound:
        return "repeat"


def _within(period: str) -> Snapshot | None:
    first, last = planning.days_of(period)
    kept = [one for one in warehouse().snapshots.all() if first <= one.as_of <= last]
    return max(kept, key=lambda one: (one.as_of, one.id), default=None)


def _funnel(snapshot: Snapshot) -> IndicatorFunnel | None:
    return warehouse().snapshots.figure(snapshot.id, ROOM, REPORT, _documents.validate_python)
