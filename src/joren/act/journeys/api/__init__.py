"""Journeys for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from joren.act.journeys import selectors, services
from joren.act.journeys.api.texts import router as texts_router
from joren.act.journeys.contracts import (
    DAYS,
    SOURCE,
    Became,
    Between,
    Journey,
    Meeting,
    Moving,
    Overdue,
    Overview,
    Rehearsal,
    RehearsedMonth,
    RehearsedNode,
    RehearsedTrigger,
    Standing,
    State,
    in_english,
)
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import encode, number_in
from joren.plumbing.http import Listing

router = Router()
router.add_router("", texts_router)
MOST: Final = 200
Days = Annotated[int, Field(ge=1, le=DAYS)]


class OverviewOut(Schema):
    """A journey in the list. ``entered`` is the sum of all who are or were on it; ``held_out`` of
    them walk as ghosts; ``sent`` are messages of the ledger; ``holdout`` has the effect."""

    id: int
    name: str
    state: State
    version: int
    holdout: int | None
    active: int
    entered: int
    held_out: int
    done: int
    goal: int
    left: int
    sent: int


class LackOut(Schema):
    node: str
    what: str
    hint: str


class JourneyVersionOut(Schema):
    number: int
    document: dict[str, Any]
    published_at: datetime
    published_by: str
    why: str


class JourneyOut(Schema):
    """A journey with its draft (``document``), what keeps that from being published, and all that
    was published, newest first."""

    id: int
    name: str
    state: State
    version: int
    holdout: int | None
    changed_at: datetime
    paused_at: datetime | None
    document: dict[str, Any]
    faults: list[LackOut]
    versions: list[JourneyVersionOut]


class DocumentIn(Schema):
    """``GET /api/journeys/schema`` says what a document is. It may be a text, in JSON or YAML:
    what is wrong with it is then said with the line."""

    document: dict[str, Any] | str


class MoveIn(Schema):
    """Who stands at ``node`` of ``version`` is led to node ``to`` of the new version."""

    version: int
    node: str
    to: str


class PublishIn(Schema):
    """Who is named in no move finishes the version they began."""

    why: str = ""
    moves: list[MoveIn] = Field(default_factory=list)


class ResumeIn(Schema):
    """What becomes of those whose time came meanwhile, and of messages that had not left: ``send``
    does all at once, ``skip`` lets them go on to their next wait without it and cancels these,
    ``shift`` moves all times by the length of the pause."""

    overdue: Overdue


class BeforeOut(Schema):
    """What a change of state would touch now: people on the way, messages that have not left,
    people whose time has come, and where people stand, with the node of the draft of that name."""

    active: int
    messages: int
    overdue: int
    moving: list[Moving]


class NodeOut(Schema):
    """Who stands at a node now, when the first and the last of them go on, and how many passed
    each of its ways."""

    node: str
    do: str
    treated: int
    held_out: int
    passed: list[int]
    first: datetime | None
    last: datetime | None


class LetterCountOut(Schema):
    """How many rows of the ledger of that node are in that state for that reason."""

    node: str
    state: str
    reason: str
    messages: int


class CountsOut(Schema):
    version: int
    nodes: list[NodeOut]
    messages: list[LetterCountOut]


class TravellerOut(Schema):
    """One entry of a customer, and what became of the messages on it."""

    entry: int
    customer: int
    version: int
    node: str
    standing: Standing
    entered_at: datetime
    due_at: datetime | None
    held_out: bool
    messages: list[Became]


class JourneyNotKnownOut(Schema):
    """Something that a rehearsal cannot know, at a node or of the whole."""

    say: str
    node: str
    words: str


class JourneyRehearsalOut(Schema):
    """What a document would have done in that time, from the fewest to the most. ``refused`` came
    before they might enter again; ``cost`` in minor units is null where a channel's is unknown."""

    since: datetime
    until: datetime
    entries: int
    customers: int
    refused: int
    left_out: int
    holdout: float
    messages: Between
    cost: Between | None
    currency: str
    goal: Between
    done: Between
    active: Between
    triggers: list[RehearsedTrigger]
    months: list[RehearsedMonth]
    nodes: list[RehearsedNode]
    meetings: list[Meeting]
    not_known: list[JourneyNotKnownOut]


class AttributeOut(Schema):
    """A name under which words are kept, and the journeys that do."""

    name: str
    journeys: list[int]


@router.get("", response=Listing[OverviewOut])
def journeys(request: HttpRequest, ended: bool = False) -> Any:
    """Every journey in use, or those that were ended, with how many are on it."""
    return [_overview(one) for one in selectors.overviews(ended=ended)]


@router.post("", response={201: JourneyOut}, auth=Scope("treat"))
def draft(request: HttpRequest, body: DocumentIn) -> Any:
    """Keep a new journey as a draft, which may lack things still."""
    document = selectors.read(body.document)
    return Status(201, _journey(services.create(document, by=caller(request).name)))


@router.get("/schema", response=dict[str, Any])
def schema(request: HttpRequest) -> Any:
    """The JSON schema of documents."""
    return selectors.schema()


@router.get("/attributes", response=Listing[AttributeOut])
def attributes(request: HttpRequest) -> Any:
    """Every name under which journeys keep a word; branches, segments (``attribute:NAME``) and
    templates (``attributes.NAME``) ask for it."""
    found = selectors.attribute_names().items()
    return [{"name": name, "journeys": journeys} for name, journeys in found]


@router.post("/rehearsal", response=JourneyRehearsalOut)
def rehearse(request: HttpRequest, body: DocumentIn, days: Days = DAYS) -> Any:
    """If this document had run for so many days up to now; nobody keeps it, and nothing is sent."""
    return _rehearsed(selectors.rehearse(selectors.read(body.document), days=days))


@router.get("/{number}", response=JourneyOut)
def journey(request: HttpRequest, number: int) -> Any:
    """One journey: its document, what it lacks, and every version."""
    return _journey(selectors.journey(number))


@router.put("/{number}", response=JourneyOut, auth=Scope("treat"))
def change(request: HttpRequest, number: int, body: DocumentIn) -> Any:
    """Another draft. What runs stays as it is until it is published."""
    document = selectors.read(body.document)
    return _journey(services.change(number, document, by=caller(request).name))


@router.get("/{number}/before", response=BeforeOut)
def before(request: HttpRequest, number: int) -> Any:
    """What publishing, pausing, resuming or ending would touch now."""
    return selectors.before(number, clock.now())


@router.get("/{number}/rehearsal", response=JourneyRehearsalOut)
def rehearsal(request: HttpRequest, number: int, days: Days = DAYS) -> Any:
    """If the journey's draft had run for so many days up to now. Nothing is sent."""
    return _rehearsed(selectors.rehearse_one(number, days=days))


@router.post("/{number}/publish", response=JourneyOut, auth=Scope("treat"))
def publish(request: HttpRequest, number: int, body: PublishIn) -> Any:
    """Make the draft what people enter by, and say who on the way is led to it."""
    moves = {(one.version, one.node): one.to for one in body.moves}
    by = caller(request).name
    return _journey(services.publish(number, by=by, why=body.why, moves=moves))


@router.post("/{number}/pause", response=JourneyOut, auth=Scope("treat"))
def pause(request: HttpRequest, number: int) -> Any:
    """Stop all steps, and cancel what has not left."""
    return _journey(services.pause(number, by=caller(request).name))


@router.post("/{number}/resume", response=JourneyOut, auth=Scope("treat"))
def resume(request: HttpRequest, number: int, body: ResumeIn) -> Any:
    """Go on, and say what becomes of those whose time came meanwhile."""
    return _journey(services.resume(number, overdue=body.overdue, by=caller(request).name))


@router.post("/{number}/end", response=JourneyOut, auth=Scope("treat"))
def end(request: HttpRequest, number: int) -> Any:
    """Everybody leaves, and nobody enters any more."""
    return _journey(services.end(number, by=caller(request).name))


@router.get("/{number}/counts", response=CountsOut)
def counts(request: HttpRequest, number: int, version: int | None = None) -> Any:
    """Who stands at each node of a version (the newest), and what became of all messages."""
    kept = selectors.journey(number)
    which = version or kept.version
    shown = selectors.version(number, which) if which else None
    queues = selectors.queues(shown) if shown else {}
    nodes = [
        {
            "node": one.node, "do": node.do, "treated": one.treated, "held_out": one.held_out,
            "passed": list(one.passed),
            "first": queues[one.node].first if one.node in queues else None,
            "last": queues[one.node].last if one.node in queues else None,
        }
        for one, node in zip(selectors.at_nodes(shown), shown.document.nodes, strict=True)
    ] if shown else []  # fmt: skip
    told = [
        {"node": step.rpartition("/")[0], "state": state, "reason": reason, "messages": n}
        for (step, state, reason), n in messages.counts_of(SOURCE, number).items()
    ]
    return {"version": which, "nodes": nodes, "messages": told}


@router.get("/{number}/people", response=Listing[TravellerOut])
def people(request: HttpRequest, number: int, node: str, after: str = "", limit: int = 50) -> Any:
    """Who stands at a node, in the order of entry, and what became of their messages."""
    selectors.journey(number)
    limit = max(1, min(limit, MOST))
    found = selectors.people_at(number, node, after=number_in(after), limit=limit)
    told = selectors.became(number, found)
    items = [
        {
            "entry": one.id, "customer": one.customer, "version": one.version, "node": one.node,
            "standing": one.standing, "entered_at": one.entered_at, "due_at": one.due_at,
            "held_out": one.held_out, "messages": told.get(one.id, []),
        }
        for one in found
    ]  # fmt: skip
    return {"items": items, "next": encode(found[-1].id) if len(found) == limit else ""}


def _rehearsed(one: Rehearsal) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in JourneyRehearsalOut.model_fields}
    return told | {
        "not_known": [
            {"say": each.say, "node": each.node, "words": in_english(each)}
            for each in one.not_known
        ]
    }


def _overview(one: Overview) -> dict[str, Any]:
    kept = one.journey
    return {
        "id": kept.id, "name": kept.name, "state": kept.state, "version": kept.version,
        "holdout": kept.holdout, "active": one.active, "entered": one.entered,
        "held_out": one.held_out, "done": one.done, "goal": one.goal, "left": one.left,
        "sent": one.sent,
    }  # fmt: skip


def _journey(kept: Journey) -> dict[str, Any]:
    return {
        "id": kept.id, "name": kept.name, "state": kept.state, "version": kept.version,
        "holdout": kept.holdout, "changed_at": kept.changed_at, "paused_at": kept.paused_at,
        "document": selectors.written(kept.draft),
        "faults": list(services.check(kept.draft)),
        "versions": [
            {
                "number": one.number, "document": selectors.written(one.document),
                "published_at": one.published_at, "published_by": one.published_by, "why": one.why,
            }
            for one in selectors.versions(kept.id)
        ],
    }  # fmt: skip
