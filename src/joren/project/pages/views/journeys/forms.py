"""Small forms, one for each kind of node and of beginning: their fields, and what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from django.http import QueryDict
from django.utils.translation import gettext

from joren.act.journeys import services
from joren.act.journeys.contracts import (
    DATE_NAMES,
    END,
    NODE_NAMES,
    Await,
    Belongs,
    Branch,
    Document,
    Entered,
    Event,
    Exit,
    Kept,
    Node,
    Split,
    Until,
    Wait,
)
from joren.act.messages import selectors as messages
from joren.core.errors import BadInput
from joren.decide.segments import selectors as segments
from joren.project.pages.views.journeys import words

Options = list[tuple[str, str]]
_UNITS: Final = {"minutes": 1, "hours": 60, "days": 1440}
_TWO: Final = 2
START: Final = "start"


@dataclass(frozen=True)
class Field:
    """``type``: text, number, time, select, or many (boxes to tick)."""

    name: str
    label: str
    type: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    value: str = ""
    required: bool = True
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    name: str
    title: str
    fields: tuple[Field, ...]


def nodes() -> list[Form]:
    """A form for each kind of node; what gives is asked for where something gives."""
    groups = tuple((str(one.id), one.name) for one in segments.segments())
    letters = tuple(
        (str(one.id), one.content.name) for one in messages.templates() if one.sendable is not None
    )
    givers = tuple((name, name) for name in sorted(services.GIVERS))
    fields: dict[str, tuple[Field, ...]] = {
        "wait": _span("1", "days"),
        "until": (
            Field("at", gettext("Time"), "time", value="10:00"),
            Field(
                "weekdays", gettext("On these days (none: on any)"), "many",
                tuple(words.weekdays().items()), required=False,
            ),
            Field("clock", gettext("By which clock"), "select", (
                ("shop", gettext("The shop's")),
                ("theirs", gettext("Their own, where it is known")),
            ), "shop"),
        ),
        "send": (
            Field("template", gettext("Message"), "select", letters),
            Field("expires_hours", gettext("Hours after which nothing leaves any more"), "number",
                  value="72"),
        ),
        "await": (
            Field("event", gettext("Event"), value="Order Completed"), *_span("7", "days"),
        ),
        "branch": (
            Field("segment", gettext("Segment"), "select", groups, required=False),
            Field("attribute", gettext("Or the name of a word that a journey kept"),
                  required=False),
            Field("value", gettext("What it says (empty: anything)"), required=False),
        ),
        "split": (Field("share", gettext("Percent of the first arm"), "number", value="50"),),
        "task": (
            Field("title", gettext("What is to be done")),
            Field("owner", gettext("Who does it"), required=False),
        ),
        "set": (
            Field("attribute", gettext("Name of the word, in letters")),
            Field("value", gettext("The word")),
        ),
        "tell": (),
        "exit": (Field("outcome", gettext("Outcome"), required=False),),
    }  # fmt: skip
    if givers:
        fields["give"] = (
            Field("giver", gettext("What gives"), "select", givers),
            Field("what", gettext("What is given"), required=False),
        )
    return [Form(do, gettext(NODE_NAMES[do]), fields[do]) for do in fields]


def filled(node: Node) -> Form | None:
    """The form of a node with what it says; None where a form cannot say all of it."""
    said = _said_by(node)
    form = next((one for one in nodes() if one.name == node.do), None)
    if said is None or form is None:
        return None
    fields = []
    for one in form.fields:
        value = said.get(one.name, "")
        if isinstance(value, tuple):
            fields.append(replace(one, chosen=value))
            continue
        options = one.options
        if one.type == "select" and value not in {each for each, _ in options}:
            options = (*options, (value, value))  # a template that is a draft, say
        fields.append(replace(one, value=value, options=options))
    return Form(form.name, form.title, tuple(fields))


def _said_by(node: Node) -> dict[str, str | tuple[str, ...]] | None:
    if isinstance(node, Wait):
        return _lasting(node.minutes)
    if isinstance(node, Until):
        return {"at": node.at, "weekdays": tuple(node.weekdays), "clock": node.clock}
    if isinstance(node, Await):
        one = node.of[0] if len(node.of) == 1 else None
        if not isinstance(one, Event) or one.where or one.same:
            return None
        return {"event": one.event, **_lasting(node.minutes)}
    if isinstance(node, Branch):
        return _branched(node.ways[0].when) if len(node.ways) == 1 else None
    if isinstance(node, Split):
        return {"share": str(node.arms[0].share)} if len(node.arms) == _TWO else None
    names = ("template", "expires_hours", "giver", "what", "attribute", "value", "title", "owner",
             "outcome")  # fmt: skip
    return {name: str(getattr(node, name)) for name in names if hasattr(node, name)}


def _branched(when: Belongs | Entered | Kept) -> dict[str, str | tuple[str, ...]] | None:
    if isinstance(when, Belongs):
        return {"segment": str(when.segment)}
    if isinstance(when, Kept) and when.op in ("is", "known") and len(when.values) < _TWO:
        return {"attribute": when.attribute, "value": "".join(when.values)}
    return None


def _lasting(minutes: int) -> dict[str, str | tuple[str, ...]]:
    """In the largest unit in which it is whole."""
    unit = next(
        (name for name in ("days", "hours") if minutes and minutes % _UNITS[name] == 0), "minutes"
    )
    return {"number": str(minutes // _UNITS[unit]), "unit": unit}


def beginnings() -> list[Form]:
    """A form for each kind of trigger, and one for the goal."""
    groups = tuple((str(one.id), one.name) for one in segments.segments())
    segment = Field("segment", gettext("Segment"), "select", groups)
    at = Field("at", gettext("Time"), "time", value="10:00")
    dates = tuple((name, gettext(told)) for name, told in DATE_NAMES.items())
    moves = (("enters", gettext("they come into it")), ("leaves", gettext("they leave it")))
    every = (
        ("day", gettext("each day")), ("week", gettext("each Monday")),
        ("month", gettext("each first of the month")),
    )  # fmt: skip
    event = Field("event", gettext("Event"), value="Order Completed")
    return [
        Form("event", gettext("Starts by an event"), (event,)),
        Form("segment", gettext("Starts by a segment"), (segment, Field(
            "move", gettext("Which way"), "select", moves, "enters"))),
        Form("date", gettext("Starts by a date of each person"), (
            Field("date", gettext("Date"), "select", dates, "birthday"),
            Field("days", gettext("Days after it (below zero: before it)"), "number", value="0"),
            at)),
        Form("schedule", gettext("Starts by the calendar"), (
            segment, Field("every", gettext("How often"), "select", every, "day"), at)),
        Form("goal", gettext("Ends by the goal: an event"), (event,)),
    ]  # fmt: skip


def places(document: Document, known: words.Names) -> Options:
    """After which way of which node another one can be put."""
    found = [(START, gettext("at the beginning"))]
    for node in document.nodes:
        if isinstance(node, Exit):
            continue
        for way, told in enumerate(words.ways(node, known)):
            found.append((f"{node.id}:{way}", f"{node.id} → {told}" if told else node.id))
    return found


def place(said: QueryDict) -> tuple[str, int]:
    """The node and its way after which it goes; "" is the beginning."""
    node, _, way = said.get("after", START).rpartition(":")
    return (node, _number(way, gettext("Put it after"))) if node else ("", 0)


def node(said: QueryDict, before: Node | None = None) -> dict[str, Any]:
    """The node that was typed; where it leads is found when it is put in its place. What the form
    does not ask stays as it was ``before``: arms are compared under their names."""
    do = said.get("do", "")
    make = _NODES.get(do)
    if make is None:
        raise BadInput(f"{do!r} is no kind of node", hint=", ".join(_NODES))
    typed = {"id": said.get("id", ""), "do": do, **make(said)}
    if do == "split" and isinstance(before, Split):
        for arm, kept in zip(typed["arms"], before.arms, strict=False):
            arm["name"] = kept.name
    return typed


def beginning(said: QueryDict) -> tuple[Literal["triggers", "goal"], dict[str, Any]]:
    """``triggers`` or ``goal``, and what was typed."""
    what = said.get("kind", "")
    make = _BEGINNINGS.get(what)
    if make is None:
        raise BadInput(f"{what!r} is no way to begin", hint=", ".join(_BEGINNINGS))
    if what == "goal":
        return "goal", {"kind": "event", **make(said)}
    return "triggers", {"kind": what, **make(said)}


def _span(number: str, unit: str) -> tuple[Field, ...]:
    units = (
        ("minutes", gettext("minutes")), ("hours", gettext("hours")), ("days", gettext("days")),
    )  # fmt: skip
    return (
        Field("number", gettext("How long"), "number", value=number),
        Field("unit", gettext("Unit"), "select", units, unit),
    )


def _minutes(said: QueryDict) -> int:
    unit = _UNITS.get(said.get("unit", ""))
    if unit is None:
        raise BadInput(f"{said.get('unit', '')!r} is no unit", hint=", ".join(_UNITS))
    return _number(said.get("number", ""), gettext("How long")) * unit


def _number(text: str, what: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise BadInput(f"{what}: {text!r}", hint=gettext("Write a whole number."))
    return int(text)


def _split(said: QueryDict) -> dict[str, Any]:
    share = _number(said.get("share", ""), gettext("Percent of the first arm"))
    return {"arms": [{"name": "A", "share": share, "then": END},
                     {"name": "B", "share": 100 - share, "then": END}]}  # fmt: skip


def _text(*names: str) -> Callable[[QueryDict], dict[str, Any]]:
    return lambda said: {name: said.get(name, "").strip() for name in names}


def _when(said: QueryDict) -> dict[str, Any]:
    """A word where one is named, else a segment."""
    attribute, value = (said.get(name, "").strip() for name in ("attribute", "value"))
    if not attribute:
        return {"kind": "segment", "segment": _segment(said)}
    if not value:
        return {"kind": "kept", "attribute": attribute, "op": "known"}
    return {"kind": "kept", "attribute": attribute, "op": "is", "values": [value]}


def _segment(said: QueryDict) -> int:
    return _number(said.get("segment", ""), gettext("Segment"))


_NODES: Final[Mapping[str, Callable[[QueryDict], dict[str, Any]]]] = {
    "wait": lambda said: {"minutes": _minutes(said), "then": END},
    "until": lambda said: {
        "at": said.get("at", ""), "weekdays": said.getlist("weekdays"), "then": END,
        "clock": said.get("clock", "shop"),
    },
    "await": lambda said: {
        "of": [{"kind": "event", "event": said.get("event", "").strip()}],
        "minutes": _minutes(said), "then": END, "otherwise": END,
    },
    "branch": lambda said: {"ways": [{"when": _when(said), "then": END}], "otherwise": END},
    "split": _split,
    "send": lambda said: {
        "template": _number(said.get("template", ""), gettext("Message")),
        "expires_hours": _number(said.get("expires_hours", ""), gettext("Hours")), "then": END,
    },
    "give": lambda said: {**_text("giver", "what")(said), "then": END},
    "set": lambda said: {**_text("attribute", "value")(said), "then": END},
    "task": lambda said: {**_text("title", "owner")(said), "then": END},
    "tell": lambda _said: {"then": END},
    "exit": _text("outcome"),
}  # fmt: skip
_BEGINNINGS: Final[Mapping[str, Callable[[QueryDict], dict[str, Any]]]] = {
    "event": _text("event"),
    "goal": _text("event"),
    "segment": lambda said: {"segment": _segment(said), "move": said.get("move", "")},
    "date": lambda said: {
        "date": said.get("date", ""), "at": said.get("at", ""),
        "days": _number(said.get("days", ""), gettext("Days")),
    },
    "schedule": lambda said: {
        "segment": _segment(said), "every": said.get("every", ""), "at": said.get("at", ""),
    },
}  # fmt: skip
