"""Campaigns: the calendar with what is too close, one of them with its ledger, and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts.selectors import business
from joren.act.campaigns import selectors, services
from joren.act.campaigns.contracts import (
    OPEN,
    STATE_NAMES,
    USUAL_HOURS,
    USUAL_LOOK,
    USUAL_PART,
    USUAL_SHARE,
    Campaign,
    Plan,
    Rehearsal,
    Variant,
)
from joren.act.messages import selectors as templates
from joren.act.messages.contracts import STATE_NAMES as LEDGER
from joren.core import clock
from joren.core.errors import BadInput, JorenError
from joren.decide.segments import selectors as segments
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line
from joren.project.pages.codes import why
from joren.project.pages.deeds import share_of
from joren.project.pages.rule_previews import cautions_of
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import whole
from joren.project.pages.views import (
    campaign_budgets,
    campaign_hours,
    campaign_tests,
    design_parts,
)
from joren.project.showing import minute
from joren.understand.ltv.contracts import NoSnapshot

_VARIANTS: Final = 3
"""Fields of the form; who tries more beside each other uses the API."""


@needs("view_figures")
def campaigns(request: HttpRequest) -> HttpResponseBase:
    """The calendar, drafts first, and which campaigns reach the same customers in one week."""
    found = selectors.campaigns()
    names = {one.id: one.name for one in [*segments.segments(), *segments.segments(archived=True)]}
    table = Table(
        "campaigns",
        gettext("Campaigns"),
        [
            Column(gettext("Campaign")), Column(gettext("State")), Column(gettext("Moment")),
            Column(gettext("Segment")), Column(gettext("Left out by lot"), "share"),
            Column(gettext("Customers asked for"), "count"),
        ],
        [
            Row(
                [
                    Linked(one.plan.name, reverse("campaign", args=[one.id])),
                    gettext(STATE_NAMES[one.state]), minute(one.plan.send_at),
                    names.get(one.plan.segment, ""), one.plan.share, one.asked or None,
                ]
            )
            for one in found
        ],
    )  # fmt: skip
    shown = {
        "table": table,
        "any": bool(found),
        "close": _close(found),
        "changes": caller(request).may("treat"),
    }
    return csv_asked(request, table) or render(request, "pages/campaigns/list.html", shown)


@needs("view_figures")
def campaign(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them: what it is, what became of it, and what comes next."""
    return _one(request, selectors.campaign(number))


@needs("treat")
def campaign_plan(request: HttpRequest, number: int | None = None) -> HttpResponseBase:
    """Plan one, or change what nobody has got yet."""
    kept = selectors.campaign(number) if number else None
    if request.method != "POST":
        return _form(request, _filled(kept.plan) if kept else _empty(request), kept)
    said = request.POST.dict()
    try:
        plan, by = _plan(said, kept), caller(request).name
        made = services.change(kept.id, plan, by=by) if kept else services.plan(plan, by=by)
    except JorenError as refused:
        return _form(request, said | {"refusal": refused}, kept, status=refused.status)
    messages.success(request, gettext("Saved as a draft. Try it, then let it go."))
    return HttpResponseRedirect(reverse("campaign", args=[made.id]))


@needs("treat")
@require_POST
def campaign_act(request: HttpRequest, number: int) -> HttpResponseBase:
    """Try it, let it go, or call it off."""
    by, do = caller(request).name, request.POST.get("do")
    try:
        if do == "rehearse":
            return _one(request, selectors.campaign(number), services.rehearse(number))
        if do == "schedule":
            services.schedule(number, by=by)
            messages.success(request, gettext("It goes at its moment."))
        else:
            services.call_off(number, by=by)
            messages.success(request, gettext("Called off: what has not left stays here."))
    except JorenError as refused:
        messages.error(request, in_one_line(refused))
    return HttpResponseRedirect(reverse("campaign", args=[number]))


def _one(
    request: HttpRequest, one: Campaign, rehearsal: Rehearsal | None = None
) -> HttpResponseBase:
    names = _template_names()
    ledger = _counted(
        "ledger", gettext("What became of it"),
        [
            (_variant(one, variant, names), state, reason, n)
            for (variant, state, reason), n in selectors.counts(one.id).items()
        ],
    )  # fmt: skip
    tried = _counted(
        "rehearsal", gettext("What the gate would say now"),
        [("", state, reason, n) for (state, reason), n in rehearsal.reasons.items()],
    ) if rehearsal else None  # fmt: skip
    segment = segments.segment(one.plan.segment)
    shown = {
        "one": one,
        "state": gettext(STATE_NAMES[one.state]),
        "segment": segment,
        "cautions": cautions_of([segment.id]) if one.state in OPEN else [],
        "moment": minute(one.plan.send_at),
        "variants": [
            (names.get(each.template, str(each.template)), each) for each in one.plan.variants
        ],
        "ledger": ledger,
        "tried": tried,
        "rehearsal": rehearsal,
        "budget": campaign_budgets.budget(one.plan),
        "enough": campaign_budgets.enough(rehearsal),
        "open": one.state in OPEN,
        "changes": caller(request).may("treat"),
        "live": templates.mode().live,
        **campaign_tests.panel(one, names),
        **(design_parts.of_segment(one.plan.segment, one.plan.share) if one.state in OPEN else {}),
        **campaign_hours.panel(one),
    }
    return csv_asked(request, ledger) or render(request, "pages/campaigns/one.html", shown)


def _counted(name: str, title: str, rows: Sequence[tuple[str, str, str, int]]) -> Table:
    return Table(
        name,
        title,
        [
            Column(gettext("Message")), Column(gettext("State")), Column(gettext("Why")),
            Column(gettext("Customers"), "count"),
        ],
        [
            Row([message, gettext(LEDGER[state]), why(reason), n])
            for message, state, reason, n in rows
        ],
    )  # fmt: skip


def _variant(one: Campaign, place: str, names: dict[int, str]) -> str:
    number = int(place) - 1
    if number >= len(one.plan.variants):
        return place
    return names.get(one.plan.variants[number].template, place)


def _close(found: Sequence[Campaign]) -> Table | None:
    """None before there are figures, or where nothing is close."""
    try:
        pairs = selectors.collisions([one for one in found if one.state != "draft"])
    except NoSnapshot:
        return None
    return Table(
        "close",
        gettext("In one week to the same customers"),
        [
            Column(gettext("Campaign")), Column(gettext("Campaign")),
            Column(gettext("Hours apart"), "count"), Column(gettext("Customers in both"), "count"),
        ],
        [
            Row([each.one.plan.name, each.other.plan.name, round(each.hours_apart), each.customers])
            for each in pairs
        ],
        note=gettext("The gate puts off what is too much for one customer; it does not drop it."),
    ) if pairs else None  # fmt: skip


def _form(
    request: HttpRequest, said: dict[str, Any], kept: Campaign | None, *, status: int = 200
) -> HttpResponse:
    shown = {
        "said": said,
        "kept": kept,
        "segments": segments.segments(),
        "templates": [one for one in templates.templates() if one.sendable is not None],
        "variants": [
            (place, said.get(f"template_{place}", "")) for place in range(1, _VARIANTS + 1)
        ],
        "zone": business().time_zone,
        "currency": campaign_budgets.currency(),
    }
    return render(request, "pages/campaigns/plan.html", shown, status=status)


def _empty(request: HttpRequest) -> dict[str, Any]:
    return {
        "segment": request.GET.get("segment", ""),
        "share": f"{USUAL_SHARE * 100:g}",
        "expires_hours": str(USUAL_HOURS),
        "test_share": "100",
        "look_days": str(USUAL_LOOK),
        "usual_part": f"{USUAL_PART * 100:g}",
    }


def _filled(plan: Plan) -> dict[str, Any]:
    chosen = {f"template_{place}": str(one.template) for place, one in enumerate(plan.variants, 1)}
    moment = plan.send_at and plan.send_at.astimezone(clock.zone(business().time_zone))
    return chosen | {
        "name": plan.name, "segment": str(plan.segment), "reason": plan.reason,
        "share": f"{plan.share * 100:g}", "expires_hours": str(plan.expires_hours),
        "send_at": f"{moment:%Y-%m-%dT%H:%M}" if moment else "",
        "test_share": f"{plan.test_share * 100:g}", "look_days": str(plan.look_days),
        "sends_winner": "yes" if plan.sends_winner else "", **campaign_budgets.filled(plan),
        "their_clock": "yes" if plan.their_clock else "",
        "own_hour": "yes" if plan.own_hour else "", "usual_part": f"{plan.usual_part * 100:g}",
    }  # fmt: skip


def _plan(said: dict[str, Any], kept: Campaign | None) -> Plan:
    """What was typed; weights and messages that the form has no field for stay as they were."""
    before = kept.plan.variants if kept else ()
    weights = {one.template: one.weight for one in before}
    moment = said.get("send_at", "")
    chosen = [said.get(f"template_{place}", "") for place in range(1, _VARIANTS + 1)]
    templates_chosen = [_number(one, gettext("Message")) for one in chosen if one]
    return Plan(
        name=said.get("name", ""),
        segment=_number(said.get("segment", ""), gettext("Segment")),
        variants=(
            *(Variant(one, weights.get(one, 1)) for one in templates_chosen),
            *before[_VARIANTS:],
        ),
        send_at=clock.moment_of(moment, business().time_zone) if moment else None,
        expires_hours=_number(said.get("expires_hours", ""), gettext("Hours")),
        share=share_of(said.get("share", "")),
        reason=said.get("reason", ""),
        test_share=share_of(said.get("test_share", "100")),
        look_days=_number(said.get("look_days", str(USUAL_LOOK)), gettext("Days")),
        sends_winner=said.get("sends_winner") == "yes",
        own_hour=said.get("own_hour") == "yes",
        their_clock=said.get("their_clock") == "yes",
        usual_part=share_of(said.get("usual_part", f"{USUAL_PART * 100:g}")),
        **campaign_budgets.typed(said),
    )


def _number(text: str, what: str) -> int:
    if (number := whole(text)) is None:
        raise BadInput(f"{what}: {text[:60]!r}", hint=gettext("Choose one of the list."))
    return number


def _template_names() -> dict[int, str]:
    every = [*templates.templates(), *templates.templates(archived=True)]
    return {one.id: one.content.name for one in every}
