"""Of one customer: every message that was to reach them, and why it did or did not."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from joren.accounts.selectors import business
from joren.act.messages import selectors
from joren.act.messages.contracts import REASON_NAMES, STATE_NAMES, Sent
from joren.core import clock
from joren.project.pages.tables import Column, Linked, Row, Table


def panel(customer: int) -> dict[str, Any]:
    """What the customer's page shows of the ledger; nothing where nobody asked for a message."""
    found = selectors.of_customer(customer)
    zone = clock.zone(business().time_zone)
    table = Table(
        "messages",
        gettext("Messages, and why they came or did not"),
        [
            Column(gettext("Asked for")), Column(gettext("Message")), Column(gettext("State")),
            Column(gettext("Why")), Column(gettext("Sent")), Column(gettext("Comes again")),
        ],
        [
            Row(
                [
                    f"{one.asked_at.astimezone(zone):%Y-%m-%d %H:%M}", _message(one),
                    gettext(STATE_NAMES[one.state]), why(one.reason),
                    f"{one.sent_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.sent_at else "",
                    f"{one.next_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.next_at else "",
                ]
            )
            for one in found
        ],
        note=gettext("Who was left out by lot, or put off, has a row too."),
    )  # fmt: skip
    return {"ledger": table if found else None}


def why(reason: str) -> str:
    """A reason of the ledger in the reader's words; a channel's own stay as they are."""
    words = REASON_NAMES.get(reason, reason)
    return gettext(words) if words else ""


def _message(one: Sent) -> Linked | str:
    if one.source == "campaign":
        return Linked(one.template_name, reverse("campaign", args=[one.source_id]))
    return one.template_name
