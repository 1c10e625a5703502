"""Segments: the list, one of them, and the page on which a rule is made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
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

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as people
from joren.core.errors import JorenError
from joren.core.money import UNKNOWN_CURRENCY, decimals
from joren.decide.segments import selectors, services
from joren.decide.segments.contracts import (
    All,
    Counted,
    NotReady,
    Preview,
    Rule,
    RuleFails,
    RuleMeaningless,
    Segment,
)
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line
from joren.project import selection
from joren.project.pages import event_rows, finding, rule_rows, searches
from joren.project.pages.codes import partner
from joren.project.pages.sections import of_the_latest
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.taking import as_file
from joren.project.showing import USES
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot
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
            called.get(one.owner, one.owner),
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
        return _file(request, snapshot, kept, rule)
    try:
        asked = _asked(request, snapshot, kept, rule)
    except (RuleFails, RuleMeaningless) as failed:
        asked = {"fails": in_one_line(failed)}
    called = accounts.names_of_callers()
    shown = {
        **asked,
        "kept": kept,
        "owner": called.get(kept.owner, kept.owner),
        "said": _said(kept.rule),
        "moves": selectors.moves_of(kept.id, limit=_MOVES),
        "versions": [
            {"one": one, "said": _said(one.rule), "by": called.get(one.changed_by, one.changed_by)}
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
    begin = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    found = selectors.members_of(rule, after=begin, limit=PAGE + 1)
    here, more = found[:PAGE], len(found) > PAGE
    personal = caller(request).may("view_personal")
    preview = selectors.preview(rule)
    if personal:
        searches.note_seen(request, {*here, *preview.examples})
    return {
        "preview": _shown_preview(preview, personal=personal),
        "means": selectors.against_rest(rule),
        "overlaps": [one for one in selectors.overlaps(rule, without=kept.id) if one.both],
        "members": _members_table(snapshot, here, personal=personal),
        "next": str(here[-1]) if more else "",
        "later": bool(begin),
    }


def _members_table(snapshot: Snapshot, ids: Sequence[int], *, personal: bool) -> Table:
    known: Mapping[int, Mapping[str, Any]] = selection.of_these(snapshot, ids)
    return finding.table(
        [known.get(one, {"customer_id": one}) for one in ids],
        people.customers_among(ids),
        currency=_currency(snapshot),
        sort="",
        asked=QueryDict(),
        personal=personal,
        file=False,
    )


@needs("export")
def _file(
    request: HttpRequest, snapshot: Snapshot, kept: Segment, rule: Rule
) -> StreamingHttpResponse:
    """Everybody in it as a file, UTF-8 or CP932; who took it is written down."""
    who = caller(request)
    personal = who.may("export_personal")
    simulated = request.business.simulated  # type: ignore[attr-defined]
    audit.record(
        "segments.exported", actor=who.name, subject_kind="segment", subject_id=kept.id,
        customers=selectors.size(rule), personal=personal,
    )  # fmt: skip
    rows = selection.of_customers(snapshot, selectors.members_table(rule))
    return as_file(
        snapshot, rows, kept.name, personal=personal, simulated=simulated,
        encoding="cp932" if request.GET.get("encoding") == "cp932" else "utf-8",
    )  # fmt: skip


@needs("treat")
def new(request: HttpRequest) -> HttpResponseBase:
    """Make a rule: with rows, or from one that joren brings."""
    if request.method == "POST":
        return _saved(request, None)
    ready = request.GET.get("ready", "")
    if ready.isdecimal() and int(ready) < len(selectors.READY_MADE):
        chosen = selectors.READY_MADE[int(ready)]
        return _builder(
            request, chosen.rule, name=partner(chosen.ja, chosen.en),
            note=partner(chosen.ja_use, chosen.en_use),
        )  # fmt: skip
    return _builder(request, All(), name="", note="")


@needs("treat")
def edit(request: HttpRequest, number: int) -> HttpResponseBase:
    """Change a segment's rule, name and note."""
    kept = selectors.segment(number)
    if request.method == "POST":
        return _saved(request, kept)
    return _builder(request, kept.rule, kept=kept, name=kept.name, note=kept.note)


@needs("treat")
@require_POST
def build(request: HttpRequest) -> HttpResponseBase:
    """The form after a change of it, with whom the rule would fit now."""
    return render(request, "pages/segments/_built.html", _built(request))


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


def _builder(
    request: HttpRequest, rule: Rule, *, kept: Segment | None = None, name: str, note: str
) -> HttpResponse:
    found = rule_rows.rows_of(rule, unit=_unit())
    rows, match = found or ([], "all")
    personal = caller(request).may("view_personal")
    state = _state(rows, match, rule if found is None else None, personal=personal)
    shown = {**state, "kept": kept, "name": name, "note": note}
    return render(request, "pages/segments/build.html", shown)


def _saved(request: HttpRequest, kept: Segment | None) -> HttpResponseBase:
    sent = request.POST
    if "add" in sent or "remove" in sent:  # without scripts the buttons send the whole form
        shown = {**_built(request), "kept": kept, "name": sent.get("name", ""),
                 "note": sent.get("note", "")}  # fmt: skip
        return render(request, "pages/segments/build.html", shown)
    try:
        rule = _rule_sent(sent)
        said: dict[str, Any] = {"note": sent.get("note", ""), "why": sent.get("why", "")}
        by = caller(request).name
        if kept is None:
            made = services.create(sent.get("name", ""), rule, by=by, **said)
        else:
            made = services.change(kept.id, by=by, name=sent.get("name", ""), rule=rule, **said)
    except JorenError as refused:
        shown = {**_built(request), "kept": kept, "name": sent.get("name", ""),
                 "note": sent.get("note", ""), "refusal": refused}  # fmt: skip
        return render(request, "pages/segments/build.html", shown, status=refused.status)
    messages.success(request, gettext("The segment is kept."))
    return HttpResponseRedirect(reverse("segment", args=[made.id]))


def _rule_sent(sent: QueryDict) -> Rule:
    if sent.get("json", "").strip():
        return _from_json(sent.get("json", ""))
    return rule_rows.rule_of(rule_rows.read(sent), sent.get("match", "all"), unit=_unit())


def _from_json(text: str) -> Rule:
    try:
        return selectors.read(json.loads(text))
    except (ValueError, RecursionError) as broken:
        raise RuleMeaningless(f"the rule is no JSON: {broken}", hint="") from None


def _built(request: HttpRequest) -> dict[str, Any]:
    """The rows after what was asked for (one more, one less), and the preview."""
    sent = request.POST
    personal = caller(request).may("view_personal")
    rows = rule_rows.read(sent)
    removed = sent.get("remove", "")
    if removed.isdecimal() and int(removed) < len(rows):
        del rows[int(removed)]
    wanted = sent.get("more", "") if "add" in sent else ""
    key = rule_rows.key_of(wanted) if wanted else None
    rows += [rule_rows.Typed(key)] if key else []
    rule = None
    if sent.get("json", "").strip():
        try:
            rule = _from_json(sent.get("json", ""))
        except RuleMeaningless as refused:
            return {**_state(rows, "all", None, personal=personal), "json": sent["json"],
                    "unready": in_one_line(refused)}  # fmt: skip
    state = _state(rows, sent.get("match", "all"), rule, personal=personal)
    return {**state, "unmatched": "" if key else wanted}


def _state(
    rows: Sequence[rule_rows.Typed], match: str, rule: Rule | None, *, personal: bool
) -> dict[str, Any]:
    """What the form shows: its rows, the rule as JSON, and whom it fits."""
    unit = _unit()
    stores = {int(one.id): one.name for one in people.stores()}
    names = {one.id: one.name for one in selectors.segments()}
    listed = rule_rows.shown(rows, unit=unit, stores=stores, segments=names)
    whole = [row.typed for row in listed if not row.wrong]
    asked = rule if rule is not None else rule_rows.rule_of(whole, match, unit=unit)
    shown: dict[str, Any] = {
        "rows": listed,
        "match": match,
        "conditions": rule_rows.listed(),
        "events": event_rows.suggestions(),
        "currency": _currency(None),
        "json": json.dumps(selectors.written(rule), ensure_ascii=False, indent=1) if rule else "",
        "unfinished": sum(1 for row in listed if row.wrong),
    }
    try:
        selectors.check(asked)
        shown["preview"] = _shown_preview(selectors.preview(asked), personal=personal)
    except (NotReady, NoSnapshot, RuleFails, RuleMeaningless) as refused:
        shown["unready"] = in_one_line(refused)
    return shown


def _shown_preview(found: Preview, *, personal: bool) -> dict[str, Any]:
    """The preview in the reader's language, with the names of its examples."""
    who = people.customers_among(found.examples) if personal else {}
    return {
        "customers": found.customers,
        "of": found.of,
        "share": found.customers / found.of if found.of else None,
        "said": partner(found.ja, found.en),
        "steps": [
            {
                "said": partner(step.ja, step.en), "alone": step.alone, "left": step.left,
                "share": f"{step.left / max(found.of, 1):.4f}",
                "cautions": ", ".join(gettext(USES[use]) for use in step.cautions),
            }
            for step in found.steps
        ],
        "examples": [
            {"id": number, "name": (who[number].name if number in who else "") or f"#{number}"}
            for number in found.examples
        ],
    }  # fmt: skip


def _counted(snapshot: Snapshot) -> dict[int, Counted]:
    report = selectors.report(snapshot)
    return {one.segment: one for one in report.segments} if report else {}


def _said(rule: Rule) -> str:
    return partner(*selectors.sentences(rule))


def _currency(snapshot: Snapshot | None) -> str:
    try:
        newest = snapshot or values.snapshot()
    except NoSnapshot:
        return UNKNOWN_CURRENCY
    return str(newest.settings.get("currency") or UNKNOWN_CURRENCY)


def _unit() -> int:
    return int(10 ** decimals(_currency(None)))
