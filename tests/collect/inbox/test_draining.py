"""From the inbox into the warehouse: each message once, whatever happens in between."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joren.collect.customers import selectors as people
from joren.collect.customers.services import forget_people
from joren.collect.inbox import models, selectors, services
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.rules.reading import parsed, request_of
from joren.collect.inbox.services import draining, receiving
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.warehouse.journal import WarehouseBusy
from tests.collect.killing import killed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


@pytest.fixture
def key() -> str:
    return services.add_source("server", kind="server", store="own")[1]


def event(number: int, **more: Any) -> dict[str, Any]:
    said = {"type": "track", "event": "Product Viewed", "messageId": f"m{number}"}
    return {**said, "userId": f"u{number % 3}", "anonymousId": f"a{number % 3}", **more}


def send(key: str, *messages: dict[str, Any]) -> None:
    body = json.dumps({"batch": messages, "sentAt": "2026-11-22T03:00:00Z"}).encode()
    services.receive(request_of(parsed(body), kind="batch"), keys=[key], now=time.time_ns() // 1000)


def facts() -> list[dict[str, Any]]:
    return warehouse().engine.rows(warehouse().facts(EVENTS).order_by(["occurred_at", "event_id"]))


def owners() -> dict[int, int]:
    """Customer by source identity."""
    rows = people.person_of(warehouse()).to_pylist()
    return {row["identity_id"]: row["customer_id"] for row in rows}


def test_what_came_is_in_the_warehouse_once(key: str) -> None:
    send(key, *(event(number) for number in range(10)))
    send(key, *(event(number) for number in range(5, 15)))

    done = services.drain(warehouse())

    assert done is not None
    assert (done.events, done.repeated, done.unreadable) == (15, 5, 0)
    assert len({row["event_id"] for row in facts()}) == len(facts()) == 15
    assert not models.Batch.objects.exists()


def test_a_message_that_comes_again_much_later_is_the_same(key: str) -> None:
    for number in (1, 2, 1):
        send(key, event(number))
        services.drain(warehouse())

    (source,) = selectors.sources()
    assert len(facts()) == 2
    traffic = selectors.traffic()[source.id]
    assert (traffic.received, traffic.kept, traffic.repeated) == (3, 2, 1)


def test_the_keys_are_made_again_from_the_facts(key: str) -> None:
    send(key, event(1))
    services.drain(warehouse())
    for file in (warehouse().home / "event-keys").iterdir():
        file.unlink()

    send(key, event(1), event(2))
    services.drain(warehouse())

    assert len(facts()) == 2


def test_a_device_is_of_the_one_customer_who_used_it(key: str) -> None:
    send(key, event(1, userId=None, anonymousId="a"))
    services.drain(warehouse())
    assert owners() == {}

    send(key, {"type": "identify", "userId": "u", "anonymousId": "a", "messageId": "i"})
    services.drain(warehouse())

    first = next(row for row in facts() if row["type"] == "track")
    (customer,) = {*owners().values()}
    assert owners()[first["identity_id"]] == customer
    assert list(people.devices_of(CustomerId(customer))) == ["a"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_device_that_two_use_is_nobodys_in_any_order(key: str, order: tuple[int, ...]) -> None:
    said = [
        event(0, userId=None, anonymousId="a"),
        event(1, userId="u1", anonymousId="a"),
        event(2, userId="u2", anonymousId="a"),
    ]
    for place in order:
        send(key, said[place])
        services.drain(warehouse())

    anonymous = next(row for row in facts() if row["identity_id"] == row["device_id"])
    assert anonymous["identity_id"] not in owners()
    assert len({*owners().values()}) == 2


def test_an_alias_joins_what_was_done_before(key: str) -> None:
    send(key, event(1, userId=None, anonymousId="before"))
    send(key, {"type": "alias", "userId": "u", "previousId": "before", "messageId": "x"})
    services.drain(warehouse())

    assert len({owners()[row["identity_id"]] for row in facts()}) == 1


def test_a_server_joins_a_user_id_and_an_e_mail(key: str) -> None:
    traits = {"email": "Taro@Example.com", "firstName": "太郎", "lastName": "山田"}
    send(key, {"type": "identify", "userId": "u", "traits": traits, "messageId": "i"})
    services.drain(warehouse())

    (customer,) = people.search("taro@example.com")
    assert customer.name == "山田 太郎"
    assert {one.kind for one in people.identities_of(customer.id)} == {"user", "email"}


def test_no_personal_data_is_in_a_file_of_the_warehouse(key: str) -> None:
    traits = {"email": "taro@example.com", "name": "山田 太郎", "phone": "090-1234-5678"}
    context = {"ip": "203.0.113.7", "traits": traits}
    send(
        key,
        {"type": "identify", "userId": "u-77", "traits": traits, "context": context},
        event(1, context=context, properties={"email": "taro@example.com", "note": "山田"}),
    )
    services.drain(warehouse())

    said = json.dumps(facts(), default=str, ensure_ascii=False)
    assert not any(word in said for word in ("taro", "山田", "1234", "203.0", "u-77"))


def test_what_cannot_be_read_waits_with_its_reason_and_can_be_tried_again(key: str) -> None:
    send(key, event(1), {"type": "track", "messageId": "bad", "userId": "u"})
    services.drain(warehouse())
    (waits,) = selectors.unread(limit=10)
    assert waits.reason == "a track has no event"
    assert len(facts()) == 1

    row = models.UnreadMessage.objects.get()
    row.sealed, row.message = "", json.dumps(event(2)).encode()
    row.save()
    assert services.retry_unread(actor="command-line") == 1
    services.drain(warehouse())

    assert len(facts()) == 2
    assert not selectors.unread(limit=10)


def test_a_message_that_joren_fails_at_keeps_no_other_from_being_written(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = draining.event_of

    def failing(message: dict[str, Any], *rest: Any) -> Any:
        if message["messageId"] == "m1":
            raise ZeroDivisionError
        return real(message, *rest)

    monkeypatch.setattr(draining, "event_of", failing)
    send(key, event(0), event(1), event(2))
    services.drain(warehouse())

    assert len(facts()) == 2
    assert "ZeroDivisionError" in selectors.unread(limit=1)[0].reason


def test_an_import_that_is_taken_back_leaves_whom_live_events_met(key: str) -> None:
    from joren.collect.customers.models import Arrival, Identity

    send(key, {"type": "identify", "userId": "u", "messageId": "i"})
    services.drain(warehouse())
    identity = Identity.objects.get()
    ends = {"first_identity": identity.pk, "last_identity": identity.pk}
    Arrival.objects.create(
        import_id=9, first_customer=identity.customer_id, last_customer=identity.customer_id, **ends
    )

    forget_people(9)

    assert owners() == {identity.pk: identity.customer_id}


def test_events_without_a_person_are_kept(key: str) -> None:
    send(key, {"type": "identify", "messageId": "x", "traits": {"email": "no address"}})
    services.drain(warehouse())

    assert [row["identity_id"] for row in facts()] in ([], [None])


_DRAIN_AND_DIE = """
import os, sys, django
django.setup()
from joren.collect.inbox.services import draining
from joren.plumbing.warehouse import warehouse
from joren.warehouse.journal import WarehouseBusy
name = sys.argv[1]
where = draining if hasattr(draining, name) else type(draining.keys_of(warehouse()))
if name == "append":
    from joren.warehouse.lake import Lake as where
if name == "promise":
    from joren.warehouse.journal import Journal as where
after = sys.argv[2] == "after"
real = getattr(where, name)
def die(*args, **kwargs):
    if after:
        real(*args, **kwargs)
    os.kill(os.getpid(), 9)
setattr(where, name, die)
draining.drain(warehouse())
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "when"),
    [
        ("promise", "before"),
        ("promise", "after"),
        ("append", "after"),
        ("_finish", "after"),
    ],
)
def test_a_kill_at_any_step_loses_nothing_and_repeats_nothing(
    key: str, home: Path, step: str, when: str
) -> None:
    send(key, *(event(number) for number in range(6)))

    assert killed(_DRAIN_AND_DIE, step, when, home=home) == -9
    send(key, *(event(number) for number in range(3, 9)))
    while services.drain(warehouse()):
        pass

    (source,) = selectors.sources()
    traffic = selectors.traffic()[source.id]
    assert sorted({row["event_id"] for row in facts()}) == sorted(
        row["event_id"] for row in facts()
    )
    assert len(facts()) == traffic.kept == 9
    assert (traffic.received, traffic.repeated) == (12, 3)
    assert not models.Batch.objects.exists()
    assert not warehouse().journal.promised()


def test_who_fails_at_hearing_of_events_keeps_nobody_else_from_them(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []

    def fail(number: int, _events: Any) -> None:
        raise ZeroDivisionError(number)

    triggers = {"one": fail, "other": lambda number, _events: heard.append(number)}
    monkeypatch.setattr(draining, "TRIGGERS", triggers)
    send(key, event(1))

    assert services.drain(warehouse()) is not None
    assert (len(heard), len(facts())) == (1, 1)
    assert not warehouse().journal.promised()


def test_events_are_written_while_a_refresh_counts_and_not_while_somebody_is_alone(
    key: str,
) -> None:
    send(key, event(1))
    with warehouse().journal.lock():
        while_alone = services.drain(warehouse())
    with warehouse().journal.counting():
        during_a_refresh = services.drain(warehouse())

        with pytest.raises(WarehouseBusy), warehouse().journal.lock(wait=0):
            pass

    assert while_alone is None
    assert during_a_refresh is not None
    assert (during_a_refresh.events, len(facts())) == (1, 1)
