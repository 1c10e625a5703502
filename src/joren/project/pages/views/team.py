"""The team: who has which part in every action, who did well, and what was said in meetings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.core.figures import Figure
from joren.measure.practices.contracts import FIFTEEN
from joren.measure.team import selectors, services
from joren.measure.team.contracts import (
    ACTION_KIND_NAMES,
    DUTY_NAMES,
    OWNED,
    MeetingText,
    Person,
    TeamAction,
)
from joren.plumbing.access import caller, needs
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out, day_of
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import must_be_whole, whole


@needs("view_figures")
def team(request: HttpRequest) -> HttpResponseBase:
    """Every action, and who answers for it, decides, is asked, is told."""
    found = selectors.actions()
    table = Table(
        "actions",
        gettext("Who does what"),
        [
            Column(gettext("Action")), Column(gettext("Kind")),
            *(Column(gettext(words)) for words in DUTY_NAMES.values()), Column(gettext("State")),
        ],
        [
            Row(
                [
                    Linked(called(one), reverse("team_parts", args=[one.kind, one.key])),
                    gettext(ACTION_KIND_NAMES[one.kind]), _name(one.owner), _name(one.decider),
                    _names(one.consulted), _names(one.informed),
                    gettext("going on") if one.running else gettext("over"),
                ],
                thin=not one.running,
            )
            for one in found
        ],
    )  # fmt: skip
    nobodys = sum(one.running and one.owner is None for one in found)
    shown = {"table": table, "nobodys": nobodys, "here": "actions"}
    return csv_asked(request, table) or render(request, "pages/team/actions.html", shown)


@needs("view_figures")
def parts(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """One action; whoever may decide whom to treat shares its parts out."""
    one = selectors.action(kind, key)
    if request.method == "POST":
        return _share_out(request, one)
    held = {
        "owner": [one.owner.id] if one.owner else [],
        "decider": [one.decider.id] if one.decider else [],
        "consulted": [each.id for each in one.consulted],
        "informed": [each.id for each in one.informed],
    }
    shown = {
        "one": one,
        "called": called(one),
        "kind": gettext(ACTION_KIND_NAMES[one.kind]),
        "owned": one.kind in OWNED,
        "page": _page(one),
        "held": held,
        "alone": [(duty, gettext(DUTY_NAMES[duty]), held[duty]) for duty in _alone(one)],
        "several": [
            (duty, gettext(DUTY_NAMES[duty]), held[duty]) for duty in ("consulted", "informed")
        ],
        "members": members(),
        "changes": caller(request).may("treat"),
        "here": "actions",
    }
    return render(request, "pages/team/parts.html", shown)


@needs("treat")
def _share_out(request: HttpRequest, one: TeamAction) -> HttpResponse:
    sent = request.POST

    def deed() -> str:
        wanted = {
            duty: [must_be_whole(each) for each in sent.getlist(duty) if each]
            for duty in (*_alone(one), "consulted", "informed")
        }
        services.share_out(one.kind, one.key, wanted, by=caller(request).name)
        return gettext("The parts are kept.")

    return carry_out(request, deed, then="team")


@needs("view_figures")
def praise(request: HttpRequest) -> HttpResponseBase:
    """Who did what well, and whom results call to thank."""
    said, due = selectors.praises(), selectors.deserved()
    table = Table(
        "praise",
        gettext("Who did well"),
        [
            Column(gettext("Day")), Column(gettext("Who")), Column(gettext("What")),
            Column(gettext("What came of it")), Column(gettext("Said by")),
        ],
        [
            Row([one.on, one.person.name, one.what, one.why or None, _by(one.said_by)])
            for one in said
        ],
    )  # fmt: skip
    shown = {
        "table": table,
        "said": said,
        "due": [
            {"one": one, "figure": Figure("realised", one.money, one.currency)
             if one.money is not None else None}
            for one in due
        ],
        "members": members(),
        "today": _today(),
        "changes": caller(request).may("treat"),
        "here": "praise",
    }  # fmt: skip
    return csv_asked(request, table) or render(request, "pages/team/praise.html", shown)


@needs("treat")
@require_POST
def praise_act(request: HttpRequest) -> HttpResponse:
    """Thank somebody, or take it back."""
    sent, by = request.POST, caller(request).name

    def thank() -> str:
        services.thank(
            must_be_whole(sent.get("member", "")), what=sent.get("what", ""),
            why=sent.get("why", ""), on=day_of(sent["on"]) if sent.get("on") else None,
            source=sent.get("source", ""), key=sent.get("key", ""), by=by,
        )  # fmt: skip
        return gettext("It is written down.")

    def take_back() -> str:
        services.take_back_praise(must_be_whole(sent.get("number", "")), by=by)
        return gettext("It is taken back.")

    deed: Callable[[], str] = take_back if sent.get("do") == "take_back" else thank
    return carry_out(request, deed, then="team_praise")


@needs("view_figures")
def meetings(request: HttpRequest) -> HttpResponseBase:
    """What was said, newest first; one to be changed, by its number."""
    number = whole(request.GET.get("change", ""))
    shown = {
        "found": selectors.meetings(),
        "change": selectors.meeting(number) if number else None,
        "members": members(),
        "today": _today(),
        "changes": caller(request).may("treat"),
        "here": "meetings",
    }
    return render(request, "pages/team/meetings.html", shown)


@needs("treat")
@require_POST
def meeting_act(request: HttpRequest) -> HttpResponse:
    """Keep a meeting's notes, or take them away."""
    sent, by = request.POST, caller(request).name

    def keep() -> str:
        text = MeetingText(
            day_of(sent.get("held_on", "")), sent.get("title", ""), sent.get("notes", ""),
            tuple(must_be_whole(one) for one in sent.getlist("present")),
        )  # fmt: skip
        services.keep_meeting(text, number=whole(sent.get("number", "")), by=by)
        return gettext("The notes are kept.")

    def forget() -> str:
        services.forget_meeting(must_be_whole(sent.get("number", "")), by=by)
        return gettext("The notes are gone.")

    deed: Callable[[], str] = forget if sent.get("do") == "forget" else keep
    return carry_out(request, deed, then="team_meetings")


def called(one: TeamAction) -> str:
    """What an action is called; one of the fifteen in the reader's language."""
    if one.kind == "practice" and one.key in FIFTEEN:
        return partner(*FIFTEEN[one.key])
    return one.name


def members() -> list[Person]:
    """Those who may sign in, by name."""
    return [
        Person(int(each.id), each.name or each.email) for each in accounts.members() if each.active
    ]


def _alone(one: TeamAction) -> tuple[str, ...]:
    return ("decider",) if one.kind in OWNED else ("owner", "decider")


def _page(one: TeamAction) -> str:
    if one.kind == "segment":
        return reverse("strategy", args=[int(one.key)])
    if one.kind == "practice":
        return reverse("practice", args=[one.key])
    return reverse(one.kind, args=[int(one.key)])


def _name(one: Person | None) -> str | None:
    return one.name if one else None


def _names(some: Sequence[Person]) -> str | None:
    return "、".join(one.name for one in some) or None


def _by(name: str) -> str:
    return accounts.names_of_callers()[name]


def _today() -> str:
    return str(clock.shop_day(clock.now(), accounts.business().time_zone))
