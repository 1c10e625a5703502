"""The list of journeys, one with who stands where, and who stands at a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import (
    OVERDUE,
    SOURCE,
    STATE_NAMES,
    Became,
    Every,
    Journey,
    JourneyNotSo,
    Moves,
    Version,
)
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import STATE_NAMES as LEDGER
from joren.core import clock
from joren.plumbing.access import caller, needs
from joren.project.pages.codes import why
from joren.project.pages.deeds import carry_out
from joren.project.pages.rule_previews import cautions_of
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import whole
from joren.project.pages.views import design_parts
from joren.project.pages.views.journeys import begun, splits, words
from joren.project.pages.views.journeys.drawing import diagram
from joren.project.showing import minute

_PAGE: Final = 50
_MOVE: Final = "move:"

Counts = dict[tuple[str, str, str], int]


@dataclass(frozen=True)
class Leads:
    """One way of a node: what it is called, where it leads ("" is the end), who went it."""

    told: str
    to: str
    passed: int | None


@dataclass(frozen=True)
class Shown:
    """A node in the drawing."""

    name: str
    kind: str
    said: str
    ways: Sequence[Leads]
    treated: int = 0
    held_out: int = 0
    first: str = ""
    last: str = ""
    letters: Sequence[tuple[str, str, int]] = ()

    @property
    def people(self) -> int:
        return self.treated + self.held_out


@needs("view_figures")
def journeys(request: HttpRequest) -> HttpResponseBase:
    """Which there are, how many are on them, and what became of the others."""
    ended = request.GET.get("ended") == "yes"
    found = selectors.overviews(ended=ended)
    table = Table(
        "journeys",
        gettext("Journeys"),
        [
            Column(gettext("Journey")), Column(gettext("State")),
            Column(gettext("Inside"), "count"), Column(gettext("Entered so far"), "count"),
            Column(gettext("Finished"), "count"), Column(gettext("Reached the goal"), "count"),
            Column(gettext("Messages sent"), "count"), Column(gettext("Held out"), "count"),
            Column(gettext("Effect")),
        ],
        [
            Row(
                [
                    Linked(one.journey.name, reverse("journey", args=[one.journey.id])),
                    gettext(STATE_NAMES[one.journey.state]), one.active, one.entered,
                    one.done + one.goal, one.goal, one.sent, one.held_out,
                    _effect(one.journey),
                ]
            )
            for one in found
        ],
        note=gettext("Finished: at the end or at the goal. Those held out are counted as well."),
    )  # fmt: skip
    shown = {
        "table": table,
        "any": bool(found),
        "ended": ended,
        "changes": caller(request).may("treat"),
        "sees": caller(request).may("view_personal"),
        "mode": messages.mode(),
        **({} if ended else begun.panel()),
    }
    return csv_asked(request, table) or render(request, "pages/journeys/list.html", shown)


@needs("view_figures")
def journey(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them: its nodes with who stands there, its messages, and what can be done."""
    kept = selectors.journey(number)
    versions = selectors.versions(number)
    which = request.GET.get("version", "")
    at = selectors.version(number, int(which)) if which.isdecimal() and len(which) < 9 else None
    if at is None and versions and which != "draft":
        at = versions[0]
    known, counts = words.names(), messages.counts_of(SOURCE, number)
    ledger = _ledger(counts)
    before = selectors.before(number, clock.now())
    inside: dict[int, int] = {}
    for one in before.moving:
        inside[one.version] = inside.get(one.version, 0) + one.people
    document = at.document if at else kept.draft
    share = selectors.share_left_out(kept.holdout)
    shown = {
        "one": kept,
        "sums": selectors.overview(number),
        "state": gettext(STATE_NAMES[kept.state]),
        "triggers": [words.occasion(each, known) for each in document.triggers],
        "goals": [words.occasion(each, known) for each in document.goal],
        "document": document,
        "nodes": (nodes := _drawn(at, kept, counts, known)),
        "diagram": diagram(document, known, people={one.name: one.people for one in nodes}),
        "drawn_to": "nodes",
        "at": at,
        "versions": [(each, inside.get(each.number, 0)) for each in versions],
        "splits": (beside := splits.panels(number) if versions else []),
        "ledger": ledger,
        "before": before,
        "moves": [(f"{_MOVE}{one.version}:{one.node}", one) for one in before.moving],
        "choices": [node.id for node in kept.draft.nodes],
        "faults": words.faults(services.check(kept.draft)),
        "changed": not versions or versions[0].document != kept.draft,
        "share_before": share if versions and share != kept.draft.holdout else None,
        "policies": _policies(),
        "changes": caller(request).may("treat"),
        "mode": messages.mode(),
        "cautions": cautions_of(
            each.segment for each in document.triggers if isinstance(each, Moves | Every)
        )
        if kept.state != "ended"
        else [],
        **(design_parts.of_holdout(kept.holdout) if kept.state != "ended" else {}),
    }
    tables = [ledger, *(one.table for one in beside)]
    return csv_asked(request, *tables) or render(request, "pages/journeys/one.html", shown)


@needs("treat")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Publish, pause, resume or end."""
    sent, by = request.POST, caller(request).name

    def deed() -> str:
        do = sent.get("do", "")
        if do == "publish":
            services.publish(number, by=by, why=sent.get("why", ""), moves=_moves(request))
            return gettext("Published: people enter by it from now on.")
        if do == "pause":
            services.pause(number, by=by)
            return gettext("Paused: everybody stays where they are.")
        if do == "end":
            services.end(number, by=by)
            return gettext("Ended: everybody has left, and nobody enters any more.")
        overdue = next((one for one in OVERDUE if one == sent.get("overdue")), None)
        if do != "resume" or overdue is None:
            raise JourneyNotSo(f"{do!r} needs a choice", hint=f"one of {', '.join(OVERDUE)}")
        services.resume(number, overdue=overdue, by=by)
        return gettext("It goes on.")

    return carry_out(request, deed, then="journey", args=[number])


@needs("view_figures")
def people(request: HttpRequest, number: int) -> HttpResponseBase:
    """Who stands at a node, until when, and what became of the messages of each."""
    kept, node = selectors.journey(number), request.GET.get("node", "")
    after = whole(request.GET.get("after", "")) or 0
    found = selectors.people_at(number, node, after=after, limit=_PAGE + 1)
    here, more = found[:_PAGE], len(found) > _PAGE
    told = selectors.became(number, here)
    table = Table(
        "people",
        gettext("Who stands there"),
        [
            Column(gettext("Customer")), Column(gettext("Since")), Column(gettext("Until")),
            Column(gettext("Version"), "count"), Column(gettext("Held out")),
            Column(gettext("Messages, and why one was skipped")),
        ],
        [
            Row(
                [
                    Linked(f"#{one.customer}", reverse("customer", args=[one.customer])),
                    minute(one.entered_at), minute(one.due_at), one.version,
                    gettext("by lot") if one.held_out else "",
                    " / ".join(_became(each) for each in told.get(one.id, [])),
                ]
            )
            for one in here
        ],
        note=gettext("Since: when they entered the journey."),
        file=caller(request).may("export"),
        people=True,
    )  # fmt: skip
    shown = {
        "one": kept,
        "node": node,
        "table": table,
        "any": bool(here),
        "next": str(here[-1].id) if more else "",
        "later": bool(after),
    }
    return csv_asked(request, table) or render(request, "pages/journeys/people.html", shown)


def _effect(one: Journey) -> Linked | str:
    """Where its two arms are compared."""
    if one.holdout is None:
        return ""
    return Linked(gettext("What it brought"), reverse("holdout", args=[one.holdout]))


def _drawn(at: Version | None, kept: Journey, counts: Counts, known: words.Names) -> list[Shown]:
    """The nodes in the order of the document, with counts where it was published."""
    standing = {one.node: one for one in selectors.at_nodes(at)} if at else {}
    queues = selectors.queues(at) if at else {}
    found = []
    for node in (at.document if at else kept.draft).nodes:
        there, queue = standing.get(node.id), queues.get(node.id)
        told = zip(words.ways(node, known), selectors.targets(node), strict=True)
        found.append(
            Shown(
                node.id, words.kind(node), words.node(node, known),
                [
                    Leads(name, "" if to == "end" else to, there.passed[way] if there else None)
                    for way, (name, to) in enumerate(told)
                ],
                treated=there.treated if there else 0,
                held_out=there.held_out if there else 0,
                first=minute(queue.first) if queue else "",
                last=minute(queue.last) if queue and queue.last != queue.first else "",
                letters=[
                    (gettext(LEDGER[state]), why(reason), n)
                    for (step, state, reason), n in counts.items()
                    if step.rpartition("/")[0] == node.id
                ],
            )
        )  # fmt: skip
    return found


def _ledger(counts: Counts) -> Table:
    return Table(
        "ledger",
        gettext("What became of its messages"),
        [
            Column(gettext("Node")), Column(gettext("State")), Column(gettext("Why")),
            Column(gettext("Messages"), "count"),
        ],
        [
            Row([step.rpartition("/")[0], gettext(LEDGER[state]), why(reason), n])
            for (step, state, reason), n in counts.items()
        ],
    )  # fmt: skip


def _became(one: Became) -> str:
    said = f"{one.node}: {gettext(LEDGER[one.state])}"
    reason = why(one.reason)
    return f"{said} ({reason})" if reason else said


def _policies() -> list[tuple[str, str]]:
    return [
        ("send", gettext("Do it now for all of them")),
        ("skip", gettext("Skip it: they go on to their next wait")),
        ("shift", gettext("Move all times by as long as the pause was")),
    ]


def _moves(request: HttpRequest) -> dict[tuple[int, str], str]:
    """Those at a node whom somebody chose to lead to the new version."""
    found: dict[tuple[int, str], str] = {}
    for name, to in request.POST.items():
        version, _, node = name.removeprefix(_MOVE).partition(":")
        if name.startswith(_MOVE) and to and version.isdecimal() and len(version) < 9:
            found[int(version), node] = str(to)
    return found
