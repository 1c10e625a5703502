"""Random journeys, events and clocks: the sets do what the forty lines of the oracle do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)  # fmt: skip

from joren.act.journeys import models
from joren.act.journeys.contracts import STEPS, Document
from joren.act.journeys.rules import Known, faults, read
from joren.act.journeys.services import tick
from joren.act.journeys.services.keeping import resume_at
from tests.act.journeys.cast import LOT, NOON, Doors, published, said
from tests.act.journeys.oracle import Oracle

NAMES = ("a", "b", "c", "d", "e", "f")
EVENTS = ("Order Completed", "Cart Viewed", "Product Reviewed")
SEGMENTS = {3: {2, 4, 5}, 8: {1, 5}}
KINDS = (
    "wait",
    "until",
    "await",
    "await",
    "branch",
    "split",
    "send",
    "send",
    "task",
    "set",
    "tell",
)
TESTED: list[list[dict[str, Any]]] = [
    [],
    [],
    [{"property": "category", "op": "is", "values": ["茶", "菓子"]}],
    [{"property": "category", "op": "is_not", "values": ["茶"]}],
    [{"property": "value", "op": "at_least", "values": [3000]}],
    [{"property": "order_number", "op": "known"}],
]
seeds = st.integers(0, 2**40).map(Random)
"""Chance of a seed: of choices made one by one most random journeys would end where they begin."""


def an_occasion(chance: Random) -> dict[str, Any]:
    same = chance.choice([[], [], ["order_number"]])
    where = chance.choice(TESTED)
    return {"kind": "event", "event": chance.choice(EVENTS), "where": where, "same": same}


def a_node(chance: Random, place: int, names: Sequence[str]) -> dict[str, Any]:
    """One that leads on, and now and then back."""

    def to() -> str:
        return chance.choice([*names[place + 1 :] * 3, "end", *names[: place + 1]])

    kind = chance.choice(KINDS)
    node: dict[str, Any] = {"id": names[place], "do": kind}
    if kind == "branch":
        ways = [{"when": chance.choice(conditions(chance)), "then": to()} for _ in range(2)]
        return node | {"ways": ways, "otherwise": to()}
    if kind == "split":
        shares = chance.choice([(10, 90), (50, 50), (20, 30, 50)])
        return node | {"arms": [{"name": "A", "share": one, "then": to()} for one in shares]}
    more = {
        "wait": {"minutes": chance.choice([1, 30, 1440, 4320])},
        "until": {
            "at": chance.choice(["09:00", "21:30"]),
            "weekdays": chance.choice([[], ["sat"], ["mon", "tue"]]),
        },
        "await": {
            "of": [an_occasion(chance) for _ in range(chance.choice([1, 2]))],
            "minutes": chance.choice([30, 1440, 4320]),
            "otherwise": to(),
        },
        "send": {"template": 2},
        "task": {"title": "電話する"},
        "set": {"attribute": "rank", "value": "a"},
    }
    return node | more.get(kind, {}) | {"then": to()}


def conditions(chance: Random) -> list[dict[str, Any]]:
    return [
        {"kind": "segment", "segment": chance.choice([*SEGMENTS])},
        {"kind": "event", "where": chance.choice(TESTED)},
    ]


def a_document(chance: Random) -> Document:
    """A random journey that might be published."""
    while True:
        names = NAMES[: chance.randint(3, len(NAMES))]
        document = read(
            {
                "name": "random",
                "triggers": [{"kind": "event", "event": EVENTS[0]}, an_occasion(chance)],
                "goal": [an_occasion(chance)] if chance.random() < 0.3 else [],
                "start": "a",
                "reentry": chance.choice(["never", "after", "always", "always"]),
                "reentry_days": 2,
                "nodes": [a_node(chance, place, names) for place in range(len(names))],
            }
        )
        known = Known({2: True}, frozenset(SEGMENTS), frozenset())
        if all(fault.what == "no way leads there" for fault in faults(document, known)):
            return document


def an_event(chance: Random) -> tuple[int, str, dict[str, Any]]:
    every = {
        "category": chance.choice(["茶", "菓子", "器"]),
        "value": chance.choice([1000, 3000, 9000]),
        "order_number": chance.choice(["1", "2"]),
    }
    some = {name: value for name, value in every.items() if chance.random() < 0.7}
    return chance.randint(1, 5), chance.choice(EVENTS), some


class Machine(RuleBasedStateMachine):
    doors: Doors

    @initialize(chance=seeds)
    def begin(self, chance: Random) -> None:
        found = a_document(chance)
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = NOON
        self.paused = NOON
        version = published(found, holdout=1)
        self.journey = version.journey
        self.oracle = Oracle(found, version.journey, SEGMENTS)
        self.doors.asked.clear()
        self.doors.members = SEGMENTS

    @rule(chance=seeds, number=st.integers(0, 6), step=st.sampled_from([1440, 700, 30, 4400, 1, 0]))
    def happens(self, chance: Random, number: int, step: int) -> None:
        self.now += timedelta(minutes=step)
        for who, name, properties in (an_event(chance) for _ in range(number)):
            at = self.now - timedelta(minutes=chance.randint(0, step))
            said(who, name, at, **properties)
            self.oracle.signals.append((who, name, at, properties))
        tick(self.now)
        self.oracle.tick(self.now)
        self.compare()

    @rule()
    def pauses(self) -> None:
        if self.oracle.state == "running":
            models.Journey.objects.update(state="paused", paused_at=self.now)
            self.oracle.state, self.paused = "paused", self.now

    @rule(policy=st.sampled_from(["send", "skip", "shift"]))
    def resumes(self, policy: str) -> None:
        if self.oracle.state == "paused":
            resume_at(self.journey, self.now, overdue=policy, by="alice")
            self.oracle.resume(policy, self.paused, self.now)

    def compare(self) -> None:
        nodes = [node.id for node in self.oracle.document.nodes]
        rows = models.Enrolment.objects.order_by("customer_id", "occurrence")
        ids = {row.pk: (row.customer_id, row.occurrence) for row in rows}
        passed: dict[int, list[tuple[str, int]]] = {pk: [] for pk in ids}
        for one in models.Passage.objects.order_by("enrolment_id", "step"):
            passed[one.enrolment_id].append((nodes[one.node], one.way))
        assert [
            (r.customer_id, r.occurrence, nodes[r.node], r.standing, r.due_at, r.lot, passed[r.pk])
            for r in rows
        ] == [
            (
                p.customer,
                p.occurrence,
                p.node,
                p.standing,
                p.due,
                None if p.customer % 5 else LOT,
                p.passed,
            )
            for p in sorted(self.oracle.places, key=lambda p: (p.customer, p.occurrence))
        ]
        assert sorted((ids[row[2] // STEPS], row[3] is None) for row in self.doors.asked) == sorted(
            ((who, nth), who % 5 != 0) for _, who, nth in self.oracle.sent
        )
        counted = models.Tally.objects.values_list("number", flat=True)
        assert sum(counted) == sum(map(len, passed.values()))

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


@pytest.mark.django_db
def test_sets_do_what_single_steps_do_by_the_machine(doors: Doors) -> None:
    class Ours(Machine):
        pass

    Ours.doors = doors
    run_state_machine_as_test(
        Ours,
        settings=settings(
            max_examples=8, stateful_step_count=20, deadline=None,
            suppress_health_check=[*HealthCheck],
            phases=[Phase.generate],
        ),
    )  # fmt: skip


@pytest.mark.django_db
def test_sets_do_what_single_steps_do_on_many_journeys(doors: Doors) -> None:
    Machine.doors = doors
    for seed in range(16):
        chance, machine = Random(seed), Machine()
        machine.begin(chance)
        for _ in range(10):
            machine.happens(chance, chance.randint(0, 6), chance.choice([0, 1, 30, 700, 1440]))
            if chance.random() < 0.2:
                machine.pauses()
            elif chance.random() < 0.5:
                machine.resumes(chance.choice(["send", "skip", "shift"]))
        machine.teardown()
