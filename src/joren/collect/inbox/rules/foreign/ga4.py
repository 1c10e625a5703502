"""A row of GA4's export to BigQuery (``events_YYYYMMDD``), from JSON lines or Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from joren.collect.inbox.rules.foreign.addresses import path_in

NAMES: Final = {
    "view_item": "Product Viewed",
    "select_item": "Product Clicked",
    "view_item_list": "Product List Viewed",
    "add_to_cart": "Product Added",
    "remove_from_cart": "Product Removed",
    "view_cart": "Cart Viewed",
    "begin_checkout": "Checkout Started",
    "add_shipping_info": "Checkout Step Completed",
    "add_payment_info": "Payment Info Entered",
    "purchase": "Order Completed",
    "refund": "Order Refunded",
    "add_to_wishlist": "Product Added to Wishlist",
    "view_promotion": "Promotion Viewed",
    "select_promotion": "Promotion Clicked",
    "search": "Products Searched",
    "view_search_results": "Products Searched",
    "share": "Product Shared",
}
_KNOWN_BY: Final = (
    "user_pseudo_id", "event_timestamp", "event_name", "event_bundle_sequence_id",
    "batch_page_id", "batch_ordering_id", "batch_event_index",
)  # fmt: skip
_ITEM: Final = {
    "item_id": "product_id", "item_name": "name", "item_brand": "brand", "item_variant": "variant",
    "item_category": "category", "price": "price", "quantity": "quantity", "coupon": "coupon",
}  # fmt: skip


def is_one(row: Mapping[str, Any]) -> bool:
    return "event_timestamp" in row and "event_name" in row


def messages_of(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The one message that the row is; known again by what GA4 itself knows it by.

    Raises ``Unreadable`` with the reason.
    """
    said = {one["key"]: _value(one.get("value")) for one in _list(row.get("event_params"))
            if isinstance(one.get("key"), str)}  # fmt: skip
    name = str(row.get("event_name") or "")
    path = path_in(str(said.get("page_location") or ""))
    known = "|".join(str(row.get(part) or "") for part in _KNOWN_BY)
    message: dict[str, Any] = {
        "type": {"page_view": "page", "screen_view": "screen"}.get(name, "track"),
        "messageId": f"ga4:{hashlib.blake2b(known.encode(), digest_size=16).hexdigest()}",
        "timestamp": _moment(row.get("event_timestamp")),
        "anonymousId": row.get("user_pseudo_id"),
        "userId": row.get("user_id"),
        "context": {
            "campaign": _campaign(row, said),
            "page": {"path": path, "title": said.get("page_title")},
        },
        "properties": _properties(row, said),
    }
    if message["type"] == "track":
        message["event"] = NAMES.get(name, name)
    elif message["type"] == "screen":
        message["name"] = said.get("firebase_screen") or said.get("screen_name")
    yield message


def _properties(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    bought = row.get("ecommerce")
    bought = bought if isinstance(bought, dict) else {}
    items = [_item(one) for one in _list(row.get("items"))]
    order = bought.get("transaction_id")
    found = {
        "order_id": said.get("transaction_id") or (order if order != "(not set)" else None),
        "value": said.get("value", bought.get("purchase_revenue")),
        "currency": said.get("currency"),
        "coupon": said.get("coupon"),
        "tax": said.get("tax"),
        "shipping": said.get("shipping"),
        "query": said.get("search_term"),
        "quantity": bought.get("total_item_quantity"),
        "products": items or None,
    }
    if len(items) == 1:
        found = {**items[0], **{name: value for name, value in found.items() if value is not None}}
    return {name: value for name, value in found.items() if value is not None}


def _item(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        ours: one[theirs]
        for theirs, ours in _ITEM.items()
        if one.get(theirs) not in (None, "", "(not set)")
    }


def _campaign(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Of this event; where the person first came from is another matter."""
    given = row.get("collected_traffic_source")
    given = given if isinstance(given, dict) else {}
    found = {
        "source": given.get("manual_source") or said.get("source"),
        "medium": given.get("manual_medium") or said.get("medium"),
        "name": given.get("manual_campaign_name") or said.get("campaign"),
    }
    return {name: value for name, value in found.items() if value}


def _value(value: Any) -> Any:
    """The one of the four that says something; whole numbers come as text in JSON."""
    if not isinstance(value, dict):
        return value
    for name in ("string_value", "int_value", "double_value", "float_value"):
        if (found := value.get(name)) is not None:
            return found
    return None


def _moment(value: Any) -> Any:
    """Microseconds since 1970, which JSON holds as text; what is none stays, to be refused."""
    try:
        return datetime.fromtimestamp(int(value) / 1_000_000, UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return value if value is not None else ""


def _list(value: Any) -> Sequence[dict[str, Any]]:
    """A repeated field; BigQuery's Parquet may wrap it: ``{"list": [{"element": {…}}]}``."""
    if isinstance(value, dict):
        value = value.get("list")
    if not isinstance(value, list):
        return ()
    found = (one.get("element", one.get("item", one)) if isinstance(one, dict) and len(one) == 1
             else one for one in value)  # fmt: skip
    return [one for one in found if isinstance(one, dict)]
