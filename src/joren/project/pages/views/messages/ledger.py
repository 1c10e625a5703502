"""The ledger of all messages, and of which content they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop, override
from django.views.decorators.http import require_POST

from joren.accounts.selectors import business
from joren.act.campaigns import selectors as campaigns
from joren.act.journeys import selectors as journeys
from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    KIND_NAMES,
    KINDS,
    STATE_NAMES,
    STATES,
    LedgerAsked,
    LedgerCount,
    MessageShares,
    Sent,
)
from joren.core import clock
from joren.core.errors import BadInput
from joren.plumbing.access import caller, needs
from joren.project.pages.codes import why
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Linked, Row, Table, as_csv, csv_asked
from joren.project.pages.typed import whole
from joren.project.showing import minute
from joren.protect.audit import services as audit
from joren.protect.consent.contracts import CHANNEL_NAMES

PAGE: Final = 50
_DAYS: Final = 28
_THIN: Final = 30
"""Messages below which a share tells little."""

_SOURCES: Final = {
    "campaign": gettext_noop("Campaign"),
    "journey": gettext_noop("Journey"),
    "confirmation": gettext_noop("Confirmation of a sign-up"),
}


@needs("view_figures")
def ledger(request: HttpRequest) -> HttpResponseBase:
    """Messages of all kinds, also those that were not sent, and why."""
    asked = _asked(request)
    if request.GET.get("format") == "csv":
        return _file(request, asked)
    part, counts = selectors.ledger_page(asked, after=request.GET.get("after", ""), limit=PAGE)
    query = request.GET.copy()
    query.pop("after", None)
    shown = {
        "rows": [_shown(one) for one in part.items],
        "next": urlencode([*query.items(), ("after", part.next)]) if part.next else "",
        "later": bool(request.GET.get("after")),
        "first": query.urlencode(),
        "counts": _counts(counts, query.dict()),
        "total": sum(one.n for one in counts),
        "asked": asked,
        "states": [(one, gettext(STATE_NAMES[one])) for one in STATES],
        "reasons": _reasons(asked, counts),
        "sources": _sources(),
        "chosen": f"{asked.source}:{asked.source_id}" if asked.source_id else asked.source,
        "channels": [
            (one, gettext(CHANNEL_NAMES.get(one, one))) for one in selectors.channel_names()
        ],
        "kinds": [(one, gettext(KIND_NAMES[one])) for one in KINDS],
        "personal": caller(request).may("view_personal"),
        "settles": caller(request).may("treat"),
        "unclear": any(one.state == "unknown" for one in part.items),
        "exports": caller(request).may("export"),
        "csv": urlencode([*query.items(), ("format", "csv")]),
    }
    return render(request, "pages/messages/ledger.html", shown)


@needs("treat")
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Say of messages of which nobody knows that they arrived, or send them once more."""
    numbers = [number for one in request.POST.getlist("row") if (number := whole(one)) is not None]

    def deed() -> str:
        if not numbers:
            raise BadInput("no message is chosen", hint="tick those that you know of")
        again = request.POST.get("do") == "again"
        verb = services.send_again if again else services.it_arrived
        return gettext("%(n)s messages settled.") % {"n": verb(numbers, by=caller(request).name)}

    return carry_out(request, deed, then="message_ledger")


@needs("view_figures")
def shares(request: HttpRequest) -> HttpResponseBase:
    """Of which content the messages were that left."""
    tables = [
        _shares("months", gettext("By month"), gettext("Month"), selectors.shares_by_month()),
        _shares("deciles", gettext("By decile"), gettext("Decile"), selectors.shares_by_decile()),
        _shares(
            "segments", gettext("By segment"), gettext("Segment"), selectors.shares_by_segment()
        ),
    ]
    shown = {"tables": [one for one in tables if one.rows]}
    return csv_asked(request, *tables) or render(request, "pages/messages/shares.html", shown)


def _asked(request: HttpRequest) -> LedgerAsked:
    sent = request.GET
    source, _, number = sent.get("source", "").partition(":")
    today = clock.shop_day(clock.now(), business().time_zone)
    return LedgerAsked(
        since=_day(sent.get("since"), today - timedelta(_DAYS)),
        until=_day(sent.get("until"), None),
        state=sent.get("state", ""),
        reason=sent.get("reason") or None,
        source=source,
        source_id=whole(number) or 0,
        channel=sent.get("channel", ""),
        kind=sent.get("kind", ""),
    )


def _day(text: str | None, usual: date | None) -> date | None:
    """What was typed; the field left empty asks for all days."""
    if text is None:
        return usual
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{text!r} is no day", hint="such as 2026-04-01") from None


def _shown(one: Sent) -> dict[str, Any]:
    address = ""
    if one.source in _SOURCES and one.source_id:
        address = reverse(one.source, args=[one.source_id])
    return {
        "id": one.id,
        "asked": minute(one.asked_at),
        "customer": one.customer,
        "template": one.template_name,
        "source": gettext(_SOURCES[one.source]) if one.source in _SOURCES else one.source,
        "address": address,
        "channel": gettext(CHANNEL_NAMES.get(one.channel, one.channel)),
        "state": gettext(STATE_NAMES[one.state]),
        "why": why(one.reason),
        "sent": minute(one.sent_at),
        "next": minute(one.next_at),
        "unclear": one.state == "unknown",
    }


def _counts(counts: Sequence[LedgerCount], query: dict[str, Any]) -> Table:
    def linked(one: LedgerCount) -> Linked:
        more = {**query, "state": one.state, "reason": one.reason}
        return Linked(gettext(STATE_NAMES[one.state]), f"?{urlencode(more)}")

    total = sum(one.n for one in counts)
    return Table(
        "counts",
        gettext("What became of them"),
        [
            Column(gettext("State")), Column(gettext("Why")),
            Column(gettext("Messages"), "count"), Column(gettext("Share"), "share"),
        ],
        [Row([linked(one), why(one.reason), one.n, one.n / total]) for one in counts],
        file=False,
    )  # fmt: skip


def _reasons(asked: LedgerAsked, counts: Sequence[LedgerCount]) -> list[tuple[str, str]]:
    found = {one.reason for one in counts} | ({asked.reason} if asked.reason else set())
    return sorted((one, why(one)) for one in found if one)


def _sources() -> list[tuple[str, str]]:
    """Each of a kind, and every single one that has asked for messages."""
    names = {
        **{("campaign", one.id): one.plan.name for one in campaigns.campaigns()},
        **{
            ("journey", one.id): one.name
            for one in [*journeys.journeys(), *journeys.journeys(ended=True)]
        },
    }
    single = [
        (f"{source}:{number}", f"{gettext(_SOURCES[source])} · {names[source, number]}")
        for source, number in selectors.errand_sources()
        if (source, number) in names
    ]
    return [*((one, gettext(label)) for one, label in _SOURCES.items()), *single]


@needs("export")
def _file(request: HttpRequest, asked: LedgerAsked) -> StreamingHttpResponse:
    """All of it as CSV; who took it is written down."""
    rows = sum(one.n for one in selectors.ledger_counts(asked))
    audit.record(
        "messages.ledger_exported", actor=caller(request).name, subject_kind="ledger", rows=rows
    )
    columns = [
        Column(label)
        for label in (
            gettext("Number"), gettext("Asked for"), gettext("Customer"), gettext("Message"),
            gettext("Sent by"), gettext("Message channel"), gettext("Content"), gettext("State"),
            gettext("Why"), gettext("Sent"), gettext("Comes again"),
        )
    ]  # fmt: skip
    simulated = request.business.simulated  # type: ignore[attr-defined]  # set by our middleware
    lines = _Lines(asked, personal=caller(request).may("view_personal"))
    return as_csv(Table("ledger", "", columns, lines), simulated=simulated)


class _Lines(Sequence[Row]):
    """Rows that are read as the file is written."""

    def __init__(self, asked: LedgerAsked, *, personal: bool) -> None:
        self._asked = asked
        self._personal = personal
        self._language = get_language() or "ja"

    def __iter__(self) -> Iterator[Row]:
        for one in selectors.whole_ledger(self._asked):
            with override(self._language):  # the request is over by then
                row = self._row(one)
            yield row

    def _row(self, one: Sent) -> Row:
        told = _shown(one)
        return Row(
            [
                one.id, told["asked"], one.customer if self._personal else None,
                one.template_name, told["source"], told["channel"], gettext(KIND_NAMES[one.kind]),
                told["state"], told["why"], told["sent"], told["next"],
            ]
        )  # fmt: skip

    def __len__(self) -> int:
        return sum(one.n for one in selectors.ledger_counts(self._asked))

    def __getitem__(self, _place: Any) -> Any:
        raise NotImplementedError("they are read in their order alone")


def _shares(name: str, title: str, head: str, found: Sequence[MessageShares]) -> Table:
    people = any(one.people is not None for one in found)
    more = [Column(gettext("Customers reached"), "count"), Column(gettext("of"), "count")]
    return Table(
        name,
        title,
        [
            Column(head), Column(gettext("Messages"), "count"),
            *(Column(gettext(KIND_NAMES[kind]).partition("：")[0].partition(":")[0], "share")
              for kind in KINDS),
            *(more if people else []),
        ],
        [
            Row(
                [
                    _group(one), one.n,
                    *(one.by_kind.get(kind, 0) / one.n if one.n else None for kind in KINDS),
                    *([one.reached, one.people] if people else []),
                ],
                thin=one.n < _THIN,
            )
            for one in found
        ],
        note=gettext("Rows of fewer than %(n)s messages are grey: their shares tell little.")
        % {"n": _THIN},
    )  # fmt: skip


def _group(one: MessageShares) -> Linked | str:
    if one.number:
        return Linked(one.group, reverse("segment", args=[one.number]))
    return one.group or gettext("not yet a customer")
