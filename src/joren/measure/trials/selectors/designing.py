"""What a trial could show, before it is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import ceil, inf, isfinite, nan, sqrt
from typing import Final

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as customers
from joren.core import clock
from joren.core.figures import Figure
from joren.measure.experiments.contracts import USUAL_LIFT
from joren.measure.trials.contracts import (
    BY_ORDERS,
    BY_PERIODS,
    LEVEL,
    NO_SALES,
    NOBODY_CAME_BACK,
    NOT_OF_THIS_KIND,
    RATIOS,
    TOO_RESTLESS,
    BadTrial,
    Trial,
    TrialDesign,
    TrialPlan,
)
from joren.measure.trials.rules import dealing, telling
from joren.measure.trials.selectors.by_people import uncounted, undivided
from joren.measure.trials.selectors.by_periods import unaided
from joren.measure.trials.selectors.scene import Scene, scene_of
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Moments, Spend, cluster_detectable, ratio
from joren.science.inference.power import distance, enough, foreseen
from joren.warehouse import Snapshot

_SALT: Final = "design"


def design(plan: TrialPlan, snapshot: Snapshot, *, lift: float = USUAL_LIFT) -> TrialDesign:
    """What it would show, by the newest days that are as long; refused is what a draw refuses."""
    stores = [int(one.id) for one in customers.stores()]
    dealing.check(plan, today=_today(), stores=len(stores))
    if not 0 < lift <= 1:
        raise BadTrial(f"a lift of {lift:g}", hint="a share, such as 0.1")
    back = plan.read_on - snapshot.as_of
    past = replace(plan, first=plan.first - back, last=plan.last - back)
    house = warehouse()
    teller = telling.Teller(
        str(snapshot.settings.get("currency") or ""), snapshot.as_of.isoformat()
    )
    with house.engine.session() as holding:
        trial = Trial(0, past, _SALT, clock.now(), "", 0)
        scene = scene_of(trial, snapshot, holding)
        if not plan.by_people:
            return _by_periods(plan, scene, stores, lift, teller)
        if plan.metric in RATIOS:
            return _by_ratio(plan, uncounted(scene), scene, lift, teller)
        past_ones = undivided(scene) if plan.metric == "money" else _as_spend(plan, scene)
        return _by_people(plan, past_ones, scene, lift, teller)


def _as_spend(plan: TrialPlan, scene: Scene) -> Spend:
    """Orders, or who bought again, as if they were spent: the plans are the same."""
    past = uncounted(scene)
    column = "top" if plan.metric == "orders" else "again"
    sums = past.sums(column)
    buyers = float(past.sums("again").total)
    return Spend(past.n, buyers, float(sums.total), float(sums.squares))


def _by_people(
    plan: TrialPlan, past: Spend, scene: Scene, lift: float, teller: telling.Teller
) -> TrialDesign:
    n = int(past.n)
    seen = foreseen(past, n - n // 2, n // 2)
    least = (seen.per_customer, seen.lift, seen.over_all) if seen else (nan, nan, nan)
    return _designed(plan, scene, n, least, lift, enough(past, 0.5, lift), teller)


def _by_ratio(
    plan: TrialPlan, past: Moments, scene: Scene, lift: float, teller: telling.Teller
) -> TrialDesign:
    """By the delta method: each half has twice the variance, so the difference four times it."""
    found, n = ratio(past, "top", "bottom"), int(past.n)
    known = n > 1 and found.value > 0 and found.variance > 0
    least = distance() * 2 * sqrt(found.variance) if known else nan
    share = least / found.value if known else nan
    needed = ceil(n * (share / lift) ** 2) if known else None
    return _designed(plan, scene, n, (least, share, nan), lift, needed, teller)


def _designed(
    plan: TrialPlan, scene: Scene, n: int, least: tuple[float, float, float], lift: float,
    needed: int | None, teller: telling.Teller,
) -> TrialDesign:  # fmt: skip
    a_day = n / ((plan.last - plan.first).days + 1)
    # The last of them counts when their own days are over.
    weeks = ceil((needed / a_day + plan.horizon_days) / 7) if needed and a_day else None
    unit, whole = telling.unit_of(plan.metric), telling.WHOLE.get(plan.metric, "")
    gain = _figure("trial_smallest_gain", least[2], n, BY_ORDERS, teller, whole)
    if plan.metric in RATIOS:
        gain = teller.unknown("trial_smallest_gain", NOT_OF_THIS_KIND, n)
    figures = (
        _figure("trial_smallest", least[0], n, BY_ORDERS, teller, unit),
        _figure("trial_smallest_lift", least[1], n, BY_ORDERS, teller), gain,
    )  # fmt: skip
    return TrialDesign(plan, scene.metric, n, *figures, lift, needed, weeks)


def _by_periods(
    plan: TrialPlan, scene: Scene, stores: list[int], lift: float, teller: telling.Teller
) -> TrialDesign:
    dealt = dealing.periods(scene.trial.plan, _SALT, stores)
    before, amounts = unaided(scene, dealt)
    least = cluster_detectable(
        before, amounts, [one.treated for one in dealt], [one.block for one in dealt],
        level=LEVEL,
    )  # fmt: skip
    n = len(dealt)
    gain = least * sum(max(one, 0) for one in amounts) / 2
    return TrialDesign(
        plan, scene.metric, n, teller.unknown("trial_smallest", NOT_OF_THIS_KIND, n),
        _figure("trial_smallest_lift", least, n, BY_PERIODS, teller),
        teller.unknown("trial_smallest_gain", NOT_OF_THIS_KIND, n) if plan.metric in RATIOS
        else _figure("trial_smallest_gain", gain, n, BY_PERIODS, teller,
                     telling.WHOLE.get(plan.metric, "")),
        lift,
    )  # fmt: skip


def _figure(
    name: str, value: float, n: int, model: str, teller: telling.Teller, unit: str = ""
) -> Figure:
    if isfinite(value):
        return teller.told(name, (value, inf, inf), n, model, unit)
    if value == inf:
        return teller.unknown(name, TOO_RESTLESS, n)
    return teller.unknown(name, NO_SALES if model == BY_PERIODS else NOBODY_CAME_BACK, n)


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
