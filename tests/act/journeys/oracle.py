"""What a journey does, one person and one step at a time: forty lines to hold the sets to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from joren.act.journeys.contracts import (
    PAUSES,
    Await,
    Belongs,
    Branch,
    Document,
    Event,
    Send,
    Split,
    Where,
)  # fmt: skip
from joren.act.journeys.rules import arrives, salt, targets
from joren.act.journeys.rules.walking import lot_of


@dataclass
class Place:
    customer: int
    occurrence: int
    began: datetime
    entered: datetime
    cause: dict[str, Any]
    node: str = ""
    due: datetime | None = None
    came: datetime | None = None
    answer: datetime | None = None
    standing: str = "active"
    muted: bool = False
    passed: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Oracle:
    document: Document
    journey: int
    members: dict[int, set[int]]
    zone: str = "Asia/Tokyo"
    state: str = "running"
    places: list[Place] = field(default_factory=list)
    signals: list[tuple[int, str, datetime, dict[str, Any]]] = field(default_factory=list)
    sent: list[tuple[str, int, int]] = field(default_factory=list)
    goals: int = 0

    def tick(self, now: datetime) -> None:
        self.walk(now)
        while self.signals:
            first = {one[0]: one for one in reversed(self.signals)}
            for signal in first.values():
                self.signals.remove(signal)
                self.hear(*signal, now)
            self.walk(now)

    def hear(self, who: int, name: str, at: datetime, said: dict[str, Any], now: datetime) -> None:
        on = [one for one in self.places if one.customer == who and one.due and at >= one.began]
        for one in on:
            node = self.node(one)
            if any(_is(goal, name, said, one.cause) for goal in self.document.goal):
                one.passed.append((one.node, -1))
                one.due, one.standing = None, "goal"
            elif isinstance(node, Await) and any(_is(o, name, said, one.cause) for o in node.of):
                if self.state == "running":
                    self.go(one, 0, now)
                else:
                    one.answer = min(at, one.answer or at)
        starts = any(
            isinstance(t, Event) and _is(t, name, said, None) for t in self.document.triggers
        )
        if self.state == "running" and starts and self.may_enter(who, now):
            count = sum(one.customer == who for one in self.places) + 1
            self.places.append(Place(who, count, at, now, said))
            self.arrive(self.places[-1], self.document.start, now)

    def resume(self, policy: str, paused: datetime, now: datetime) -> None:
        self.state = "running"
        for one in (one for one in self.places if one.due):
            if policy == "shift":
                one.due += now - max(paused, one.came or paused)
            elif one.answer and one.answer >= one.due:
                one.answer = None
            one.due = now if one.answer else one.due
            one.muted = one.muted or (policy == "skip" and one.due <= now)

    def may_enter(self, who: int, now: datetime) -> bool:
        before = [one for one in self.places if one.customer == who]
        since = now - timedelta(days=self.document.reentry_days)
        if self.document.reentry == "after":
            return not any(one.due or one.entered > since for one in before)
        return self.document.reentry == "always" or not before

    def walk(self, now: datetime) -> None:
        if self.state == "running":
            for one in self.places:
                while one.due and one.due <= now and not self.answered(one):
                    self.go(one, self.way(one), now)

    def answered(self, one: Place) -> bool:
        """Did it happen in time, and is yet to be heard?"""
        node = self.node(one)
        return isinstance(node, Await) and any(
            who == one.customer and one.due and one.began <= at < one.due
            and any(_is(occasion, name, said, one.cause) for occasion in node.of)
            for who, name, at, said in self.signals
        )  # fmt: skip

    def go(self, one: Place, way: int, now: datetime) -> None:
        if isinstance(self.node(one), Send) and not one.muted:
            self.sent.append((one.node, one.customer, one.occurrence))
        one.passed.append((one.node, way))
        self.arrive(one, targets(self.node(one))[way], now)

    def arrive(self, one: Place, target: str, now: datetime) -> None:
        if target == "end":
            one.due, one.standing = None, "done"
            return
        one.node, one.came, one.answer = target, now, None
        one.due = arrives(self.node(one), now, self.zone)
        one.muted = one.muted and not isinstance(self.node(one), PAUSES)

    def node(self, one: Place) -> Any:
        return next(node for node in self.document.nodes if node.id == one.node)

    def way(self, one: Place) -> int:
        node = self.node(one)
        if isinstance(node, Branch):
            for place, way in enumerate(node.ways):
                if isinstance(way.when, Belongs):
                    if one.customer in self.members.get(way.when.segment, ()):
                        return place
                elif all(_fits(where, one.cause) for where in way.when.where):
                    return place
            return len(node.ways)
        if isinstance(node, Split):
            lot, below = lot_of(one.customer, salt(self.journey, node.id)), 0
            for place, arm in enumerate(node.arms):
                below += arm.share * 100
                if lot < below:
                    return place
        return 1 if isinstance(node, Await) and not one.answer else 0


def _is(occasion: Any, name: str, said: dict[str, Any], cause: dict[str, Any] | None) -> bool:
    return (
        occasion.event == name
        and all(_fits(where, said) for where in occasion.where)
        and (cause is None or all(
            one in said and one in cause and said[one] == cause[one] for one in occasion.same
        ))
    )  # fmt: skip


def _fits(where: Where, said: dict[str, Any]) -> bool:
    value = said.get(where.property)
    if where.op == "known":
        return value is not None
    if where.op == "at_least":
        return value is not None and value >= where.values[0]
    if where.op == "at_most":
        return value is not None and value <= where.values[0]
    return (str(value) in map(str, where.values)) == (where.op == "is")
