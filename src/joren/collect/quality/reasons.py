"""What is short, in words that can be translated; see ``core.words``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from joren.core.words import gettext_noop

NEEDS_WEEKS: Final = gettext_noop("needs {} more weeks")
TOO_FEW_CUSTOMERS: Final = gettext_noop("{} customers, {} are needed")
TOO_FEW_REPEATERS: Final = gettext_noop("{} customers with a repeat order, {} are needed")
NO_AD_SPEND: Final = gettext_noop("no ad spend was imported")

DOUBLED: Final = gettext_noop("{} of the orders look like doubles of others, at most {} may")
UNRECONCILED: Final = gettext_noop(
    "in {} of the orders the parts differ from the stated total, at most {} may"
)
STOPPED: Final = gettext_noop("a store has had no orders for {} days")
SILENT: Final = gettext_noop("nothing came from a source of events for {} days")
NO_EVENTS: Final = gettext_noop("no source has sent events yet")

NOTHING_STATES: Final[Mapping[str, str]] = {
    "identity": gettext_noop("no order says who bought"),
    "source": gettext_noop("no order says where the customer came from"),
    "sku": gettext_noop("no order line names a product"),
    "category": gettext_noop("no order line has a category"),
    "unit_cost": gettext_noop("no order line states its cost of goods: profit is not known"),
    "shipping_borne": gettext_noop(
        "no order states the shipping that the shop pays: profit is before shipping"
    ),
    "payment_fee": gettext_noop("no order states payment fees: profit is before payment fees"),
}
MISSING_IN: Final[Mapping[str, str]] = {
    "identity": gettext_noop("{} of the orders do not say who bought, at most {} may"),
    "source": gettext_noop("{} of the orders do not say the source, at most {} may"),
    "sku": gettext_noop("{} of the order lines name no product, at most {} may"),
    "category": gettext_noop("{} of the order lines have no category, at most {} may"),
    "unit_cost": gettext_noop(
        "{} of the order lines state no cost of goods, at most {} may: "
        "profit leaves their purchases out"
    ),
    "shipping_borne": gettext_noop(
        "{} of the orders do not state the shipping that the shop pays, at most {} may: "
        "profit is before shipping there"
    ),
    "payment_fee": gettext_noop(
        "{} of the orders state no payment fees, at most {} may: "
        "profit is before payment fees there"
    ),
}
"""By field, for those fields that a use rests on."""
