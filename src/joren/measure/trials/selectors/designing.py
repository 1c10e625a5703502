"""What a trial could show, before it is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import ceil, inf, isfinite, nan
from typing import Final

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as customers
from joren.core import clock
from joren.core.figures import Figure
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments.contracts import USUAL_LIFT
from joren.measure.experiments.selectors import with_margin
from joren.measure.trials.contracts import (
    BY_ORDERS,
    BY_PERIODS,
    LEVEL,
    NO_SALES,
    NOBODY_CAME_BACK,
    NOT_OF_THIS_KIND,
    TOO_RESTLESS,
    BadTrial,
    Trial,
    TrialDesign,
    TrialPlan,
)
from joren.measure.trials.rules import dealing, telling
from joren.measure.trials.selectors.by_people import undivided
from joren.measure.trials.selectors.by_periods import unaided
from joren.measure.trials.selectors.scene import Scene, is_costed
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Spend, cluster_detectable
from joren.science.inference.power import enough, foreseen
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
        bought = with_margin(house.snapshots.table(snapshot.id, PURCHASED))
        trial = Trial(0, past, _SALT, clock.now(), "", 0)
        scene = Scene(trial, snapshot, holding, bought, is_costed(bought, past.first))
        if plan.by_people:
            return _by_people(plan, undivided(scene), scene, lift, teller)
        return _by_periods(plan, scene, stores, lift, teller)


def _by_people(
    plan: TrialPlan, past: Spend, scene: Scene, lift: float, teller: telling.Teller
) -> TrialDesign:
    n = int(past.n)
    seen = foreseen(past, n - n // 2, n // 2)
    needed, a_day = enough(past, 0.5, lift), n / ((plan.last - plan.first).days + 1)
    # The last of them counts when their own days are over.
    weeks = ceil((needed / a_day + plan.horizon_days) / 7) if needed and a_day else None
    figures = (
        _figure("trial_smallest", seen.per_customer if seen else nan, n, BY_ORDERS, teller),
        _figure("trial_smallest_lift", seen.lift if seen else nan, n, BY_ORDERS, teller),
        _figure("trial_smallest_gain", seen.over_all if seen else nan, n, BY_ORDERS, teller),
    )
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
        _figure("trial_smallest_gain", gain, n, BY_PERIODS, teller), lift,
    )  # fmt: skip


def _figure(name: str, value: float, n: int, model: str, teller: telling.Teller) -> Figure:
    if isfinite(value):
        return teller.told(name, (value, inf, inf), n, model)
    if value == inf:
        return teller.unknown(name, TOO_RESTLESS, n)
    return teller.unknown(name, NO_SALES if model == BY_PERIODS else NOBODY_CAME_BACK, n)


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
