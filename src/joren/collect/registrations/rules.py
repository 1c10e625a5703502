"""What serial numbers, receipts and forms say: pure rules."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, Final

from joren.collect.registrations.contracts import (
    EVENT,
    BadRegistration,
    Owner,
    Programme,
    Proof,
)

_SERIAL: Final = re.compile(r"[A-Z0-9]{3,64}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_LONGEST: Final = 200
_KATAKANA: Final = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def serial_of(text: str) -> str | None:
    """A serial number as it is compared: width, case, spaces and dashes do not count."""
    plain = unicodedata.normalize("NFKC", text).upper()
    tidy = re.sub(r"[\s\-‐-―−ー_./]+", "", plain)
    return tidy if _SERIAL.fullmatch(tidy) else None


def slug_of(text: str) -> str | None:
    return text if _SLUG.fullmatch(text) else None


def known_by(programme: Programme, proof: Proof, *, today: date) -> str:
    """What makes the registration one: the serial number, or the shop with its receipt."""
    number = serial_of(proof.number)
    if number is None:
        raise BadRegistration(
            f"{proof.number[:40]!r} is no number of that kind",
            hint="letters and digits as they stand on the product or the receipt",
        )
    if programme.takes == "serials":
        return number
    if not proof.shop.strip() or proof.bought_on is None:
        raise BadRegistration("a receipt has a shop and a day", hint="both stand on it")
    if proof.bought_on > today:
        raise BadRegistration(f"{proof.bought_on} is yet to come", hint="the day on the receipt")
    return f"{number}|{proof.bought_on}|{shop_of(proof.shop)}"


def shop_of(text: str) -> str:
    """A shop as it is compared: width, case, spaces, hiragana and a 店 at the end do not count.

    Kanji are not read: 渋谷店 and シブヤ店 are two, for which the form offers the shops by name.
    """
    plain = re.sub(r"[\s・]+", "", unicodedata.normalize("NFKC", text).casefold())
    folded = plain.translate(_KATAKANA)
    return (folded.removesuffix("店") or folded)[:_LONGEST]


def checked(owner: Owner) -> Owner:
    """The owner, tidy; without an address to reach them nobody could be told apart."""
    email = unicodedata.normalize("NFKC", owner.email).strip()
    if not _EMAIL.fullmatch(email) or len(email) > _LONGEST:
        raise BadRegistration("the e-mail address is none", hint="such as taro@example.com")
    return Owner(
        email.lower(),
        owner.name.strip()[:_LONGEST],
        owner.phone.strip()[:40],
        owner.agrees,
        owner.wording,
        owner.language,
    )


def fingerprint(key: str, text: str) -> str:
    """By this the same person or visitor is known again, and nobody is found."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """Whose address that is: one line has 2^64 addresses of IPv6, and takes another as it likes."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(IPv6Network((int(known) >> 64 << 64, 64)))


def messages(
    programme: Programme, proof: Proof, owner: Owner, *, key: str, sku: str, at: datetime
) -> list[dict[str, Any]]:
    """The fact that they own it, in the words of live events.

    Anybody may have typed it: it is of the person of that e-mail, and says no two to be one.
    """
    said = {"email": owner.email}
    receipt = programme.takes == "receipts"
    properties = {
        "product_id": sku or programme.sku,
        "sku": sku or programme.sku,
        "name": programme.product_name,
        "order_id": proof.number.strip()[:60] if receipt else None,
        "affiliation": proof.shop.strip()[:_LONGEST] if receipt else None,
    }
    moment = at.isoformat()
    return [
        {
            "type": "track",
            "event": EVENT,
            "messageId": key,
            "timestamp": moment,
            "context": {"traits": said},
            "properties": {name: value for name, value in properties.items() if value},
        },
    ]


def introduced(owner: Owner, *, key: str, at: datetime) -> list[dict[str, Any]]:
    """What a person who is new is called, and their phone: each for itself.

    A phone and a name in one message would be an identity, that of whoever has both.
    """
    given = {"name": owner.name, "phone": owner.phone}
    return [
        {
            "type": "identify",
            "messageId": f"{key}:{name}",
            "timestamp": at.isoformat(),
            "traits": {"email": owner.email, name: value},
        }
        for name, value in given.items()
        if value
    ]
