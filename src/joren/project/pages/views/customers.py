"""The list of customers: found by words, chosen by figures, and taken away as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import Customer
from joren.collect.quality.selectors import verdicts_in
from joren.core.figures import Figure
from joren.core.money import UNKNOWN_CURRENCY, decimals
from joren.plumbing.access import caller, needs
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.project.pages import finding, searches
from joren.project.pages.sections import currency_of
from joren.project.pages.taking import as_file
from joren.project.pages.typed import whole
from joren.project.selection import Wanted
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

PAGE: Final = 50


@needs("view_figures")
def customers(request: HttpRequest) -> HttpResponseBase:
    words = searches.words_of(request)
    if words is None:
        # Without them the same address would list, or give away as a file, everybody.
        messages.warning(request, gettext("This search has ended. Type the words again."))
        return HttpResponseRedirect(_address(request.GET))
    snapshot = warehouse().snapshots.latest()
    if snapshot is None:
        return _without_figures(request, words)
    unit = _unit(snapshot)
    wanted = selection.read(dict(request.GET.lists()), unit=unit)
    found = searches.found(words) if words else []
    if words and (wanted.any or request.GET.get("format") == "csv"):
        wanted = Wanted(wanted.choices, wanted.ranges, wanted.since, tuple(found))
    if request.GET.get("format") == "csv":
        return _file(request, snapshot, wanted)
    if words and not wanted.any:
        return _of_words(request, snapshot, found, words)
    sort = request.GET.get("sort") or "-revenue_past"
    listed = selection.members(
        snapshot, wanted, sort=sort, after=request.GET.get("after", ""), limit=PAGE
    )
    who = people.customers_among([row["customer_id"] for row in listed.items])
    return _page(
        request,
        snapshot,
        wanted,
        listed.items,
        who,
        words=words,
        after=listed.next,
        many=len(found) >= searches.FOUND,
    )


def _of_words(
    request: HttpRequest, snapshot: Snapshot, found: Sequence[int], words: str
) -> HttpResponse:
    """A page of those whom the words find, in the order in which they were found or in another."""
    here = selection.by_words(
        snapshot, found, sort=request.GET.get("sort", ""), after=request.GET.get("after", ""),
        limit=PAGE,
    )  # fmt: skip
    return _page(
        request,
        snapshot,
        Wanted(),
        here.items,
        people.customers_among([row["customer_id"] for row in here.items]),
        words=words,
        after=here.next,
        many=len(found) >= searches.FOUND,
        count=len(found),
    )


@needs("view_personal")
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Keep the words and lead to an address that does not say them."""
    address = _address(request.POST)
    token = searches.begin(request)
    if not token:
        return HttpResponseRedirect(address)
    return HttpResponseRedirect(
        f"{address}{'&' if '?' in address else '?'}{searches.ASKED}={token}"
    )


def _address(asked: QueryDict) -> str:
    """The list by the same filter and in the same order, whoever was searched for."""
    kept = asked.copy()
    for name in ("q", "csrfmiddlewaretoken", searches.ASKED, "after", "format", "table"):
        kept.pop(name, None)
    query = kept.urlencode()
    return reverse("customers") + (f"?{query}" if query else "")


def _totals(snapshot: Snapshot, wanted: Wanted) -> tuple[Figure, ...]:
    """What those on the list add up to."""
    found, day = selection.totals(snapshot, wanted), f"{snapshot.as_of}"
    n, currency = found.customers, currency_of(snapshot)
    return (
        Figure("customers", n, "customers", as_of=day),
        Figure("revenue_past", found.revenue_past, currency, n=n, as_of=day),
        Figure("revenue_365d", found.revenue_365d, currency, n=n, as_of=day),
    )


def _page(
    request: HttpRequest,
    snapshot: Snapshot,
    wanted: Wanted,
    rows: Sequence[Mapping[str, Any]],
    who: Mapping[int, Customer],
    *,
    words: str,
    after: str = "",
    many: bool = False,
    count: int = 0,
) -> HttpResponse:
    personal = caller(request).may("view_personal")
    if personal:
        searches.note_seen(request, who)
    report = values.value_report(snapshot)
    totals = _totals(snapshot, wanted) if wanted.any or not words else ()
    listed = finding.table(
        selection.with_bounds(snapshot, rows),
        who,
        report=report,
        n=totals[-1].n if totals else count,
        currency=currency_of(snapshot),
        sort=request.GET.get("sort") or ("" if words else "-revenue_past"),
        asked=request.GET,
        personal=personal,
        file=caller(request).may("export"),
    )
    onward = request.GET.copy()
    onward["after"] = after
    shown = {
        "words": words,
        "personal": personal,
        "form": finding.form(request.GET, wanted, report),
        "found": listed,
        "any": bool(rows),
        "figures_as_of": snapshot.as_of,
        "totals": totals,
        "next": onward.urlencode() if after else "",
        "later": bool(request.GET.get("after")),
        "many": many,
        "doubles": _doubles(request),
        "verdicts": verdicts_in(warehouse(), snapshot, "rfm", "predictions"),
        "count": f"{count:,}" if count else "",
        "asked": [
            (name, value)
            for name, values in request.GET.lists()
            if name not in (searches.ASKED, "after")
            for value in values
        ],
    }
    return render(request, "pages/customers.html", shown)


def _doubles(request: HttpRequest) -> int:
    """How many pairs may be one person, for whoever may say so."""
    if not caller(request).may("edit_people"):
        return 0
    return sum(count for name, count in people.doubles_waiting().items() if name != "household")


def _without_figures(request: HttpRequest, words: str) -> HttpResponse:
    """Before the first refresh people can be found already, if one may see them."""
    personal = caller(request).may("view_personal")
    asked = request.GET.get("after", "")
    if words and personal:
        found = searches.found(words)
        here = selection.by_words(None, found, after=asked, limit=PAGE)
        rows, after = here.items, here.next
        who = people.customers_among([row["customer_id"] for row in rows])
    else:
        found, begin = [], whole(asked) or 0
        listed_on = people.everybody(limit=PAGE + 1, after=begin) if personal else []
        who = {one.id: one for one in listed_on[:PAGE]}
        after = str(max(who)) if len(listed_on) > PAGE else ""
        rows = tuple({"customer_id": one} for one in who)
    searches.note_seen(request, who)
    listed = finding.table(
        rows,
        who,
        currency=UNKNOWN_CURRENCY,
        sort=None,
        asked=request.GET,
        personal=personal,
        file=False,
    )
    onward = request.GET.copy()
    onward["after"] = after
    told = {
        "words": words,
        "personal": personal,
        "found": listed,
        "any": bool(rows),
        "next": onward.urlencode() if after else "",
        "later": bool(asked),
        "many": len(found) >= searches.FOUND,
        "count": f"{len(found):,}" if found else "",
        "empty": not rows and not words and not asked,
    }
    return render(request, "pages/customers.html", told)


@needs("export")
def _file(request: HttpRequest, snapshot: Snapshot, wanted: Wanted) -> StreamingHttpResponse:
    """The filtered list as a file; who took it, and by which filter, is written down."""
    who = caller(request)
    personal = who.may("export_personal")
    audit.record(
        "customers.exported",
        actor=who.name,
        subject_kind="snapshot",
        subject_id=snapshot.id,
        customers=selection.totals(snapshot, wanted).customers,
        personal=personal,
        **_plain(wanted),
    )
    simulated = request.business.simulated  # type: ignore[attr-defined]  # set by our middleware
    return as_file(
        snapshot,
        selection.chosen(snapshot, wanted),
        "simulated-customers" if simulated else gettext("customers"),
        personal=personal,
        simulated=simulated,
    )


def _plain(wanted: Wanted) -> dict[str, Any]:
    """The filter for the book of deeds. Words that find a person are not kept there."""
    told: dict[str, Any] = {name: list(asked) for name, asked in wanted.choices.items()}
    for name, one in wanted.ranges.items():
        for end, bound in (("from", one.low), ("to", one.high)):
            if bound is not None:
                told[f"{name}_{end}"] = f"{bound:%Y%m%d}" if isinstance(bound, date) else bound
    return told | ({"by_words": True} if wanted.ids is not None else {})


def _unit(snapshot: Snapshot) -> int:
    """Minor units of one that people type."""
    return int(10 ** decimals(currency_of(snapshot)))
