"""What a trial says: with the practice beside without."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Final

from django.db.models import Max

from joren.collect.customers import selectors as customers
from joren.core.figures import Figure
from joren.core.tested import read_elsewhere
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments.contracts import PURCHASED
from joren.measure.practices import selectors as practices
from joren.measure.trials import models
from joren.measure.trials.contracts import (
    NO_MONEY,
    Trial,
    TrialResult,
    TrialSide,
    TrialUnit,
)
from joren.measure.trials.rules import telling
from joren.measure.trials.selectors.by_people import Sides, by_customers, by_orders
from joren.measure.trials.selectors.by_periods import by_periods
from joren.measure.trials.selectors.keeping import trials
from joren.measure.trials.selectors.scene import Scene, placed_from, scene_of
from joren.plumbing.alone import alone
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Snapshot

ROOM: Final = "trials"


def read(one: Trial, snapshot: Snapshot) -> TrialResult:
    """With the practice beside without, as one among all that was tried and read; of one that
    cannot be read the others need not be asked."""
    said = apart(one, snapshot)
    return results(snapshot)[one.id] if said.p is not None else said


def results(snapshot: Snapshot) -> dict[int, TrialResult]:
    """Of every trial, by its number; what is proven is so among all that was tried and read, here
    and in other rooms."""
    found = [apart(one, snapshot) for one in trials()]
    return {one.trial: one for one in telling.among_all(found, read_elsewhere(ROOM))}


def apart(one: Trial, snapshot: Snapshot) -> TrialResult:
    """By itself; where its numbers refuse, it says so, and no other one waits for it."""
    said = alone(lambda: by_itself(one, snapshot), f"trial {one.id}")
    return said or telling.unreadable(one, _teller(snapshot))


def by_itself(one: Trial, snapshot: Snapshot) -> TrialResult:
    """It is read once, when its days are over."""
    house = warehouse()
    teller = _teller(snapshot)
    came = placed_from() if one.plan.metric == "returns" else None
    costed, sides, said = house.snapshots.once(
        snapshot.id, (PURCHASED,), ("trials", one.id, one.salt, _said_so_far(one), came),
        lambda: _counted(one, snapshot, teller),
    )  # fmt: skip
    wait = telling.weeks_left(one.plan, snapshot.as_of)
    cost = _cost(one, sides)
    if wait is not None:  # whoever could see the sides beside each other would read them early
        said, sides = telling.not_yet(teller), (_unread(sides[0]), _unread(sides[1]))
    return TrialResult(
        one.id, said.evidence, "profit" if costed else "revenue", sides, said.each,
        said.lift, said.gain, cost, _net(one, said.gain, cost, teller), wait,
        said.p, measured=one.plan.metric,
    )  # fmt: skip


def _teller(snapshot: Snapshot) -> telling.Teller:
    return telling.Teller(str(snapshot.settings.get("currency") or ""), snapshot.as_of.isoformat())


def _net(one: Trial, gain: Figure, cost: int | None, teller: telling.Teller) -> Figure:
    if one.plan.metric != "money":
        return teller.unknown("trial_net", NO_MONEY, gain.n)
    return telling.net_of(gain, cost, teller)


def _unread(side: TrialSide) -> TrialSide:
    return replace(side, amount=None)


def _said_so_far(one: Trial) -> Hashable:
    """Changes with every word on who got it, and with who is one person: what is counted by them
    is then counted anew."""
    drawn = 0 if one.holdout is None else holdouts.holdout(one.holdout).customers
    if not one.exposures and not drawn:
        return None
    moved = customers.merged()
    people = tuple(hash(moved[name].to_numpy().tobytes()) for name in moved.column_names)
    newest = models.Exposure.objects.filter(trial_id=one.id).aggregate(at=Max("said_at"))
    return drawn, one.exposures, newest["at"], people


def _counted(
    one: Trial, snapshot: Snapshot, teller: telling.Teller
) -> tuple[bool, Sides, telling.Said]:
    house = warehouse()
    with house.engine.session() as holding:
        scene = scene_of(one, snapshot, holding)
        return scene.costed, *_HOW[one.plan.unit](scene, teller)


def _cost(one: Trial, sides: tuple[TrialSide, TrialSide]) -> int | None:
    """What one costs, times how many more of the counted orders got it with the practice than as
    many without it would have: the gain is of these alone."""
    each = practices.practice(one.plan.practice).text.cost
    without, with_it = sides
    if each is None or with_it.given is None:
        return None
    return round(each * (with_it.given - (without.given or 0.0)) * with_it.orders)


_HOW: Final[Mapping[TrialUnit, Callable[[Scene, telling.Teller], tuple[Sides, telling.Said]]]] = {
    "order": by_orders, "customer": by_customers, "week": by_periods, "store": by_periods,
}  # fmt: skip
