"""The statement says of every row what forty lines of plain Python say, whatever happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.accounts.selectors import business
from joren.act.messages import models, services
from joren.act.messages.contracts import SUPPRESSIONS, Asked, Cap, Policy, Quiet
from joren.act.messages.rules.policies import as_said
from joren.collect.customers import models as customers
from joren.core import clock
from joren.protect.consent import models as consents
from joren.protect.consent.selectors import may_be_written_to
from tests.act.messages.cast import people
from tests.act.messages.gate_oracle import Row, World

BEGIN = datetime(2026, 3, 6, 12, tzinfo=UTC)
"""Two days before New York's clocks go on, three weeks before Berlin's."""
KINDS = (("brand", "email"), ("incentive", "line"), ("thanks", "email"), ("transactional", "email"))
WHO = range(1, 9)
caps = st.builds(
    Cap, st.integers(1, 3), st.sampled_from([1, 2, 7]),
    channel=st.sampled_from(["", "", "email", "line"]),
    kind=st.sampled_from(["", "", "brand", "thanks"]),
)  # fmt: skip
clocks = st.sampled_from([time(21), time(8), time(2, 30), time(12, 15)])
few = st.none() | st.none() | st.integers(0, 5)
nights = st.builds(Quiet, clocks, clocks).filter(lambda one: one.since != one.until)
policies = st.builds(
    Policy,
    caps=st.lists(caps, min_size=1, max_size=3).map(tuple),
    quiet=st.none() | nights,
    month_most=few, month_cost=st.none() | st.integers(0, 12),
    costs=st.sampled_from([{}, {"line": 3}, {"line": 3, "email": 1}]),
)  # fmt: skip
hours = st.sampled_from([None, -1, 3, 30, 90])
rows = st.lists(
    st.tuples(
        st.sampled_from([1, 1, 2, 2, 3, 7, 8]), st.integers(1, 3),
        st.sampled_from([-1, -1, 0, 5, 40]), hours, st.integers(0, 3),
        st.sampled_from([None, None, 9]),
    ),
    min_size=3, max_size=9, unique_by=lambda row: row[:2],
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 20, 45]),
        st.sampled_from(["again", "leaves", "kept"]) | st.tuples(st.integers(0, 3), rows),
    ),
    min_size=3, max_size=8,
)  # fmt: skip
says = st.tuples(*[st.sampled_from(["granted", "granted", "granted", "withdrawn", ""])] * 8)


@pytest.mark.django_db
def test_the_statement_says_what_plain_python_says() -> None:
    people(range(1, 8))
    customers.Customer.objects.filter(pk=7).update(merged_into=1)
    customers.Merge.objects.create(loser_id=7, winner_id=1, identities=[], at=BEGIN)
    template = models.Template.objects.create(
        name="t", channel="email", version=1, sendable=1, changed_at=BEGIN
    )
    seen: Counter[str] = Counter()

    @settings(max_examples=120)
    @given(
        policies, steps, says,
        st.dictionaries(st.integers(1, 5), st.sampled_from(SUPPRESSIONS), max_size=1),
        st.dictionaries(
            st.integers(1, 6), st.sampled_from(["America/New_York", "Europe/Berlin"]), max_size=4
        ),
        st.tuples(few, st.none() | st.integers(0, 5)),
    )  # fmt: skip
    def holds(policy: Any, steps: Any, says: Any, stopped: Any, zones: Any, most: Any) -> None:
        with _undone():
            world = _open(policy, template, says, stopped, zones, most)
            _walk(world, steps)
            seen.update(row["reason"] for row in world.ledger)

    holds()

    # Else the property would be of nothing.
    assert {"", "cap", "quiet_hours", "own_budget", "not_yet", "would_go", "late"} <= {*seen}
    assert "budget" in seen


def _walk(world: World, steps: Any) -> None:
    now = BEGIN
    for later, deed in steps:
        now += timedelta(hours=later)
        with mock.patch.object(clock, "now", lambda at=now: at):
            if deed in ("leaves", "kept"):
                _line(world, now, leaves=deed == "leaves")
            elif deed == "again":
                due = [
                    row for row in world.ledger
                    if row["state"] == "deferred" and row["next_at"] <= now
                ]  # fmt: skip
                for row in due:
                    row["wanted_at"] = row["next_at"]
                world.decide(due, now, again=True)
                services.gate_again(1000)
            else:
                errand = list(world.errands)[deed[0]]
                new = _new(world, errand, deed[1], now)
                world.decide(new, now, again=False)
                services.ask(errand, _asked([_values(errand, row, now) for row in deed[1]]))
        assert _ledger() == sorted(_short(row) for row in world.ledger)


def _line(world: World, now: datetime, *, leaves: bool) -> None:
    """What may leave does, or is kept for more than a day by a pace or a night."""
    later = now + timedelta(hours=30)
    changes = {"state": "sent", "sent_at": now, "next_at": None} if leaves else {"next_at": later}
    for row in world.ledger:
        if row["state"] == "waiting" and row["next_at"] <= now:
            row.update(changes)
    models.Send.objects.filter(state="waiting", next_at__lte=now).update(**changes)


def _new(world: World, errand: int, rows: Any, now: datetime) -> list[Row]:
    there = {(row["errand_id"], row["customer_id"], row["occurrence"]) for row in world.ledger}
    every = [_values(errand, row, now) for row in rows]
    return [r for r in every if (errand, r["customer_id"], r["occurrence"]) not in there]


def _values(errand: int, row: Any, now: datetime) -> Row:
    who, occurrence, wanted, expires, worth, lot = row
    return {
        "errand_id": errand, "customer_id": who, "occurrence": occurrence, "worth": worth,
        "lot": lot, "wanted_at": now + timedelta(hours=wanted),
        "expires_at": None if expires is None else now + timedelta(hours=expires),
    }  # fmt: skip


def _asked(rows: list[Row]) -> Asked:
    kinds = ("bigint", "bigint", "bigint", "bigint", "timestamptz", "timestamptz")
    names = ("customer_id", "occurrence", "worth", "lot", "wanted_at", "expires_at")
    text = connection.vendor == "sqlite"
    one = ", ".join(
        f"{'%s' if text else f'CAST(%s AS {kind})'} AS {name}"
        for kind, name in zip(kinds, names, strict=True)
    )
    if not rows:
        return Asked(f"SELECT {one} WHERE 1 = 0", [None] * 6)
    adapt = connection.ops.adapt_datetimefield_value
    values = [
        adapt(row[name]) if name.endswith("_at") and text else row[name]
        for row in rows for name in names
    ]  # fmt: skip
    return Asked(" UNION ALL ".join([f"SELECT {one}"] * len(rows)), values)


def _ledger() -> list[Any]:
    return sorted(_short(row) for row in models.Send.objects.values())


def _short(row: Row) -> tuple[Any, ...]:
    names = ("errand_id", "customer_id", "occurrence", "state", "reason", "lot", "cost")
    return (*(str(row[n]) for n in names), str(row["next_at"]), str(row["counted_at"]))


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _open(
    policy: Policy,
    template: models.Template,
    says: Any,
    stopped: Any,
    zones: Any,
    most: tuple[int | None, int | None],
) -> World:
    """Six people, of whom one was also known as 7; 8 is nobody. The first two errands are of one
    campaign, which has a budget of its own."""
    consents.Entry.objects.bulk_create(
        consents.Entry(
            customer_id=who, channel=channel, purpose="marketing", act=act, source="staff",
            at=BEGIN - timedelta(50 - who), recorded_at=BEGIN, by="tests",
        )
        for who, act in zip(WHO, says, strict=True) if act and who < 8
        for channel in ("email", "line")
    )  # fmt: skip
    for who, reason in stopped.items():
        models.Suppression.objects.create(
            customer_id=who, channel="email", reason=reason, since=BEGIN - timedelta(1)
        )
    models.LocalZone.objects.bulk_create(
        models.LocalZone(customer_id=who, zone=zone) for who, zone in zones.items()
    )
    models.PolicyVersion.objects.create(
        number=1, said=as_said(policy), changed_at=BEGIN, changed_by="tests"
    )
    errands = {}
    for n, (kind, channel) in enumerate(KINDS):
        number, left = max(n, 1), most if n < 2 else (None, None)
        row = models.Errand.objects.create(
            source="tests", source_id=number, step=f"{n}", template=template, channel=channel,
            kind=kind, most=left[0], most_cost=left[1], made_at=BEGIN,
        )  # fmt: skip
        errands[row.pk] = {
            "id": row.pk, "kind": kind, "channel": channel, "left": left, "purse": number
        }  # fmt: skip
    found = {
        (row["customer_id"], channel): row["why"]
        for channel in ("email", "line")
        for row in may_be_written_to(WHO, channel=channel, purpose="marketing").to_pylist()
    }
    person = {who: 1 if who == 7 else who for who in WHO}
    return World(policy, business().time_zone, zones, found, stopped, person, {}, errands)
