"""Do mails arrive? Records of the domain, complaints week by week, and where nothing is sent."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    REASON_NAMES,
    SUPPRESSIONS,
    TURNED_AWAY,
    WATCHED,
    Finding,
    Suppressed,
    WeekOfMail,
)
from joren.core.people import people
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Row, Table, csv_asked
from joren.project.pages.views.messages import words
from joren.project.showing import minute
from joren.protect.consent.contracts import CHANNEL_NAMES

_PAGE: Final = 50
_RECORDS: Final = ("spf", "dkim", "dmarc")


@needs("view_figures")
def arriving(request: HttpRequest) -> HttpResponseBase:
    """By POST: records are looked at, or somebody is found by an address that no URL shows."""
    sent = request.POST
    number = request.GET.get("customer", "")
    customer = int(number) if number.isdecimal() and len(number) < 19 else None
    sought = sent.get("email", "").strip()
    if sought and caller(request).may("view_personal"):
        customer = next(iter(people().by_email([sought]).values()), 0)
    reason = request.GET.get("reason", "")
    reason = reason if reason in SUPPRESSIONS else ""
    part = selectors.suppressed(
        customer=customer, reason=reason, after=request.GET.get("after", ""), limit=_PAGE
    )
    weeks = _weeks(selectors.weeks_of_mail())
    typed = {name: sent.get(name, "").strip() for name in _RECORDS}
    looked = any(typed.values())
    sender = selectors.sender()
    shown = {
        "weeks": weeks,
        "typed": typed,
        "looked": looked,
        "findings": [_finding(one) for one in selectors.records(**typed)] if looked else [],
        "domain": sender.email.rpartition("@")[2] if sender else "",
        "warming": [
            words.of_pace(scope, one)
            for scope, one in selectors.paces().items()
            if one.warm_since is not None
        ],
        "stopped": [_stopped(one) for one in part.items],
        "next": part.next,
        "reason": reason,
        "reasons": [(one, gettext(REASON_NAMES[f"suppressed:{one}"])) for one in SUPPRESSIONS],
        "sought": customer is not None,
        "finds": caller(request).may("view_personal"),
        "releases": caller(request).may("treat"),
    }
    return csv_asked(request, weeks) or render(request, "pages/messages/arriving.html", shown)


@needs("treat")
@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Send there again, for a reason."""

    def deed() -> str:
        services.release(number, why=request.POST.get("why", ""), by=caller(request).name)
        return gettext("Lifted: messages go there again.")

    return carry_out(request, deed, then="message_arriving")


def _weeks(found: list[WeekOfMail]) -> Table:
    return Table(
        "weeks",
        gettext("Mails week by week"),
        [
            Column(gettext("Week from")), Column(gettext("Sent"), "count"),
            Column(gettext("Hard bounces"), "count"), Column(gettext("Soft bounces"), "count"),
            Column(gettext("Complaints"), "count"), Column(gettext("Share of complaints")),
            Column(gettext("95 percent limits")), Column(gettext("Against Gmail's limits")),
        ],
        [
            Row(
                [
                    one.since, one.sent, one.hard_bounces, one.soft_bounces, one.complaints,
                    _share(one.complained),
                    f"{_share(one.low)} – {_share(one.high)}" if one.sent else "",
                    _verdict(one),
                ]
            )
            for one in found
            if one.sent
        ],
        note=gettext("By the week in which they were asked for. Complaints are those that a mail "
                     "service tells; Gmail tells none, so that the true share may be higher."),
    )  # fmt: skip


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2%}"


def _verdict(one: WeekOfMail) -> str:
    if one.complained is None or one.high is None:
        return ""
    if one.complained >= TURNED_AWAY:
        return gettext("Gmail turns mail away")
    if one.complained >= WATCHED:
        return gettext("above 0.1 percent: write to fewer")
    return (
        gettext("below 0.1 percent")
        if one.high < WATCHED
        else gettext("below 0.1 percent, on few mails")
    )


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "record": one.record.upper(),
        "grave": one.grave,
        "words": gettext(one.say).format(*one.what),
    }


def _stopped(one: Suppressed) -> dict[str, Any]:
    return {
        "id": one.id,
        "customer": one.customer,
        "channel": gettext(CHANNEL_NAMES.get(one.channel, one.channel)),
        "why": gettext(REASON_NAMES[f"suppressed:{one.reason}"]),
        "since": minute(one.since),
        "until": minute(one.until),
        "may_go": one.reason != "complaint",
    }
