"""A visit of Matomo's visits log (``Live.getLastVisitsDetails``): one message for each action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from joren.collect.inbox.contracts import Unreadable
from joren.collect.inbox.rules.foreign.addresses import path_in

_SEARCH, _CART, _ORDER = "search", "ecommerceAbandonedCart", "ecommerceOrder"
_LEFT_OUT: Final = frozenset({"goal", "content"})


def is_one(row: Mapping[str, Any]) -> bool:
    return "idVisit" in row and isinstance(row.get("actionDetails"), list)


def messages_of(row: Mapping[str, Any]) -> Iterator[dict[str, Any] | Unreadable]:
    """An order is known by its number, anything else by its visit and place in it.

    An action that cannot be read stands among the others as the reason why.
    """
    who = {"anonymousId": _text(row, "visitorId"), "userId": _text(row, "userId")}
    campaign = {
        "source": _text(row, "campaignSource") or _text(row, "referrerName"),
        "medium": _text(row, "campaignMedium") or _text(row, "referrerType"),
        "name": _text(row, "campaignName"),
    }
    currency = _text(row, "siteCurrency")
    first = True
    for place, action in enumerate(row["actionDetails"]):
        if not isinstance(action, dict) or action.get("type") in _LEFT_OUT:
            continue
        try:
            said = _message(action)
        except Unreadable as why:
            yield why
            continue
        said |= who
        if currency and "properties" in said:
            said["properties"]["currency"] = currency
        said["messageId"] = _known_by(row, action, place)
        said["timestamp"] = _moment(action.get("timestamp", row.get("serverTimestamp")))
        if first:  # how the visit began belongs to its first action
            given = {name: value for name, value in campaign.items() if value}
            said["context"] = {**said.get("context", {}), "campaign": given}
            first = False
        yield said


def _known_by(row: Mapping[str, Any], action: Mapping[str, Any], place: int) -> str:
    site = row.get("idSite", "")
    if action.get("type") == _ORDER and action.get("orderId"):
        return f"matomo:{site}:order:{action['orderId']}"
    return f"matomo:{site}:{row['idVisit']}:{place}:{action.get('timestamp', '')}"


def _message(action: Mapping[str, Any]) -> dict[str, Any]:
    kind = action.get("type")
    if kind == _ORDER:
        return _track("Order Completed", **_bought(action), order_id=_text(action, "orderId"))
    if kind == _CART:
        return _track("Cart Viewed", **_bought(action))
    if kind == _SEARCH:
        query = action.get("siteSearchKeyword") or action.get("subtitle")
        return _track("Products Searched", query=query)
    if kind == "event":
        name = " ".join(
            part for part in (_text(action, "eventCategory"), _text(action, "eventAction")) if part
        )
        return _track(name, value=action.get("eventValue"))
    if kind in ("download", "outlink"):
        return _track({"download": "File Downloaded", "outlink": "Link Clicked"}[kind])
    page = {"path": path_in(_text(action, "url") or ""), "title": _text(action, "pageTitle")}
    if sku := _text(action, "productViewSku"):
        return {**_track("Product Viewed", sku=sku), "context": {"page": page}}
    return {"type": "page", "context": {"page": page}, "properties": {}}


def _bought(action: Mapping[str, Any]) -> dict[str, Any]:
    items = action.get("itemDetails")
    products = [
        {
            "sku": one.get("itemSKU"),
            "name": one.get("itemName"),
            "category": one.get("itemCategory"),
            "price": one.get("price"),
            "quantity": one.get("quantity"),
        }
        for one in (items if isinstance(items, list) else [])
        if isinstance(one, dict)
    ]
    return {
        "total": action.get("revenue"),
        "subtotal": action.get("revenueSubTotal"),
        "tax": action.get("revenueTax"),
        "shipping": action.get("revenueShipping"),
        "discount": action.get("revenueDiscount"),
        "products": products or None,
    }


def _track(event: str, **properties: Any) -> dict[str, Any]:
    said = {name: value for name, value in properties.items() if value not in (None, "", False)}
    return {"type": "track", "event": event, "properties": said}


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None


def _moment(value: Any) -> Any:
    try:
        return datetime.fromtimestamp(int(value), UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return value if value is not None else ""
