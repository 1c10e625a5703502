"""What is said of a journey's parts, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext

from joren.act.journeys.contracts import (
    DATE_NAMES,
    NODE_NAMES,
    Await,
    Belongs,
    Branch,
    Entered,
    Event,
    Every,
    Exit,
    Fault,
    Give,
    Kept,
    Moves,
    Node,
    Note,
    Occasion,
    OnDate,
    Send,
    Split,
    Task,
    Trigger,
    Until,
    Wait,
)
from joren.act.messages import selectors as messages
from joren.decide.segments import selectors as segments

_HOUR, _DAY = 60, 1440


@dataclass(frozen=True)
class Names:
    """What templates and segments are called."""

    templates: Mapping[int, str] = field(default_factory=dict)
    segments: Mapping[int, str] = field(default_factory=dict)

    def template(self, number: int) -> str:
        return self.templates.get(number, str(number))

    def segment(self, number: int) -> str:
        return self.segments.get(number, str(number))


@dataclass(frozen=True)
class Told:
    """A fault in words."""

    node: str
    what: str
    hint: str


def names() -> Names:
    every = [*messages.templates(), *messages.templates(archived=True)]
    groups = [*segments.segments(), *segments.segments(archived=True)]
    return Names({one.id: one.content.name for one in every}, {one.id: one.name for one in groups})


def faults(found: Iterable[Fault]) -> list[Told]:
    return [
        Told(
            one.node,
            gettext(one.say) % one.values if one.say else one.what,
            gettext(one.way_out) % one.values if one.way_out else one.hint,
        )
        for one in found
    ]


def span(minutes: int) -> str:
    """The largest unit in which it is whole."""
    if minutes and minutes % _DAY == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // _DAY) % {"n": f"{minutes // _DAY:,}"}
    if minutes and minutes % _HOUR == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // _HOUR) % {
            "n": f"{minutes // _HOUR:,}"
        }
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": f"{minutes:,}"}


def weekdays() -> dict[str, str]:
    return {
        "mon": gettext("Monday"), "tue": gettext("Tuesday"), "wed": gettext("Wednesday"),
        "thu": gettext("Thursday"), "fri": gettext("Friday"), "sat": gettext("Saturday"),
        "sun": gettext("Sunday"),
    }  # fmt: skip


def occasion(one: Trigger | Occasion, known: Names) -> str:
    """What somebody does, or what day it is, by which a journey begins or ends."""
    if isinstance(one, Event):
        said = gettext("the event “%(event)s”") % {"event": one.event}
        return gettext("%(what)s, under conditions") % {"what": said} if one.where else said
    if isinstance(one, Moves):
        words = (
            gettext("comes into “%(segment)s”")
            if one.move == "enters"
            else gettext("leaves “%(segment)s”")
        )
        return words % {"segment": known.segment(one.segment)}
    if isinstance(one, OnDate):
        date = gettext(DATE_NAMES[one.date])
        if one.days == 0:
            return gettext("%(date)s, at %(at)s") % {"date": date, "at": one.at}
        words = (
            gettext("%(n)s days after: %(date)s, at %(at)s")
            if one.days > 0
            else gettext("%(n)s days before: %(date)s, at %(at)s")
        )
        return words % {"n": abs(one.days), "date": date, "at": one.at}
    return _schedule(one, known)


def _schedule(one: Every, known: Names) -> str:
    when = {
        "day": gettext("each day"),
        "week": gettext("each %(weekday)s") % {"weekday": weekdays()[one.weekday]},
        "month": gettext("each month on day %(day)s") % {"day": one.day},
    }[one.every]
    return gettext("%(when)s at %(at)s all of “%(segment)s”") % {
        "when": when, "at": one.at, "segment": known.segment(one.segment),
    }  # fmt: skip


def kind(node: Node) -> str:
    return gettext(NODE_NAMES[node.do])


def node(one: Node, known: Names) -> str:
    """What happens at a node, beside what it is called; "" where that says all."""
    if isinstance(one, Wait):
        return span(one.minutes)
    if isinstance(one, Until):
        days = "・".join(weekdays()[day] for day in one.weekdays)
        own = gettext("(their own clock)") if one.clock == "theirs" else ""
        return " ".join(filter(None, (one.at, days, own)))
    if isinstance(one, Await):
        of = " / ".join(occasion(each, known) for each in one.of)
        return gettext("%(what)s; at most %(span)s") % {"what": of, "span": span(one.minutes)}
    if isinstance(one, Send):
        return known.template(one.template)
    if isinstance(one, Give):
        return f"{one.giver} {one.what}".strip()
    if isinstance(one, Note):
        return f"{one.attribute} = {one.value}"
    if isinstance(one, Task):
        return one.title
    return one.outcome if isinstance(one, Exit) else ""


def ways(one: Node, known: Names) -> tuple[str, ...]:
    """What each way of a node is called, by its number; "" where there is one alone."""
    if isinstance(one, Await):
        return gettext("it happened"), gettext("time is up")
    if isinstance(one, Branch):
        return (*(_when(way.when, known) for way in one.ways), gettext("otherwise"))
    if isinstance(one, Split):
        return tuple(f"{arm.name} {arm.share}%" for arm in one.arms)
    return ("",)


def _when(one: Belongs | Entered | Kept, known: Names) -> str:
    if isinstance(one, Belongs):
        return known.segment(one.segment)
    if isinstance(one, Entered):
        return gettext("by the event they entered by")
    words = {
        "is": "%(name)s = %(values)s",
        "is_not": "%(name)s ≠ %(values)s",
        "known": gettext("%(name)s is known"),
        "unknown": gettext("%(name)s is not known"),
    }[one.op]
    return words % {"name": one.attribute, "values": " / ".join(one.values)}
