"""Who a message is of, as far as its sender is to be believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from joren.collect.inbox.contracts import Kind, Unreadable, UserIds

LONGEST_ID: Final = 255


class Sender(NamedTuple):
    """What a rule has to know of the source of a message."""

    id: int
    kind: Kind
    store: int
    user_ids: UserIds


class Person(NamedTuple):
    """Somebody as one message describes them: a row of a sighting."""

    store_id: int
    customer_number: str | None = None
    user_id: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    name_kana: str | None = None
    postal_code: str | None = None
    prefecture: str | None = None
    city: str | None = None
    street: str | None = None
    building: str | None = None
    birthday: date | None = None
    gender: str | None = None
    registered_at: str | None = None
    language: str | None = None
    time_zone: str | None = None
    life_stage: str | None = None
    life_stage_since: date | None = None


def person_of(message: Mapping[str, Any], sender: Sender) -> Person | None:
    """The person, or None where a device alone is named.

    What a browser says anybody may have sent, since its key is public: it names somebody by the
    user id or, without one, by the e-mail, and never says that two known people are one.
    """
    user = identifier(message, "userId")
    context = message.get("context")
    told = message if message.get("type") == "identify" else context
    traits = told.get("traits") if isinstance(told, dict) else None
    traits = traits if isinstance(traits, dict) else {}
    whose: dict[str, Any] = {}
    if user is not None:
        whose["customer_number" if sender.user_ids == "customer_number" else "user_id"] = user
    trusted = sender.kind == "server"
    if trusted or user is None:
        whose["email"] = _said(traits, "email")
    if trusted:
        whose["phone"] = _said(traits, "phone")
    if not any(whose.values()):
        return None
    if message.get("type") == "identify" and trusted:
        whose |= _described(traits)
    if trusted:
        whose |= _lived(traits)
    return Person(sender.store, **whose)


def identifier(message: Mapping[str, Any], name: str) -> str | None:
    """An id that the message names somebody by."""
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip().replace("\0", "")
    if len(text) > LONGEST_ID:
        raise Unreadable(f"{name} is longer than {LONGEST_ID} characters")
    return text or None


def _described(traits: Mapping[str, Any]) -> dict[str, Any]:
    address = traits.get("address")
    address = address if isinstance(address, dict) else {}
    return {
        "name": _name(traits),
        "name_kana": _said(traits, "nameKana", "name_kana"),
        "postal_code": _said(address, "postalCode", "postal_code"),
        "prefecture": _said(address, "state"),
        "city": _said(address, "city"),
        "street": _said(address, "street", "street1", "address1"),
        "building": _said(address, "street2", "address2", "building"),
        "birthday": _day(_said(traits, "birthday")),
        "gender": _said(traits, "gender"),
        "registered_at": _said(traits, "createdAt", "created_at"),
        "language": _said(traits, "locale", "language"),
        "time_zone": _said(traits, "timezone", "timeZone", "time_zone"),
    }


def _lived(traits: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "life_stage": _said(traits, "lifeStage", "life_stage"),
        "life_stage_since": _day(_said(traits, "lifeStageSince", "life_stage_since")),
    }


def _name(traits: Mapping[str, Any]) -> str | None:
    first = _said(traits, "firstName", "first_name")
    last = _said(traits, "lastName", "last_name")
    if not (first and last):
        return _said(traits, "name") or last or first
    # 山田 太郎, and Taro Yamada.
    return f"{first} {last}" if (first + last).isascii() else f"{last} {first}"


def _said(traits: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = traits.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip().replace("\0", "")[:LONGEST_ID]
    return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
