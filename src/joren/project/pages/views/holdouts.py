"""Holdouts: which there are, one of them with its arms as files, and the page that draws one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.core.errors import BadInput, JorenError
from joren.core.money import Money
from joren.decide.holdouts import selectors, services
from joren.decide.holdouts.contracts import ARMS, FEWEST_GLOBAL, Holdout
from joren.decide.segments import selectors as segments
from joren.measure.experiments import selectors as effects
from joren.measure.experiments import services as saying
from joren.measure.experiments.contracts import COST_KINDS, USUAL_HORIZON, USUAL_LIFT
from joren.plumbing.access import caller, needs
from joren.plumbing.http import file_answer
from joren.plumbing.problems import in_one_line
from joren.project import selection
from joren.project.pages.deeds import carry_out, day_of, share_of
from joren.project.pages.sections import of_the_latest
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.taking import as_file
from joren.project.pages.views.effect_exposure import exposure_of
from joren.project.pages.views.effect_parts import parts_of
from joren.protect.audit import services as audit
from joren.warehouse import Snapshot

_USUAL: Final = "10"


@needs("view_figures")
def holdouts(request: HttpRequest) -> HttpResponseBase:
    """All of them, newest first, with what is to be done next."""
    found = selectors.holdouts()
    names = {one.id: one.name for one in [*segments.segments(), *segments.segments(archived=True)]}
    table = Table(
        "holdouts",
        gettext("Holdouts"),
        [
            Column(gettext("Holdout")), Column(gettext("Audience")),
            Column(gettext("Treated"), "count"), Column(gettext("Held out"), "count"),
            Column(gettext("Drawn")), Column(gettext("Reached")), Column(gettext("State")),
        ],
        [
            Row(
                [
                    Linked(one.name, reverse("holdout", args=[one.id])),
                    _audience(one, names),
                    one.treated, one.held_out, one.drawn_at.date(), one.treated_on, _state(one),
                ]
            )
            for one in found
        ],
    )  # fmt: skip
    rule = selectors.global_rule()
    shown = {
        "table": table,
        "any": bool(found),
        "rule": rule,
        "percent": f"{rule.share * 100:g}",
        "running": [one for one in found if one.kind == "global" and one.closed_at is None],
        "fewest": FEWEST_GLOBAL,
        "changes": caller(request).may("treat"),
    }
    return csv_asked(request, table) or render(request, "pages/holdouts/list.html", shown)


@needs("treat")
@require_POST
def set_global(request: HttpRequest) -> HttpResponseBase:
    """Choose the share of all customers that is left out of everything."""

    def deed() -> str:
        share = share_of(request.POST.get("share", ""))
        services.set_global(share, by=caller(request).name, reason=request.POST.get("reason", ""))
        return gettext("Saved. Another share holds from the next cohort on.")

    return carry_out(request, deed, then="holdouts")


@needs("view_figures")
def holdout(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them: its arms by decile, and the customers of an arm as a file."""
    one = selectors.holdout(number)
    arm = request.GET.get("arm", "")
    if request.GET.get("format") == "csv" and arm == "log":
        return _log(request, one)
    if request.GET.get("format") == "csv" and arm in ARMS:
        return of_the_latest("Holdouts")(partial(_taken, one, arm))(request)
    strata = Table(
        "strata",
        gettext("Arms by decile of value"),
        [
            Column(gettext("Decile")), Column(gettext("Treated"), "count"),
            Column(gettext("Held out"), "count"), Column(gettext("Share left out"), "share"),
        ],
        [
            Row(
                [
                    str(row.stratum) if row.stratum else gettext("not bought yet"),
                    row.treated, row.held_out, row.held_out / (row.treated + row.held_out),
                ]
            )
            for row in selectors.strata(number)
        ],
        note=gettext("Decile 1 is the tenth of customers with the highest revenue to date."),
    )  # fmt: skip
    effect, reached = parts_of(number), exposure_of(number)
    shown: dict[str, Any] = {
        "one": one,
        "effect": effect,
        "reached": reached,
        "segment": segments.segment(one.segment_id) if one.segment_id else None,
        "state": _state(one),
        "share": one.design.share,
        "strata": strata,
        "wrong": effect.result.unlike_the_lot if effect else 0,
        "changes": caller(request).may("treat") and one.closed_at is None,
        "costs": caller(request).may("treat"),
        "exports": caller(request).may("export"),
    }
    tables = [strata, *(effect.tables if effect else []), *reached.tables]
    return csv_asked(request, *tables) or render(request, "pages/holdouts/one.html", shown)


def _taken(one: Holdout, arm: str, request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    return _file(request, one, arm, snapshot)


@needs("export")
def _log(request: HttpRequest, one: Holdout) -> HttpResponse:
    """The log of the lot as a file; who took it is written down."""
    audit.record(
        "holdouts.exported", actor=caller(request).name, subject_kind="holdout", subject_id=one.id,
        arm="log", customers=one.customers, personal=False,
    )  # fmt: skip
    return file_answer(selectors.log_file(one.id, "csv"), "csv", f"holdout-{one.id}-log")


@needs("export")
def _file(request: HttpRequest, one: Holdout, arm: str, snapshot: Snapshot) -> HttpResponseBase:
    """One arm as a file, UTF-8 or CP932; who took it is written down."""
    who = caller(request)
    personal = who.may("export_personal")
    chosen = next(each for each in ARMS if each == arm)
    audit.record(
        "holdouts.exported", actor=who.name, subject_kind="holdout", subject_id=one.id,
        arm=arm, customers=one.treated if arm == "treated" else one.held_out, personal=personal,
    )  # fmt: skip
    word = gettext("treated") if arm == "treated" else gettext("left out")
    return as_file(
        snapshot, selection.of_customers(snapshot, selectors.arm(one.id, chosen)),
        f"{one.name} {word}", personal=personal,
        simulated=request.business.simulated,  # type: ignore[attr-defined]  # set by our middleware
        encoding="cp932" if request.GET.get("encoding") == "cp932" else "utf-8",
    )  # fmt: skip


@needs("treat")
def draw(request: HttpRequest, number: int) -> HttpResponseBase:
    """Divide a segment's members by lot."""
    kept = segments.segment(number)
    sent = request.POST if request.method == "POST" else {}
    shown: dict[str, Any] = {
        "kept": kept,
        "name": sent.get("name", ""),
        "share": sent.get("share") or request.GET.get("share", _USUAL),
        "note": sent.get("note", ""),
    }
    if request.method == "POST":
        try:
            made = services.divide(
                number, name=shown["name"], share=share_of(shown["share"]), note=shown["note"],
                by=caller(request).name,
            )  # fmt: skip
        except JorenError as refused:
            return _form(request, shown | {"refusal": refused}, status=refused.status)
        messages.success(request, gettext("The lot is drawn. Treat those who are not left out."))
        return HttpResponseRedirect(reverse("holdout", args=[made.id]))
    return _form(request, shown)


def _form(request: HttpRequest, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    asked = request.GET
    shown["days"] = asked.get("days", str(USUAL_HORIZON))
    shown["lift"] = asked.get("lift", f"{USUAL_LIFT * 100:g}")
    try:
        shown["members"] = segments.size(segments.rule_of(shown["kept"]))
        shown["design"] = effects.design(
            shown["kept"].id, share=share_of(shown["share"]), days=_whole(shown["days"]),
            lift=share_of(shown["lift"]),
        )  # fmt: skip
        found = shown["design"]
        shown["measures"] = (
            found.spend, found.smallest, found.smallest_together, found.smallest_lift,
            found.held_back,
        )  # fmt: skip
    except JorenError as early:
        shown["unready"] = in_one_line(early)
    return render(request, "pages/holdouts/draw.html", shown, status=status)


@needs("treat")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponseBase:
    """Say when the treated were reached or what it cost, or end it."""
    by = caller(request).name
    try:
        if request.POST.get("do") == "close":
            services.close(number, by=by)
        elif request.POST.get("do") == "costs":
            _say_costs(request, number, by)
        elif request.POST.get("do") == "plan":
            _plan(request, number, by)
        else:
            services.reached(number, on=day_of(request.POST.get("on", "")), by=by)
    except JorenError as refused:
        messages.error(request, in_one_line(refused))
    return HttpResponseRedirect(reverse("holdout", args=[number]))


def _say_costs(request: HttpRequest, number: int, by: str) -> None:
    """Those kinds whose amount was changed; an empty one takes back what was said."""
    found = effects.result(number)
    for kind in COST_KINDS:
        typed = request.POST.get(kind, "").strip()
        amount = Money.parse(typed, found.realised.unit).minor if typed else None
        if amount != found.cost.said.get(kind):
            saying.say_cost(number, kind=kind, amount=amount, by=by)


def _plan(request: HttpRequest, number: int, by: str) -> None:
    said = request.POST
    customers = said.get("customers", "").replace(",", "").strip()
    saying.plan(
        number, by=by, horizon_days=_whole(said.get("days", "")),
        looks=_whole(said.get("looks", "1")), lift=share_of(said.get("lift", "")),
        customers=_whole(customers) if customers else None,
    )  # fmt: skip


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadInput(f"{text!r} is no whole number", hint="such as 90") from None


def _audience(one: Holdout, segment_names: Mapping[int, str]) -> Linked | str:
    if one.segment_id is not None:
        page = reverse("segment", args=[one.segment_id])
        return Linked(segment_names.get(one.segment_id, ""), page)
    return gettext("all customers") if one.kind == "global" else gettext("whoever comes")


def _state(one: Holdout) -> str:
    if one.closed_at is not None:
        return gettext("closed")
    if one.kind == "standing":
        return gettext("runs")
    return gettext("runs") if one.treated_on else gettext("drawn, nobody reached yet")
