"""Names of events in the words of e-commerce V2 (Segment's), whichever way they were sent."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

ECOMMERCE: Final = (
    "Products Searched", "Product List Viewed", "Product List Filtered", "Promotion Viewed",
    "Promotion Clicked", "Product Clicked", "Product Viewed", "Product Added", "Product Removed",
    "Cart Viewed", "Checkout Started", "Checkout Step Viewed", "Checkout Step Completed",
    "Payment Info Entered", "Order Completed", "Order Updated", "Order Refunded",
    "Order Cancelled", "Coupon Entered", "Coupon Applied", "Coupon Denied", "Coupon Removed",
    "Product Added to Wishlist", "Product Removed from Wishlist",
    "Wishlist Product Added to Cart", "Product Shared", "Cart Shared", "Product Reviewed",
)  # fmt: skip
ALIASES: Final = {
    "Viewed Product": "Product Viewed",
    "Clicked Product": "Product Clicked",
    "Added Product": "Product Added",
    "Removed Product": "Product Removed",
    "Viewed Product Category": "Product List Viewed",
    "Viewed Product List": "Product List Viewed",
    "Searched Products": "Products Searched",
    "Viewed Promotion": "Promotion Viewed",
    "Clicked Promotion": "Promotion Clicked",
    "Viewed Cart": "Cart Viewed",
    "Started Checkout": "Checkout Started",
    "Viewed Checkout Step": "Checkout Step Viewed",
    "Completed Checkout Step": "Checkout Step Completed",
    "Entered Payment Info": "Payment Info Entered",
    "Completed Order": "Order Completed",
    "Updated Order": "Order Updated",
    "Refunded Order": "Order Refunded",
    "Cancelled Order": "Order Cancelled",
    "Order Canceled": "Order Cancelled",
}
"""The words of v1, which put the verb first."""

_SEPARATORS = re.compile(r"[\s_\-]+")


def _folded(name: str) -> str:
    return _SEPARATORS.sub(" ", name).strip().lower()


_KNOWN: Final = {_folded(name): name for name in ECOMMERCE} | {
    _folded(alias): name for alias, name in ALIASES.items()
}


@lru_cache(maxsize=4096)  # a shop has few, and each message names one
def event_named(name: str) -> str:
    """The name in V2's words; an event of the shop's own keeps its own."""
    return _KNOWN.get(_folded(name), name.strip())
