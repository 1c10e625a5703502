"""What happened up to now: the facts, and before them what lies in the inbox still.

The inbox is read first: an event that is written to the warehouse between the two questions is then
found twice and shown once, and none is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import orjson

from joren.accounts.selectors import business
from joren.collect.customers import selectors as people
from joren.collect.inbox import models
from joren.collect.inbox.contracts import EVENTS, Happened, Unreadable
from joren.collect.inbox.rules.messages import Arrival, Event, event_of, moment
from joren.collect.inbox.rules.people import Sender
from joren.collect.inbox.rules.reading import messages_in
from joren.collect.inbox.selectors.bodies import opened
from joren.collect.inbox.selectors.sources import allowed_properties, sources
from joren.core.ids import CustomerId
from joren.core.money import UNKNOWN_CURRENCY
from joren.warehouse import Warehouse

_NEWEST_REQUESTS: Final = 50
_ASKED_REQUESTS: Final = 500
_OPENED_REQUESTS: Final = 5_000
"""The newest of what waits. Where more does, what is older is shown once it is written."""


def events_of(
    warehouse: Warehouse,
    customer_id: CustomerId,
    *,
    limit: int = 50,
    before: tuple[datetime, int] | None = None,
) -> tuple[Happened, ...]:
    """What one customer did, newest first; ``before``: older than that, or as old and after it."""
    devices = people.devices_of(customer_id)
    known = people.identities_of(customer_id)
    users = {(one.kind, one.store_id, one.value) for one in known if one.kind in ("user", "number")}
    emails = {one.value for one in known if one.kind == "email"}
    words = [*devices, *emails, *(value for _, _, value in users)]

    def theirs(event: Event) -> bool:
        person = event.person
        if person is None:
            return any(device in devices for device in event.devices)
        if ("user", person.store_id, person.user_id) in users or (
            "number", person.store_id, person.customer_number
        ) in users:  # fmt: skip
            return True
        return (person.email or "").lower() in emails

    def older(event: Event) -> bool:
        at = datetime.fromtimestamp(event.occurred_at / 1_000_000, UTC)
        return before is None or at < before[0] or (at == before[0] and event.event_id > before[1])

    waiting = _waiting(_mentioning(words), lambda event: older(event) and theirs(event))
    ids = [*devices.values(), *(one.id for one in known)]
    facts = warehouse.questions.rows(
        ("events_of", limit, before),
        lambda: _newest(
            _older(warehouse.facts(EVENTS), before).semi_join(
                warehouse.questions.given("identity_id"), "identity_id"
            ),
            limit,
        ),
        identity_id=ids,
    )
    return _together(waiting, facts, lambda _: customer_id, limit)


def newest_events(warehouse: Warehouse, *, limit: int = 50) -> tuple[Happened, ...]:
    """What was heard last, of everybody."""
    rows = models.Batch.objects.order_by("-pk")[:_NEWEST_REQUESTS]
    waiting = _waiting(opened(rows), lambda _: True)
    facts = warehouse.questions.rows(
        ("newest_events", limit), lambda: _newest(warehouse.facts(EVENTS), limit)
    )
    owners = people.owners_of([row["identity_id"] for row in facts if row["identity_id"]])
    return _together(waiting, facts, owners.get, limit)


def _older(events: ir.Table, before: tuple[datetime, int] | None) -> ir.Table:
    if before is None:
        return events
    here = ibis.literal(before[0].isoformat()).cast("timestamp('UTC', 6)")
    as_old = (events.occurred_at == here) & (events.event_id > before[1])
    return events.filter((events.occurred_at < here) | as_old)


def _newest(events: ir.Table, limit: int) -> ir.Table:
    return events.order_by([ibis.desc("occurred_at"), "event_id"]).limit(limit)


def _together(
    waiting: Iterable[Event],
    facts: Iterable[dict[str, Any]],
    owner: Callable[[int], CustomerId | int | None],
    limit: int,
) -> tuple[Happened, ...]:
    found = {
        row["event_id"]: _of_fact(row, owner(row["identity_id"]) if row["identity_id"] else None)
        for row in facts
    }
    for event in waiting:
        found.setdefault(event.event_id, _of_message(event))
    ordered = sorted(found.values(), key=lambda one: (-one.at.timestamp(), one.id))
    return tuple(ordered[:limit])


def _mentioning(words: Sequence[str]) -> Iterator[tuple[models.Batch, bytes]]:
    """Requests in whose text one of the words stands: few of many, found without parsing them."""
    if not words:
        return iter(())
    texts = [orjson.dumps(word)[1:-1] for word in words]
    rows = models.Batch.objects.order_by("-pk")[:_OPENED_REQUESTS].iterator(chunk_size=100)
    told = ((row, body) for row, body in opened(rows) if any(text in body for text in texts))
    return islice(told, _ASKED_REQUESTS)


def _waiting(
    rows: Iterable[tuple[models.Batch, bytes]], wanted: Callable[[Event], bool]
) -> list[Event]:
    """The events of these requests that will be facts in a moment."""
    senders = {one.id: Sender(one.id, one.kind, one.store, one.user_ids) for one in sources()}
    allowed, currency = allowed_properties(), business().currency or UNKNOWN_CURRENCY
    found = []
    for row, body in rows:
        if (sender := senders.get(row.key_id)) is None:
            continue
        arrival = Arrival(row.pk, sender, row.received_at, moment(row.sent_at), currency)
        for place, message in enumerate(messages_in(body)):
            try:
                event = event_of(message, arrival, place, allowed)
            except Unreadable:
                continue
            if wanted(event):
                found.append(event)
    return found


def _of_fact(row: dict[str, Any], customer: int | None) -> Happened:
    return Happened(
        row["occurred_at"],
        row["type"],
        row["name"] or "",
        row["source_id"],
        None if customer is None else CustomerId(customer),
        row["product_id"] or row["sku"] or "",
        row["order_number"] or "",
        row["value"],
        row["currency"] or "",
        row["path"] or "",
        waiting=False,
        id=row["event_id"],
    )


def _of_message(event: Event) -> Happened:
    return Happened(
        datetime.fromtimestamp(event.occurred_at / 1_000_000, UTC),
        event.type,
        event.name or "",
        event.source_id,
        None,
        event.product_id or event.sku or "",
        event.order_number or "",
        event.value,
        event.currency or "",
        event.path or "",
        waiting=True,
        id=event.event_id,
    )
