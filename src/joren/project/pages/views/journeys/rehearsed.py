"""Whom a journey would have written to, when, and what would have stopped it; and a file of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import JourneyNotPublishable, RehearsedMessage, Send
from joren.collect.customers import selectors as people
from joren.plumbing.access import caller, needs
from joren.project.pages import searches
from joren.project.pages.codes import why
from joren.project.pages.tables import Column, Linked, Row, Table, as_csv
from joren.project.pages.views.journeys import words
from joren.project.showing import minute
from joren.protect.audit import services as audit

_PAGE: Final = 50


@needs("view_figures")
def rehearsed(request: HttpRequest, number: int) -> HttpResponseBase:
    """A page of them, by customer. Names are masked for those who may not see people, and who saw
    which is written down."""
    kept, node = selectors.journey(number), request.GET.get("node", "")
    shown: dict[str, Any] = {
        "one": kept,
        "node": node,
        "nodes": [one.id for one in kept.draft.nodes if isinstance(one, Send)],
    }
    try:
        after = request.GET.get("after", "")
        found = selectors.rehearsed_page(number, node=node, after=after, limit=_PAGE)
    except JourneyNotPublishable:
        shown["faults"] = words.faults(services.check(kept.draft))
        return render(request, "pages/journeys/rehearsed.html", shown)
    shown |= {
        "found": True,
        "any": bool(found.items),
        "table": _table(request, found.items),
        "next": urlencode({"node": node, "after": found.next}) if found.next else "",
        "later": bool(after),
        "exports": caller(request).may("export"),
    }
    return render(request, "pages/journeys/rehearsed.html", shown)


@needs("export")
def file(request: HttpRequest, number: int) -> StreamingHttpResponse | HttpResponseRedirect:
    """All of them as CSV, by number and without names; who took it is written down."""
    node = request.GET.get("node", "")
    try:
        selectors.rehearsed_page(number, node=node, limit=1)
    except JourneyNotPublishable:  # the page says what it lacks
        return HttpResponseRedirect(reverse("journey_rehearsed", args=[number]))
    audit.record(
        "journeys.rehearsal_exported", actor=caller(request).name, subject_kind="journey",
        subject_id=number,
    )  # fmt: skip
    columns = [
        Column(label)
        for label in (
            gettext("Customer"), gettext("Entered"), gettext("Node"), gettext("When"),
            gettext("Certain"), gettext("What would have stopped it"),
        )
    ]  # fmt: skip
    simulated = request.business.simulated  # type: ignore[attr-defined]  # set by our middleware
    return as_csv(Table("rehearsed", "", columns, _Lines(number, node)), simulated=simulated)


class _Lines(Sequence[Row]):
    """Rows that are reckoned as the file is written."""

    def __init__(self, number: int, node: str) -> None:
        self._number, self._node = number, node
        self._language = get_language() or "ja"

    def __iter__(self) -> Iterator[Row]:
        for one in selectors.rehearsed_messages(self._number, node=self._node):
            with override(self._language):  # the request is over by then
                row = Row([one.customer, *_said(one)])
            yield row

    def __len__(self) -> int:
        return sum(1 for _ in selectors.rehearsed_messages(self._number, node=self._node))

    def __getitem__(self, _place: Any) -> Any:
        raise NotImplementedError


def _table(request: HttpRequest, found: Sequence[RehearsedMessage]) -> Table:
    personal = caller(request).may("view_personal")
    known = people.customers_among(sorted({one.customer for one in found}))
    if personal:
        searches.note_seen(request, known)
    names = {
        number: (one if personal else one.masked()).name or f"#{number}"
        for number, one in known.items()
    }
    return Table(
        "rehearsed",
        gettext("Whom it would have written to"),
        [
            Column(gettext("Customer")), Column(gettext("Entered")), Column(gettext("Node")),
            Column(gettext("When")), Column(gettext("Certain")),
            Column(gettext("What would have stopped it")),
        ],
        [
            Row([
                Linked(names.get(one.customer, f"#{one.customer}"),
                       reverse("customer", args=[one.customer])),
                *_said(one),
            ])
            for one in found
        ],
        note=gettext("Consent and holdouts are as of today, caps by what was sent then."),
    )  # fmt: skip


def _said(one: RehearsedMessage) -> list[str | None]:
    stopped = (
        gettext("a holdout leaves them out of everything")
        if one.reason == "left_out"
        else why(one.reason)
    )
    certain = gettext("yes") if one.certain else gettext("perhaps: a way is not known")
    return [minute(one.entered_at), one.node, minute(one.at), certain, stopped]
