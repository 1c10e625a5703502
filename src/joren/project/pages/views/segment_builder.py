"""The page on which a segment's rule is made: rows, whom it fits now, and beside what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.core.errors import JorenError
from joren.decide.segments import selectors, services
from joren.decide.segments.contracts import (
    All,
    NotReady,
    Rule,
    RuleFails,
    RuleMeaningless,
    Segment,
)
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line
from joren.project.pages import event_rows, rule_picks, rule_rows, rule_showing
from joren.project.pages.codes import partner
from joren.project.pages.rule_changes import BUTTONS, changed, movable
from joren.project.pages.rule_previews import beside, shown_preview, unit
from joren.project.pages.searches import note_seen
from joren.project.pages.sections import currency_of
from joren.project.pages.typed import whole
from joren.understand.ltv.contracts import NoSnapshot


@needs("treat")
def new(request: HttpRequest) -> HttpResponseBase:
    """Make a rule: with rows, or from one that joren brings."""
    if request.method == "POST":
        return _saved(request, None)
    ready = whole(request.GET.get("ready", ""), most=len(selectors.READY_MADE) - 1)
    if ready is not None:
        chosen = selectors.READY_MADE[ready]
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
def compare(request: HttpRequest) -> HttpResponseBase:
    """What the rule's customers are worth beside all others, and in which segments they are."""
    return render(request, "pages/segments/_beside.html", _beside(request.POST))


@needs("treat")
def values(request: HttpRequest) -> HttpResponseBase:
    """The values that hold what was typed into the search of a row, as options of a list."""
    asked = request.GET
    key, where = asked.get("key", ""), asked.get("where", "")
    listed = rule_picks.list_of_where(key, where) if where else rule_picks.list_of(key)
    typed = next((asked.get(name, "") for name in asked if name not in ("key", "where")), "")
    found: Sequence[selectors.Pickable] = ()
    with suppress(NotReady, NoSnapshot, RuleMeaningless):
        found = selectors.pickable(*listed, typed) if listed else ()
    return render(request, "pages/segments/_values.html", {"found": found})


def _beside(sent: QueryDict) -> dict[str, Any]:
    kept = whole(sent.get("kept", ""))
    try:
        rule = _from_json(sent.get("json", "")) if sent.get("json", "").strip() else _of_rows(sent)
        return {"compared": True, **beside(rule, without=kept)}
    except (NotReady, NoSnapshot, RuleFails, RuleMeaningless) as refused:
        return {"compared": True, "incomparable": in_one_line(refused)}


def _of_rows(sent: QueryDict) -> Rule:
    """The rule of those rows that are complete."""
    minor = unit()
    rows = rule_rows.complete(rule_rows.read(sent), unit=minor)
    rule = rule_rows.rule_of(rows, rule_rows.match_of(sent), unit=minor)
    selectors.check(rule)
    return rule


def _builder(
    request: HttpRequest, rule: Rule, *, kept: Segment | None = None, name: str, note: str
) -> HttpResponse:
    found = rule_rows.rows_of(rule, unit=unit())
    rows, match = found or ([], "all")
    state = _state(request, rows, match, rule if found is None else None)
    shown = {**state, "kept": kept, "name": name, "note": note}
    return render(request, "pages/segments/build.html", shown)


def _saved(request: HttpRequest, kept: Segment | None) -> HttpResponseBase:
    sent = request.POST
    if sent.keys() & {*BUTTONS, "compare"}:  # without scripts they send the whole form
        shown = {**_built(request), "kept": kept, "name": sent.get("name", ""),
                 "note": sent.get("note", "")}  # fmt: skip
        if "compare" in sent:
            shown |= _beside(sent)
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
    return rule_rows.rule_of(rule_rows.read(sent), rule_rows.match_of(sent), unit=unit())


def _from_json(text: str) -> Rule:
    try:
        return selectors.read(json.loads(text))
    except (ValueError, RecursionError) as broken:
        raise RuleMeaningless(f"the rule is no JSON: {broken}", hint="") from None


def _built(request: HttpRequest) -> dict[str, Any]:
    """The rows after what was asked for (one more, one less, a group), and the preview."""
    sent = request.POST
    now, rule = changed(sent), None
    if sent.get("json", "").strip():
        try:
            rule = _from_json(sent.get("json", ""))
        except RuleMeaningless as refused:
            return {**_state(request, now.rows, "all", None), "json": sent["json"],
                    "unready": in_one_line(refused)}  # fmt: skip
    state = _state(request, now.rows, rule_rows.match_of(sent), rule)
    return {**state, "unmatched": now.unmatched, "go_to_row": now.row, "go_to_field": now.field}


def _state(
    request: HttpRequest, rows: Sequence[rule_rows.Typed], match: str, rule: Rule | None
) -> dict[str, Any]:
    """What the form shows: its rows, the rule as JSON, and whom it fits."""
    personal = caller(request).may("view_personal")
    minor = unit()
    stores = {int(one.id): one.name for one in people.stores()}
    names = {one.id: one.name for one in selectors.segments()}
    listed = movable(rule_showing.shown(rows, unit=minor, stores=stores, segments=names))
    typed = rule_rows.complete([row.typed for row in listed], unit=minor)
    shown: dict[str, Any] = {
        "rows": rule_showing.nested(listed),
        "match": match,
        "least": match not in ("all", "any"),
        "conditions": rule_showing.listed(),
        "events": event_rows.suggestions(),
        "currency": currency_of(None),
        "json": json.dumps(selectors.written(rule), ensure_ascii=False, indent=1) if rule else "",
        "unfinished": len(listed) - len(typed),
    }
    try:
        asked = rule if rule is not None else rule_rows.rule_of(typed, match, unit=minor)
        selectors.check(asked)
        found = selectors.preview(asked)
        shown["preview"] = shown_preview(found, personal=personal)
        if personal:
            note_seen(request, found.examples)
    except (NotReady, NoSnapshot, RuleFails, RuleMeaningless) as refused:
        shown["unready"] = in_one_line(refused)
    return shown
