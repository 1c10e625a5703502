"""The timeline on the page of one customer: what happened, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.act.messages.contracts import STATE_NAMES, Sent
from joren.collect.inbox import selectors as inbox
from joren.core.ids import CustomerId
from joren.core.money import UNKNOWN_CURRENCY
from joren.project import showing
from joren.project.pages import codes
from joren.project.pages.views.data.live import show
from joren.project.pages.views.data.words import FIELDS
from joren.project.pages.views.messages.history import message
from joren.project.timeline import SOURCES, Moment, timeline_of
from joren.protect.consent.contracts import (
    ACT_NAMES,
    CHANNEL_NAMES,
    PURPOSE_NAMES,
    SOURCE_NAMES,
    Entry,
)
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot

PAGE: Final = 30

KINDS: Final[Mapping[str, str]] = {
    "orders": gettext_noop("Orders"),
    "refunds": gettext_noop("Refunds that name no order"),
    "events": gettext_noop("Events"),
    "messages": gettext_noop("Messages"),
    "consents": gettext_noop("Consents"),
    "moves": gettext_noop("Changes of the stage"),
}
_AMOUNTS: Final = (
    "order_discount", "mall_discount", "points_used", "shipping_charged", "fees_charged", "tax",
    "refunded", "shipping_borne", "payment_fee",
)  # fmt: skip
_TEXTS: Final = ("coupon_code", "channel", "campaign", "subscription_id")
_STATUSES: Final = {
    "open": gettext_noop("Received"),
    "paid": gettext_noop("Paid"),
    "shipped": gettext_noop("Shipped"),
    "completed": gettext_noop("Completed"),
    "cancelled": gettext_noop("Cancelled"),
    "returned": gettext_noop("Returned"),
}


def panel(customer: CustomerId, request: HttpRequest) -> dict[str, Any]:
    """A slice of what happened, of the kinds that were chosen, and where to look on."""
    asked = request.GET
    kinds = [kind for kind in SOURCES if kind in asked.getlist("kind")]
    after = asked.get("after", "")
    found = timeline_of(customer, kinds=kinds, after=after, limit=PAGE)
    chosen = [("kind", kind) for kind in kinds]
    newest = not after
    there = reverse("customer_timeline", args=[customer])
    return {
        "moments": shown(found.items),
        "kinds": [(kind, gettext(words), kind in kinds) for kind, words in KINDS.items()],
        "older": urlencode([*chosen, ("after", found.next)]) if found.next else "",
        "newest": "" if newest else urlencode(chosen),
        "later": not newest,
        # While it is looked at, the newest are asked for again, where events come at all.
        "again": f"{there}?{urlencode(chosen)}" if newest and inbox.sources() else "",
    }


def shown(found: Sequence[Moment]) -> list[dict[str, Any]]:
    """Moments in the reader's words: ``kind``, ``at`` and ``what``."""
    ready: dict[str, list[Any]] = {
        "orders": _orders([one.what for one in found if one.kind == "orders"]),
        "events": show([one.what for one in found if one.kind == "events"]),
    }
    rest = {kind: iter(shown) for kind, shown in ready.items()}
    return [
        {
            "kind": one.kind,
            "at": one.at,
            "what": next(rest[one.kind]) if one.kind in rest else _SHOWN[one.kind](one.what),
        }
        for one in found
    ]


def _orders(listed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = [_order(order) for order in listed]
    try:
        into = str(values.snapshot().settings.get("currency") or UNKNOWN_CURRENCY)
    except NoSnapshot:
        return shown
    foreign = {
        (one["currency"], one["ordered_on"]): one
        for one in shown
        if not {one["currency"], into} & {UNKNOWN_CURRENCY} and one["currency"] != into
    }
    rates = values.rates_of_days(foreign.keys(), into=into)
    for one in shown:
        key = (one["currency"], one["ordered_on"])
        if key in foreign:
            one["rate"], one["into"] = rates.get(key), into
    return shown


def _order(order: dict[str, Any]) -> dict[str, Any]:
    currency = order["currency"] or UNKNOWN_CURRENCY
    status = _STATUSES.get(order["status"] or "")
    refunds = [{**one, "currency": one["currency"] or currency} for one in order["refunds"]]
    return {
        **order,
        "currency": currency,
        "refunds": refunds,
        "status": gettext(status) if status else "",
        "parts": _parts(order, currency),
        "texts": [(gettext(FIELDS[name]), order[name]) for name in _TEXTS if order[name]],
    }


def _parts(order: Mapping[str, Any], currency: str) -> list[tuple[str, str]]:
    """Of what its total and its profit are made; what is 0 is left out."""
    amounts = [
        (gettext(FIELDS[name]), showing.amount(order[name], currency))
        for name in _AMOUNTS
        if order[name]
    ]
    cost = order["goods_cost"]
    if cost is not None:
        amounts.append((gettext("Cost of goods"), showing.amount(cost, currency)))
    return amounts


def _refund(refund: dict[str, Any]) -> dict[str, Any]:
    return {**refund, "currency": refund["currency"] or UNKNOWN_CURRENCY}


def _sent(one: Sent) -> dict[str, Any]:
    return {
        "message": message(one),
        "channel": gettext(CHANNEL_NAMES.get(one.channel, one.channel)),
        "state": gettext(STATE_NAMES[one.state]),
        "why": codes.why(one.reason),
        "sent": one.sent_at,
    }


def _consent(one: Entry) -> dict[str, Any]:
    return {
        "act": gettext(ACT_NAMES[one.act]),
        "channel": gettext(CHANNEL_NAMES[one.channel]),
        "purpose": gettext(PURPOSE_NAMES[one.purpose]),
        "source": gettext(SOURCE_NAMES[one.source]),
    }


def _move(move: dict[str, Any]) -> dict[str, Any]:
    return {**move, "before": codes.stage(move["before"]), "now": codes.stage(move["now"])}


_SHOWN: Final[Mapping[str, Callable[[Any], dict[str, Any]]]] = {
    "refunds": _refund,
    "messages": _sent,
    "consents": _consent,
    "moves": _move,
}
