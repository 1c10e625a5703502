"""Who moves between two refreshes: by what comes in, each told once, as if asked from scratch."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from joren.collect.customers import selectors as people
from joren.collect.customers.models import Customer
from joren.collect.inbox import services as inbox
from joren.collect.inbox.rules.reading import parsed, request_of
from joren.collect.inbox.services import receiving
from joren.collect.orders.contracts import ORDERS
from joren.core import clock
from joren.decide.segments import selectors, services
from joren.decide.segments.contracts import (
    All,
    Bought,
    Did,
    Is,
    Looked,
    Member,
    Not,
    Rule,
    Window,
)
from joren.decide.segments.services import live
from joren.plumbing.warehouse import warehouse
from joren.project.refresh import refresh
from joren.warehouse.rows import write_rows
from tests.act.messages import cast
from tests.understand.ltv.facts import order

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)
TODAY = date(2026, 5, 20)  # in Tokyo
PEOPLE = [f"u{number}" for number in range(8)]
LEFT = Did("Product Added", "times", "at_least", (1,), window=Window(last_days=3), but_not="order")
BUYERS = Bought("orders", "at_least", (2,), window=Window(last_days=30))
RULES: dict[str, Rule] = {
    "left": LEFT,
    "buyers": BUYERS,
    "quiet": Not(Did("*", "times", "at_least", (3,))),
    "regular": Is("orders", "at_least", (2,)),  # of values: moves with the refresh
}


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    with mock.patch.object(clock, "now", return_value=NOW):
        yield
    receiving.KEYS.forget()


class Shop:
    """A shop whose people send events and order, and which is refreshed now and then."""

    def __init__(self) -> None:
        self.key = inbox.add_source("server", kind="server", store="own")[1]
        self.events = self.orders = 0
        self.identity: dict[str, int] = {}
        self.done: list[tuple[str, str, int]] = []
        self.bought: list[tuple[str, int]] = []
        for who in PEOPLE:
            self.send((who, "Signed Up", 40))
            (new,) = {*self.owners()} - {*self.identity.values()}
            self.identity[who] = new
        for who in PEOPLE[:5]:
            self.order(who, 20)
        refresh(as_of=TODAY)
        self.followed = [services.create(name, rule, by="alice").id for name, rule in RULES.items()]
        both = All((Member(self.followed[0]), Not(Member(self.followed[1]))))
        self.followed.append(services.create("both", both, by="alice").id)
        for number in self.followed:
            services.follow_live(number, by="journeys")

    def send(self, *done: tuple[str, str, int]) -> None:
        """Events of (who, what, days ago), written to the warehouse at once."""
        batch = []
        self.done += done
        for who, what, ago in done:
            self.events += 1
            at = (NOW - timedelta(days=ago, minutes=self.events % 60)).isoformat()
            batch.append({"type": "track", "event": what, "userId": who, "timestamp": at,
                          "messageId": f"m{self.events}"})  # fmt: skip
        body = json.dumps({"batch": batch}).encode()
        asked = request_of(parsed(body), kind="batch")
        inbox.receive(asked, keys=[self.key], now=int(NOW.timestamp() * 1e6))
        inbox.drain(warehouse())

    def order(self, who: str, ago: int) -> None:
        """One order of so many days ago, at three in the afternoon in Tokyo."""
        self.orders += 1
        self.bought.append((who, ago))
        day = (TODAY - timedelta(days=ago)).isoformat()
        house = warehouse()
        row = order(self.orders, self.identity[who], day, 1000) | {
            "ordered_at": NOW - timedelta(days=ago) + timedelta(seconds=1)
        }
        house.lake.append(
            ORDERS, write_rows([row], house.scratch, ORDERS), key=f"order-{self.orders}"
        )

    def look(self) -> Looked | None:
        return services.look_live(today=TODAY)

    def told(self) -> dict[int, set[int]]:
        """Who belongs by the log alone."""
        found: dict[int, set[int]] = {number: set() for number in self.followed}
        for one in selectors.moves_since(0, self.followed, 100_000):
            inside = found[one.segment_id]
            assert (one.customer_id in inside) is not one.entered
            (inside.add if one.entered else inside.discard)(one.customer_id)
        return found

    def owners(self) -> dict[int, int]:
        """Customer by identity."""
        rows = people.person_of(warehouse()).to_pylist()
        return {row["identity_id"]: row["customer_id"] for row in rows}

    def meant(self, counted: dict[str, int]) -> list[set[int]]:
        """Who belongs to each of the segments, by going through what everybody did."""
        owners, found = self.owners(), [set[int]() for _ in self.followed]
        for who in PEOPLE:
            customer = owners[self.identity[who]]
            carts = [ago for one, what, ago in self.done if (one, what) == (who, "Product Added")]
            orders = [ago for one, ago in self.bought if one == who]
            left = [ago for ago in carts if ago < 3 and not any(day <= ago for day in orders)]
            buyer = sum(ago < 30 for ago in orders) >= 2
            belongs = (
                bool(left), buyer, sum(one == who for one, *_ in self.done) < 3,
                counted[who] >= 2, bool(left) and not buyer,
            )  # fmt: skip
            for members, inside in zip(found, belongs, strict=True):
                members |= {customer} if inside else set()
        return found


def test_the_log_is_what_one_finds_from_scratch() -> None:
    chance, shop = random.Random(1), Shop()
    counted = {who: sum(one == who for one, _ in shop.bought) for who in PEOPLE}
    written = live._write

    def dies(*args: Any, **named: Any) -> None:
        written(*args, **named)
        raise KeyboardInterrupt

    for turn in range(6):
        for _ in range(chance.randrange(3)):
            shop.send((chance.choice(PEOPLE), "Product Added", chance.randrange(6)))
        if chance.random() < 0.6:
            shop.order(chance.choice(PEOPLE), chance.choice([0, 1, 29, 31]))
        if turn == 3:
            refresh(as_of=TODAY)
            counted = {who: sum(one == who for one, _ in shop.bought) for who in PEOPLE}
        if turn in (2, 4):
            with mock.patch.object(live, "_write", dies):
                try:
                    shop.look()
                except KeyboardInterrupt:
                    continue
        shop.look()

        assert [*shop.told().values()] == shop.meant(counted)
        assert shop.look() is not None
    assert selectors.moves_since(selectors.newest_mark(), shop.followed) == []


def test_only_those_are_asked_of_whom_something_is_new() -> None:
    shop = Shop()
    first = shop.look()
    shop.send((PEOPLE[0], "Product Added", 0))
    second, third = shop.look(), shop.look()

    assert first is not None
    assert second is not None
    assert third is not None
    assert (second.customers, second.entered, third.customers) == (1, 2, 0)
    (entered, both) = [
        one for one in selectors.moves_since(0, shop.followed, 1000) if not one.baseline
    ]
    owner = shop.owners()[shop.identity[PEOPLE[0]]]
    assert (entered.customer_id, both.customer_id) == (owner, owner)
    assert {entered.segment_id, both.segment_id} == {shop.followed[0], shop.followed[4]}


def test_a_changed_profile_and_one_who_is_new_move_without_an_event() -> None:
    shop = Shop()
    tokyo = services.create("tokyo", Is("prefecture", "is", ("東京都",)), by="alice").id
    services.follow_live(tokyo, by="journeys")
    shop.look()
    owner = shop.owners()[shop.identity[PEOPLE[3]]]
    cast.people([9_000])  # with their place in the index of names
    Customer.objects.filter(pk__in=[owner, 9_000]).update(prefecture="東京都")
    shop.look()

    assert set(selectors.live_members(tokyo)) == {owner, 9_000}
    Customer.objects.filter(pk__in=[owner, 9_000]).update(prefecture="")
    shop.look()
    assert selectors.live_members(tokyo) == []
