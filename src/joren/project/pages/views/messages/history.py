"""Of one customer: every message that was to reach them, and why it did or did not."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import BECAUSE_WORDS, PLACE_NAMES, Cause
from joren.act.messages import selectors
from joren.act.messages.contracts import STATE_NAMES, Sent
from joren.core.ids import CustomerId
from joren.project.pages.codes import why
from joren.project.pages.tables import Column, Linked, Row, Table
from joren.project.showing import minute


def panel(customer: int) -> dict[str, Any]:
    """What the customer's page shows of the ledger; nothing where nobody asked for a message."""
    found = selectors.of_customer(customer)
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
                    minute(one.asked_at), message(one), gettext(STATE_NAMES[one.state]),
                    why(one.reason), minute(one.sent_at), minute(one.next_at),
                ]
            )
            for one in found
        ],
        note=gettext("Who was left out by lot, or put off, has a row too."),
    )  # fmt: skip
    return {
        "ledger": table if found else None,
        "zone": selectors.zone_by_hand(customer),
        "clock": selectors.zone_of(customer),
    }


def ways(customer: int) -> dict[str, Any]:
    """Where they stand in each journey, and why they are not where they are not."""
    found = journeys.whereabouts(CustomerId(customer))
    table = Table(
        "journeys",
        gettext("Journeys, and why they got it or did not"),
        [Column(gettext("Journey")), Column(gettext("Where they stand")),
         Column(gettext("Entered")), Column(gettext("Ended")), Column(gettext("Why"))],
        [
            Row([
                Linked(one.name, reverse("journey", args=[one.journey])),
                gettext(PLACE_NAMES[one.place]), minute(one.since), minute(one.ended),
                " ".join(_because(each) for each in one.causes),
            ])
            for one in found
        ],
        note=gettext("What became of each message stands above."),
    )  # fmt: skip
    return {"journeys": table if found else None}


def _because(one: Cause) -> str:
    what = gettext(one.what) if one.say == "no_date" else one.what
    return gettext(BECAUSE_WORDS[one.say]) % {"what": what, "at": minute(one.at)}


def kept(customer: int) -> dict[str, Any]:
    """What journeys keep about them; nothing where none does."""
    found = journeys.words_about(CustomerId(customer))
    table = Table(
        "attributes",
        gettext("Kept by journeys"),
        [Column(gettext("Attribute")), Column(gettext("What is kept")), Column(gettext("By")),
         Column(gettext("Since"))],
        [
            Row([one.name, one.value, Linked(one.journey_name, reverse("journey",
                 args=[one.journey])), minute(one.at)])
            for one in found
        ],
    )  # fmt: skip
    return {"words": table if found else None}


def message(one: Sent) -> Linked | str:
    """Which message, with the campaign that sent it."""
    if one.source == "campaign":
        return Linked(one.template_name, reverse("campaign", args=[one.source_id]))
    return one.template_name
