"""The step of a refresh that counts the funnel and the figures that only this room has."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.collect.customers.contracts import TRAITS
from joren.core.figures import Figure
from joren.measure.indicators import selectors
from joren.measure.indicators.contracts import (
    GOAL,
    NO_ACHIEVEMENT,
    NO_USE,
    NO_VISITS,
    PLACES,
    WAYS,
    FunnelPlace,
    FunnelStep,
    IndicatorFunnel,
    IndicatorPlan,
    Way,
)
from joren.measure.indicators.rules import counting, shares
from joren.understand.ltv.services import Refresh

_documents = TypeAdapter(IndicatorFunnel)


def follow_indicators(refresh: Refresh) -> dict[str, Any]:
    """The room's documents; the traits of the snapshot must be written already."""
    plan = selectors.plan().plan
    counted = _Counting(refresh, plan)
    found = IndicatorFunnel(
        as_of=refresh.as_of,
        plan=plan,
        places=counted.places(),
        steps=tuple(counted.step(way) for way in WAYS),
        figures=counted.figures(),
    )
    return {selectors.REPORT: _documents.dump_python(found, mode="json")}


class _Counting:
    """Holds the tables that every question of the funnel asks."""

    def __init__(self, refresh: Refresh, plan: IndicatorPlan) -> None:
        self.refresh, self.plan = refresh, plan
        hold = refresh.holding.hold
        self.started = hold(counting.started(refresh.purchases))
        self.heard = self._heard()
        achieving = [one.event for one in plan.goals]
        used = self._first([*plan.use_events], "use")
        self.achieved = self._first(achieving, "achieve")
        visits = None if self.heard is None else hold(counting.visits(self.heard))
        traits = refresh.warehouse.snapshots.table(refresh.snapshot_id, TRAITS)
        bought_again = (
            None
            if self.achieved is None
            else hold(counting.again(refresh.purchases, self.achieved))
        )
        self.people = hold(
            counting.people(
                traits, self.started, visits, used, self.achieved, bought_again, refresh.as_of
            )
        )
        (self.reached,) = self._rows(counting.reached(self.people, refresh.as_of))

    def _rows(self, table: ir.Table) -> list[dict[str, Any]]:
        return self.refresh.warehouse.engine.rows(table)

    def _heard(self) -> ir.Table | None:
        if self.refresh.events is None:
            return None
        refresh = self.refresh
        heard = counting.heard(refresh.events, refresh.person_of, refresh.as_of)
        return refresh.holding.hold(heard)

    def _first(self, names: list[str], word: str) -> ir.Table | None:
        if self.heard is None:
            return None
        return self.refresh.holding.hold(counting.firsts(self.heard, self.started, names, word))

    def places(self) -> tuple[FunnelPlace, ...]:
        return tuple(FunnelPlace(place, self.reached[place]) for place in PLACES)

    def step(self, way: Way) -> FunnelStep:
        as_of, days = self.refresh.as_of, self.plan.days
        (row,) = self._rows(counting.step(self.people, way, as_of, days))
        entered, gone = row["entered"], row["gone"]
        share = shares.share(way, gone, entered, self.refresh.as_of_text, self._why(way))
        return FunnelStep(way, entered, gone, share)

    def _why(self, way: Way) -> str:
        """Nobody is known to have gone where nothing is recorded."""
        if way == "aware_start":
            return "" if self.reached["aware"] else NO_VISITS
        if not self.reached["use"]:
            return NO_USE
        return "" if self.reached["achieve"] or way == "start_use" else NO_ACHIEVEMENT

    def figures(self) -> dict[str, Figure]:
        """What the tree needs and no other room counts."""
        refresh, day = self.refresh, self.refresh.as_of_text
        (kept,) = self._rows(counting.continued(refresh.purchases, refresh.as_of))
        return {
            "achievement_rate": self._achieved("achievement_rate", self.people),
            **{
                f"{GOAL}{one.code}": self._achieved("achievement_rate", self._of(one.event))
                for one in self.plan.goals
            },
            "users": self._users(),
            "new_customers_30d": Figure(
                "new_customers_30d", self.reached["lately"], "customers", as_of=day
            ),
            "continuation_365d": shares.share(
                "continuation_365d", kept["gone"], kept["entered"], day
            ),
        }

    def _of(self, event: str) -> ir.Table:
        """Everybody who began, with the day of one goal alone."""
        achieved = self._first([event], "achieve")
        if achieved is None or len(self.plan.goals) == 1:
            return self.people
        return self.started.left_join(achieved, "customer_id")

    def _achieved(self, name: str, people: ir.Table) -> Figure:
        """Of a goal that nobody records nothing is known, whatever is of the others."""
        as_of, days = self.refresh.as_of, self.plan.days
        (row,) = self._rows(counting.achieved_by(people, as_of, days))
        why = "" if row["ever"] else NO_ACHIEVEMENT
        return shares.share(name, row["gone"], row["entered"], self.refresh.as_of_text, why)

    def _users(self) -> Figure:
        day = self.refresh.as_of_text
        if self.heard is None or not self.reached["use"]:
            return Figure("users", None, "customers", as_of=day, why=NO_USE)
        names = [*self.plan.use_events, *(one.event for one in self.plan.goals)]
        (row,) = self._rows(counting.users(self.heard, names, self.refresh.as_of))
        return Figure("users", row["n"], "customers", as_of=day)
