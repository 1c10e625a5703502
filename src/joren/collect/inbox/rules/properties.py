"""Which properties of an event may enter the warehouse: those that a list names, and no other.

The warehouse holds no personal data. A list of what may not come in would always lack something;
one of what may come in lacks at worst a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import orjson

from joren.collect.inbox.contracts import PropertyRefused
from joren.core.money import decimals

STANDARD: Final = frozenset(
    "affiliation brand cart_id category checkout_id coupon coupon_id creative currency discount "
    "filters group_id image_url list_id name order_id payment_method position price product_id "
    "products promotion_id quantity query rating reason revenue review_id share_via shipping "
    "shipping_method sku sorts step subtotal tax total url value variant wishlist_id "
    "wishlist_name".split()
)
"""What e-commerce V2 names, but for what people write about themselves."""

PERSONAL: Final = frozenset(
    "email mail phone tel mobile first_name last_name full_name firstname lastname fullname "
    "address street city postal_code postcode zip birthday birthdate ip ip_address password "
    "token username user_name customer_name recipient share_message review_body".split()
)
_IN_COLUMNS: Final = frozenset("product_id sku category order_id currency quantity".split())
_LONGEST: Final = 200
_MOST_ITEMS: Final = 100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_LARGEST: Final = 10**15
_BARE: Final = (str, int, float)
_HOST = re.compile(r"^[a-z]+://[^/?#]*", re.IGNORECASE)
_REST = re.compile(r"[?#]")


def allowed_name(name: str) -> str:
    """The name as one that may be allowed."""
    if not _NAME.fullmatch(name):
        raise PropertyRefused(f"{name!r} is no name of a property", hint="letters, digits and _")
    if name.lower() in PERSONAL:
        raise PropertyRefused(
            f"{name} is personal, and the warehouse holds nothing personal",
            hint="send it as a trait with identify",
        )
    return name


def texts(properties: Mapping[str, Any], allowed: Set[str]) -> str | None:
    """The allowed properties that have no column, as JSON; null when there are none."""
    kept = dict(_kept(properties, allowed))
    return orjson.dumps(kept).decode() if kept else None


def word(properties: Mapping[str, Any], name: str) -> str | None:
    """A property as a short text, where it is one that is nobody's address."""
    value = properties.get(name)
    if value is None or isinstance(value, bool) or not isinstance(value, _BARE):
        return None
    text = str(value).strip()[:_LONGEST]
    return text if text and "@" not in text else None


def whole(value: Any) -> int | None:
    """A count, where it is one."""
    exact = _exact(value)
    fits = exact is not None and exact == exact.to_integral_value() and abs(exact) < _LARGEST
    return int(exact) if exact is not None and fits else None


def amount(properties: Mapping[str, Any], currency: str) -> int | None:
    """What the event was worth in minor units: revenue, else value, else total."""
    for name in ("revenue", "value", "total"):
        exact = _exact(properties.get(name))
        if exact is not None:
            minor = exact.scaleb(decimals(currency)).to_integral_value()
            return int(minor) if abs(minor) < _LARGEST else None
    return None


def _kept(properties: Mapping[str, Any], allowed: Set[str]) -> Iterator[tuple[str, Any]]:
    for name, value in properties.items():
        if name not in allowed or name in _IN_COLUMNS:
            continue
        if name in ("url", "image_url"):
            value = path_of(value)
        if isinstance(value, list):
            items = [dict(_scalars(one)) for one in value[:_MOST_ITEMS] if isinstance(one, dict)]
            if items:
                yield name, items
        elif _plain(value):
            yield name, value


def _scalars(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Of a product in a list: what e-commerce V2 names."""
    for name, value in item.items():
        if name in STANDARD and not isinstance(value, list) and _plain(value):
            yield name, path_of(value) if name in ("url", "image_url") else value


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST and "@" not in value
    return isinstance(value, _BARE)


def path_of(url: Any) -> str | None:
    """An address without what follows a question mark, where names and tokens stand."""
    return _path_of(url) if isinstance(url, str) else None


@lru_cache(maxsize=4096)
def _path_of(url: str) -> str | None:
    path = _REST.split(_HOST.sub("", url), maxsplit=1)[0][:_LONGEST] or "/"
    return path if "@" not in path and "%40" not in path else None


def _exact(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool) or not isinstance(value, _BARE):
        return None
    try:
        exact = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        return None
    return exact if exact.is_finite() and abs(exact) < _LARGEST else None
