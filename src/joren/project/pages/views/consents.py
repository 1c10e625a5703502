"""Consents on the page of one customer."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.confirmations import services as confirmations
from joren.core.ids import CustomerId
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Row, Table
from joren.protect.consent import selectors, services
from joren.protect.consent.contracts import (
    ACT_NAMES,
    BASIS_NAMES,
    CHANNEL_NAMES,
    PURPOSE_NAMES,
    SOURCE_NAMES,
    STATE_NAMES,
    BadConsent,
    Matter,
    Standing,
)

_SHOWN: Final = 50
_BADGES: Final = {"granted": "is-good", "relied": "is-good", "refused": "is-bad"}


def panel(customer: CustomerId, request: HttpRequest) -> dict[str, Any]:
    """How things stand, what was said, and whether whoever looks may write something down."""
    standings = selectors.standings_of(customer)
    return {
        "standings": [_shown(one) for one in standings],
        "consent_history": _history(customer, personal=caller(request).may("view_personal")),
        "may_record": caller(request).may("record_consents"),
        "to_confirm": any(
            one.state == "pending" and one.matter.channel == "email" for one in standings
        ),
    }


@needs("record_consents")
@require_POST
def set_consent(request: HttpRequest, customer_id: int) -> HttpResponse:
    channel, _, purpose = request.POST.get("matter", "").partition("/")
    known = {one.matter for one in selectors.standings_of(customer_id)}
    matter = Matter(channel, purpose)
    if matter not in known:
        raise BadConsent(f"this shop does not ask about {matter}", hint="choose one of the list")
    services.set_by_hand(
        customer_id,
        matter,
        may=request.POST.get("may") == "yes",
        reason=request.POST.get("reason", ""),
        by=caller(request).name,
    )
    messages.success(request, gettext("Written down."))
    return HttpResponseRedirect(f"{reverse('customer', args=[customer_id])}#consents")


@needs("record_consents")
@require_POST
def send_confirmation(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write to the customer once more about what they have not confirmed."""

    def deed() -> str:
        confirmations.send_to(customer_id, by=caller(request).name)
        return gettext("The confirmation mail is on its way.")

    return carry_out(request, deed, then="customer", args=[customer_id])


def _shown(one: Standing) -> dict[str, Any]:
    return {
        "matter": str(one.matter),
        "channel": gettext(CHANNEL_NAMES[one.matter.channel]),
        "purpose": gettext(PURPOSE_NAMES[one.matter.purpose]),
        "state": gettext(STATE_NAMES[one.state]),
        "badge": _BADGES.get(one.state, ""),
        "since": one.since,
        "may": one.may,
    }


def _history(customer: CustomerId, *, personal: bool) -> Table | None:
    """What staff wrote may name somebody: as in the API, not everybody reads it."""
    entries = selectors.entries_of(customer)[:_SHOWN]
    if not entries:
        return None
    columns = [
        Column(gettext("When")),
        Column(gettext("Reached by")),
        Column(gettext("What for")),
        Column(gettext("What was said")),
        Column(gettext("How")),
        Column(gettext("Recorded by")),
        Column(gettext("Reason or proof")),
    ]
    rows = [
        Row(
            [
                one.at,
                gettext(CHANNEL_NAMES[one.channel]),
                gettext(PURPOSE_NAMES[one.purpose]),
                gettext(ACT_NAMES[one.act]),
                gettext(SOURCE_NAMES[one.source]),
                one.by,
                (one.reason if personal else "")
                or _because(one.basis)
                or (one.proof if personal else ""),
            ]
        )
        for one in entries
    ]
    note = gettext("Entries are added and never changed; they go with the person.")
    return Table("consent_history", gettext("All that was said"), columns, rows, note, file=False)


def _because(basis: str) -> str:
    return gettext(BASIS_NAMES[basis]) if basis else ""
