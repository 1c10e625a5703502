"""What one message of the Segment protocol means: a row of the facts, or why it is none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from joren.collect.inbox.contracts import Unreadable
from joren.collect.inbox.rules import properties as allowing
from joren.collect.inbox.rules.names import event_named
from joren.collect.inbox.rules.people import Person, Sender, identifier, person_of

TYPES: Final = frozenset({"track", "identify", "page", "screen", "group", "alias"})
_LONGEST_NAME: Final = 200
_SECOND: Final = 1_000_000
_EARLIEST: Final = 631_152_000 * _SECOND  # 1990


class Arrival(NamedTuple):
    """How a request came; moments in microseconds since 1970."""

    request: int  # its number
    sender: Sender
    received_at: int
    sent_at: int | None
    currency: str


class Event(NamedTuple):
    """One row of the facts, whose person and devices are still to be found."""

    event_id: int
    type: str
    name: str | None
    occurred_at: int
    received_at: int
    person: Person | None
    devices: tuple[str, ...]
    store_id: int
    source_id: int
    product_id: str | None
    sku: str | None
    category: str | None
    order_number: str | None
    currency: str | None
    value: int | None
    quantity: int | None
    path: str | None
    campaign_source: str | None
    campaign_medium: str | None
    campaign_name: str | None
    properties: str | None
    identity: int | None = None
    """Whose it is, as joren itself says it; it is looked up whether it is still there."""


def event_of(message: Mapping[str, Any], arrival: Arrival, place: int, allowed: Set[str]) -> Event:
    """Raises ``Unreadable`` with the reason why nobody can tell what it means.

    ``place`` is the message's within its request.
    """
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise Unreadable("the type is none of track, identify, page, screen, group, alias")
    person, devices = person_of(message, arrival.sender), _devices(message)
    own = _own_identity(message, arrival.sender)
    if person is None and not devices and own is None:
        raise Unreadable("it has neither a userId nor an anonymousId")
    given = _dict(message, "properties")
    context = _dict(message, "context")
    campaign = _dict(context, "campaign")
    currency = (allowing.word(given, "currency") or arrival.currency).upper()[:3]
    value = allowing.amount(given, currency)
    return Event(
        _event_id(message, arrival, place),
        kind,
        _name(message, kind),
        _occurred_at(message, arrival),
        arrival.received_at,
        person,
        devices,
        arrival.sender.store,
        arrival.sender.id,
        allowing.word(given, "product_id"),
        allowing.word(given, "sku"),
        allowing.word(given, "category") or allowing.word(message, "category"),
        allowing.word(given, "order_id"),
        currency if value is not None else None,
        value,
        allowing.whole(given.get("quantity")),
        _path(given, context, kind),
        allowing.word(campaign, "source"),
        allowing.word(campaign, "medium"),
        allowing.word(campaign, "name"),
        allowing.texts(given, allowed) if given else None,
        own,
    )


def _own_identity(message: Mapping[str, Any], sender: Sender) -> int | None:
    """The number of an identity, which joren's own messages name people by: nobody's address is
    needed for it, and nobody new comes of it. What a browser says is not believed."""
    if sender.kind != "server":
        return None
    number = _dict(_dict(message, "context"), "joren").get("identity")
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 < number < 2**63 else None


def _event_id(message: Mapping[str, Any], arrival: Arrival, place: int) -> int:
    """64 bits of the messageId: of a thousand million events, 3 % of shops lose one."""
    said = message.get("messageId")
    if said and isinstance(said, str | int):
        text = str(said)
        if arrival.sender.kind != "server":  # whose key everybody may read: it takes nobody's place
            text = f"{arrival.sender.kind}:{arrival.sender.id}:{text}"
    else:  # one of its own, which is the same whenever the request is read
        text = f"joren:{arrival.sender.id}:{arrival.received_at}:{arrival.request}:{place}"
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def moment(value: Any) -> int | None:
    """Microseconds since 1970 of an ISO text, or of a number of seconds or milliseconds."""
    if isinstance(value, str):
        try:
            said = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        said = said if said.tzinfo else said.replace(tzinfo=UTC)
        try:
            return round(said.timestamp() * _SECOND)
        except (OverflowError, ValueError):
            return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e14:
        return round(value * 1_000) if value > 1e11 else round(value * _SECOND)
    return None


def _occurred_at(message: Mapping[str, Any], arrival: Arrival) -> int:
    """The sender's clock may be wrong; how long before sending it happened is right."""
    said = message.get("originalTimestamp") or message.get("timestamp")
    if said is None:
        return arrival.received_at
    at = moment(said)
    if at is None:
        raise Unreadable("its timestamp is no moment")
    sent_at = moment(message.get("sentAt")) or arrival.sent_at
    if sent_at is not None:
        at += arrival.received_at - sent_at
    if at < _EARLIEST:
        raise Unreadable("its timestamp is before 1990")
    return min(at, arrival.received_at)


def _devices(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The anonymous ids; of an alias also the id before, unless it is the same."""
    found = identifier(message, "anonymousId")
    if message.get("type") != "alias":
        return (found,) if found else ()
    before = identifier(message, "previousId")
    if before == identifier(message, "userId"):
        before = None
    return tuple(dict.fromkeys(one for one in (before, found) if one))


def _name(message: Mapping[str, Any], kind: str) -> str | None:
    if kind == "track":
        event = message.get("event")
        if not isinstance(event, str) or not event.strip():
            raise Unreadable("a track has no event")
        if "@" in event:
            raise Unreadable("the name of its event holds an address: it belongs to a property")
        return event_named(event)[:_LONGEST_NAME]
    if kind in ("page", "screen"):
        return allowing.word(message, "name")
    return None


def _path(given: Mapping[str, Any], context: Mapping[str, Any], kind: str) -> str | None:
    page = _dict(context, "page")
    own = (given.get("path"), given.get("url")) if kind == "page" else ()
    for address in (*own, page.get("path"), page.get("url")):
        if (path := allowing.path_of(address)) is not None:
            return path
    return None


def _dict(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = message.get(name)
    return found if isinstance(found, dict) else {}
