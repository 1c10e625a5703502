"""Segments: the list, one of them, and the page on which a rule is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as people
from joren.core.errors import JorenError
from joren.core.numbers import whole_number
from joren.decide.exports.contracts import Encoding
from joren.decide.segments import selectors, services
from joren.decide.segments.contracts import (
    Counted,
    Rule,
    RuleFails,
    RuleMeaningless,
    Segment,
)
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line
from joren.project import selection
from joren.project.pages import finding, searches
from joren.project.pages.codes import partner
from joren.project.pages.rule_previews import beside, shown_preview
from joren.project.pages.sections import currency_of, of_the_latest
from joren.project.pages.segment_files import take_segment
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.taking import sent
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

PAGE: Final = 50
_MOVES: Final = 100


@needs("view_figures")
@of_the_latest("Segments")
def segments(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """Which there are, how many belong, and those that a shop expects."""
    archived = request.GET.get("archived") == "yes"
    kept = selectors.segments(archived=archived)
    counted = _counted(snapshot)
    names = {one.name for one in kept}
    called = accounts.names_of_callers()
    table = Table(
        "segments",
        gettext("Segments"),
        [
            Column(gettext("Segment")), Column(gettext("Customers"), "count"),
            Column(gettext("Came"), "count"), Column(gettext("Left"), "count"),
            Column(gettext("Rule")), Column(gettext("Owner")), Column(gettext("Next review")),
            Column(gettext("Seconds to count"), "seconds"),
        ],
        [_row(one, counted.get(one.id), called) for one in kept],
        note=gettext("Came and left: since the refresh before the newest one."),
    )  # fmt: skip
    shown = {
        "table": table,
        "any": bool(kept),
        "archived": archived,
        "failed": [
            (one, counted[one.id].error)
            for one in kept
            if one.id in counted and counted[one.id].error
        ],
        "ready": [
            {
                "place": place,
                "name": partner(one.ja, one.en),
                "use": partner(one.ja_use, one.en_use),
            }
            for place, one in enumerate(selectors.READY_MADE)
            if not names & {one.ja, one.en}
        ],
        "changes": caller(request).may("treat"),
    }
    return csv_asked(request, table) or render(request, "pages/segments/list.html", shown)


def _row(one: Segment, counted: Counted | None, called: Mapping[str, str]) -> Row:
    frozen = gettext("frozen on %(day)s") % {"day": one.frozen_on} if one.frozen_on else ""
    name = f"{one.name} ({frozen})" if frozen else one.name
    return Row(
        [
            Linked(name, reverse("segment", args=[one.id])),
            counted.members if counted else None,
            counted.entered if counted else None,
            counted.left if counted else None,
            _said(one.rule),
            called[one.owner],
            one.review_on,
            counted.seconds if counted else None,
        ]
    )


@needs("view_figures")
def segment(request: HttpRequest, number: int) -> HttpResponseBase:
    """One segment: its funnel, what it is worth, who belongs, who came and left, its versions."""
    kept = selectors.segment(number)
    return of_the_latest("Segments")(partial(_one, kept))(request)


def _one(kept: Segment, request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    rule = selectors.rule_of(kept)
    if request.GET.get("format") == "csv":
        return _file(request, kept)
    try:
        asked = _asked(request, snapshot, kept, rule)
    except (RuleFails, RuleMeaningless) as failed:
        asked = {"fails": in_one_line(failed)}
    called = accounts.names_of_callers()
    shown = {
        **asked,
        "kept": kept,
        "owner": called[kept.owner],
        "said": _said(kept.rule),
        "moves": selectors.moves_of(kept.id, limit=_MOVES),
        "versions": [
            {"one": one, "said": _said(one.rule), "by": called[one.changed_by]}
            for one in selectors.versions(kept.id)
        ],
        "changes": caller(request).may("treat"),
        "exports": caller(request).may("export"),
        "envelopes": caller(request).may("export_personal"),
        "counted": _counted(snapshot).get(kept.id),
    }
    return render(request, "pages/segments/one.html", shown)


def _asked(request: HttpRequest, snapshot: Snapshot, kept: Segment, rule: Rule) -> dict[str, Any]:
    """What the engine says of whoever belongs."""
    after = request.GET.get("after", "")
    begin = whole_number(after) or 0
    found = selectors.members_of(rule, after=begin, limit=PAGE + 1)
    here, more = found[:PAGE], len(found) > PAGE
    personal = caller(request).may("view_personal")
    preview = selectors.preview(rule)
    if personal:
        searches.note_seen(request, {*here, *preview.examples})
    return {
        "preview": shown_preview(preview, personal=personal),
        **beside(rule, without=kept.id),
        "members": _members_table(snapshot, here, preview.customers, personal=personal),
        "figures_as_of": snapshot.as_of,
        "next": str(here[-1]) if more else "",
        "later": bool(begin),
    }


def _members_table(snapshot: Snapshot, ids: Sequence[int], n: int, *, personal: bool) -> Table:
    known: Mapping[int, Mapping[str, Any]] = selection.of_these(snapshot, ids)
    rows = [known.get(one, {"customer_id": one}) for one in ids]
    return finding.table(
        selection.with_bounds(snapshot, rows),
        people.customers_among(ids),
        currency=currency_of(snapshot),
        sort=None,
        asked=QueryDict(),
        personal=personal,
        file=False,
        report=values.value_report(snapshot),
        n=n,
    )


@needs("export")
def _file(request: HttpRequest, kept: Segment) -> StreamingHttpResponse:
    """Everybody in it as a file, UTF-8 or CP932; who took it is written down."""
    who = caller(request)
    encoding: Encoding = "cp932" if request.GET.get("encoding") == "cp932" else "utf-8"
    parts = take_segment(
        kept.id, encoding=encoding, personal=who.may("export_personal"), by=who.name,
        language=get_language() or "ja",
    )  # fmt: skip
    return sent((part for part, _ in parts), kept.name, encoding)


@needs("treat")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponseBase:
    """Freeze, thaw, archive or restore."""
    verbs = {
        "freeze": services.freeze, "thaw": services.thaw,
        "archive": services.archive, "restore": services.restore,
    }  # fmt: skip
    verb = verbs.get(request.POST.get("do", ""))
    if verb is not None:
        try:
            verb(number, by=caller(request).name)
        except JorenError as refused:
            messages.error(request, in_one_line(refused))
    if request.POST.get("do") == "archive":
        return HttpResponseRedirect(reverse("segments"))
    return HttpResponseRedirect(reverse("segment", args=[number]))


def _counted(snapshot: Snapshot) -> dict[int, Counted]:
    report = selectors.report(snapshot)
    return {one.segment: one for one in report.segments} if report else {}


def _said(rule: Rule) -> str:
    return partner(*selectors.sentences(rule))
