"""Do mails arrive? Records of the domain, complaints week by week, and where nothing is sent."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
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
    MailboxShare,
    Suppressed,
    WeekOfMail,
)
from joren.core.errors import JorenError
from joren.core.people import people
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Row, Table, csv_asked
from joren.project.pages.typed import whole
from joren.project.pages.views.messages import words
from joren.project.showing import minute
from joren.protect.consent.contracts import CHANNEL_NAMES

_PAGE: Final = 50
_NOTICES: Final = 10
OTHERS: Final = "other"
_RECORDS: Final = ("spf", "dkim", "dmarc")


@needs("view_figures")
def arriving(request: HttpRequest) -> HttpResponseBase:
    """By POST: records are looked at, or somebody is found by an address that no URL shows."""
    sent = request.POST
    number = request.GET.get("customer", "")
    customer = whole(number)
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
    if sent.get("do") == "ask" and caller(request).may("treat"):
        typed |= _looked_up(request)
    looked = any(typed.values()) or sent.get("do") == "ask"
    mailboxes = _mailboxes(selectors.mailbox_shares())
    sender = selectors.sender()
    shown = {
        "weeks": weeks,
        "mailboxes": mailboxes,
        "asks": caller(request).may("treat") and selectors.mode("email").live,
        "dkim_selector": sent.get("selector", ""),
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
        **_returned(request),
        "finds": caller(request).may("view_personal"),
        "releases": caller(request).may("treat"),
    }
    return csv_asked(request, weeks, mailboxes) or render(
        request, "pages/messages/arriving.html", shown
    )


@needs("treat")
@require_POST
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Send there again, for a reason."""

    def deed() -> str:
        services.release(number, why=request.POST.get("why", ""), by=caller(request).name)
        return gettext("Lifted: messages go there again.")

    return carry_out(request, deed, then="message_arriving")


@needs("treat")
@require_POST
def settle_returned(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody looked at a notice."""

    def deed() -> str:
        services.settle_returned(number, by=caller(request).name)
        return gettext("Settled: what the notice said is gone.")

    return carry_out(request, deed, then="message_arriving")


def _returned(request: HttpRequest) -> dict[str, Any]:
    """Notices that nobody recognised; what they say is for those who may see personal data."""
    if not caller(request).may("view_personal"):
        return {"returned_count": selectors.returned_count()}
    part = selectors.returned(after=request.GET.get("notices", ""), limit=_NOTICES)
    return {
        "returned_count": selectors.returned_count(),
        "returned": [(one, minute(one.at)) for one in part.items],
        "returned_next": part.next,
    }


def _looked_up(request: HttpRequest) -> dict[str, str]:
    """What DNS says, in the fields in which it could have been pasted."""
    try:
        found = services.look_up_records(selector=request.POST.get("selector", ""))
    except JorenError as refused:
        messages.error(request, in_one_line(refused))
        return {}
    for record in found.trouble:
        said = gettext("DNS did not answer in time for %(record)s. Try again, or paste it.")
        messages.warning(request, said % {"record": record.upper()})
    return {"spf": found.spf, "dkim": found.dkim, "dmarc": found.dmarc}


def _mailboxes(found: list[MailboxShare]) -> Table:
    return Table(
        "mailboxes",
        gettext("By the recipients' mailboxes, 28 days"),
        [
            Column(gettext("Mailboxes")), Column(gettext("Sent"), "count"),
            Column(gettext("Hard bounces"), "count"), Column(gettext("Soft bounces"), "count"),
            Column(gettext("Complaints"), "count"), Column(gettext("Share of complaints")),
            Column(gettext("95 percent limits")), Column(gettext("Against Gmail's limits")),
        ],
        [
            Row(
                [
                    gettext("all others") if one.mailbox == OTHERS else one.mailbox, one.sent,
                    one.hard_bounces, one.soft_bounces, one.complaints, _share(one.complained),
                    f"{_share(one.low)} – {_share(one.high)}", _verdict(one),
                ]
            )
            for one in found
        ],
        note=gettext("The domain of a small mailbox may be a person's: they stand together."),
    )  # fmt: skip


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


def _verdict(one: WeekOfMail | MailboxShare) -> str:
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
