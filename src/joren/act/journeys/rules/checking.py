"""What keeps a document from being published. All faults at once, each with the node's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from joren.act.journeys.contracts import (
    END,
    PAUSES,
    Await,
    Belongs,
    Branch,
    Document,
    Entered,
    Event,
    Every,
    Fault,
    Give,
    Moves,
    Node,
    Note,
    OnDate,
    Send,
    Split,
    Task,
    Until,
    Wait,
    Where,
)
from joren.act.journeys.rules.moments import time_named
from joren.act.journeys.rules.walking import targets
from joren.core.errors import BadInput

MOST_NODES: Final = 200
LONGEST_WAIT: Final = 2 * 366 * 24 * 60
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PROPERTY: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
NUMBERS: Final = ("value", "quantity")
"""Properties that are whole numbers, and may be asked for more or less."""


@dataclass(frozen=True)
class Known:
    """What there is: templates and whether they can be sent, segments in use, who gives."""

    templates: Mapping[int, bool] = field(default_factory=dict)
    segments: frozenset[int] = frozenset()
    givers: frozenset[str] = frozenset()


def faults(document: Document, known: Known) -> tuple[Fault, ...]:
    """Everything that is wrong with it; of none it can be published."""
    return tuple(_faults(document, known))


def _faults(document: Document, known: Known) -> Iterator[Fault]:
    yield from _frame(document)
    if found := [*_names(document)]:
        yield from found
        return  # where names are wrong, ways cannot be followed
    yield from _ways(document)
    for trigger in document.triggers:
        if isinstance(trigger, Event | Moves):
            yield from _occasion(trigger, "", known)
        else:
            yield from _by_clock(trigger, known)
    for one in document.goal:
        yield from _occasion(one, "", known)
    for node in document.nodes:
        if check := _CHECKS.get(type(node)):
            yield from check(node, known)


def _frame(document: Document) -> Iterator[Fault]:
    if not document.name.strip() or len(document.name) > 100:
        yield Fault("", "it has no name", "at most 100 characters, such as 購入のお礼")
    if not document.triggers:
        yield Fault("", "nothing starts it", "add a trigger: an event, a segment, a date")
    if not 0 <= document.holdout <= 0.5:
        yield Fault("", f"{document.holdout} is no share to leave out", "between 0 and 0.5")
    if document.holdout == 0 and not document.no_holdout_why.strip():
        yield Fault(
            "", "nobody is held out, so nobody can say what it earns",
            "leave a share out (0.1), or say in no_holdout_why why not",
        )  # fmt: skip
    if document.reentry == "after" and document.reentry_days < 1:
        yield Fault("", "it is not said after how many days they may enter again", "such as 90")
    if not 1 <= len(document.nodes) <= MOST_NODES:
        yield Fault("", f"it has {len(document.nodes)} nodes", f"between 1 and {MOST_NODES}")


def _names(document: Document) -> Iterator[Fault]:
    seen: set[str] = set()
    for node in document.nodes:
        if not _NAME.fullmatch(node.id) or node.id == END:
            yield Fault(node.id, "a node cannot be called so", "letters, digits, - and _")
        if node.id in seen:
            yield Fault(node.id, "two nodes are called so", "give one of them another name")
        seen.add(node.id)
    for node in document.nodes:
        for target in targets(node):
            if target != END and target not in seen:
                yield Fault(node.id, f"it leads to {target!r}, which is no node", f"or to {END!r}")
    if document.start not in seen:
        yield Fault("", f"it starts at {document.start!r}, which is no node", "name one of them")


def _ways(document: Document) -> Iterator[Fault]:
    """Nodes that nobody reaches, rings in which nobody ever waits, paths without an end."""
    nodes = {node.id: node for node in document.nodes}
    reached, open_ = {document.start}, [document.start]
    while open_:
        for target in targets(nodes[open_.pop()]):
            if target != END and target not in reached:
                reached.add(target)
                open_.append(target)
    for name in nodes:
        if name not in reached:
            yield Fault(name, "no way leads there", "lead a way to it, or remove it")
    if ring := _ring({name: node for name, node in nodes.items() if not isinstance(node, PAUSES)}):
        yield Fault(ring, "it leads back to itself without a wait", "put a wait into the ring")
    ends = {END}
    while more := {n for n, node in nodes.items() if n not in ends and ends & {*targets(node)}}:
        ends |= more
    for name in nodes:
        if name in reached and name not in ends:
            yield Fault(name, "no way from there comes to an end", f"lead one to {END!r}")


def _ring(nodes: Mapping[str, Node]) -> str | None:
    """A node of a ring, or None: what leads nowhere is taken away until none is left."""
    left = dict(nodes)
    while left:
        leaves = [n for n, node in left.items() if not {*targets(node)} & left.keys()]
        if not leaves:
            return next(iter(left))
        for name in leaves:
            del left[name]
    return None


def _segment(number: int, node: str, known: Known) -> Iterator[Fault]:
    if number not in known.segments:
        yield Fault(node, f"there is no segment {number} in use", "joren segments list")


def _occasion(one: Event | Moves, node: str, known: Known) -> Iterator[Fault]:
    if isinstance(one, Moves):
        yield from _segment(one.segment, node, known)
        return
    if not one.event.strip() or len(one.event) > 200:
        yield Fault(node, "the event has no name", "such as Order Completed")
    yield from _wheres(one.where, node)
    for name in one.same:
        if not _PROPERTY.fullmatch(name):
            yield Fault(node, f"{name!r} is no property", "such as order_number")


def _wheres(wheres: tuple[Where, ...], node: str) -> Iterator[Fault]:
    for one in wheres:
        if not _PROPERTY.fullmatch(one.property):
            yield Fault(node, f"{one.property!r} is no property", "such as category")
        if one.op in ("at_least", "at_most"):
            fits = len(one.values) == 1 and isinstance(one.values[0], int)
            if one.property not in NUMBERS or not fits:
                yield Fault(
                    node, f"{one.property} cannot be compared by {one.op}",
                    f"one whole number of {' or '.join(NUMBERS)}",
                )  # fmt: skip
        elif one.op != "known" and not 1 <= len(one.values) <= 100:
            yield Fault(node, f"{one.property} is compared with nothing", "name 1 to 100 values")


def _time(at: str, node: str) -> Iterator[Fault]:
    try:
        time_named(at)
    except BadInput as wrong:
        yield Fault(node, wrong.message, wrong.hint)


def _by_clock(trigger: OnDate | Every, known: Known) -> Iterator[Fault]:
    yield from _time(trigger.at, "")
    if isinstance(trigger, Every):
        yield from _segment(trigger.segment, "", known)
        if not 1 <= trigger.day <= 31:
            yield Fault("", f"no month has a day {trigger.day}", "between 1 and 31")
    elif not -366 <= trigger.days <= 3660:
        yield Fault("", f"{trigger.days} days are too many", "between -366 and 3660")


def _minutes(node: Wait | Await) -> Iterator[Fault]:
    if not 1 <= node.minutes <= LONGEST_WAIT:
        yield Fault(
            node.id, f"{node.minutes} minutes are no wait", f"between 1 and {LONGEST_WAIT:,}"
        )


def _wait(node: Wait, _known: Known) -> Iterator[Fault]:
    yield from _minutes(node)


def _until(node: Until, _known: Known) -> Iterator[Fault]:
    yield from _time(node.at, node.id)


def _await(node: Await, known: Known) -> Iterator[Fault]:
    yield from _minutes(node)
    if not node.of:
        yield Fault(node.id, "it waits for nothing", "name an event or a segment")
    for one in node.of:
        yield from _occasion(one, node.id, known)


def _branch(node: Branch, known: Known) -> Iterator[Fault]:
    if not node.ways:
        yield Fault(node.id, "it has one way alone", "add a way, or remove the branch")
    for way in node.ways:
        if isinstance(way.when, Belongs):
            yield from _segment(way.when.segment, node.id, known)
        elif isinstance(way.when, Entered):
            yield from _wheres(way.when.where, node.id)


def _split(node: Split, _known: Known) -> Iterator[Fault]:
    shares = [arm.share for arm in node.arms]
    if len(shares) < 2 or min(shares) < 1 or sum(shares) != 100:
        yield Fault(
            node.id, f"the shares are {', '.join(map(str, shares)) or 'none'}",
            "two arms or more, of 1 percent or more, 100 together",
        )  # fmt: skip


def _send(node: Send, known: Known) -> Iterator[Fault]:
    sendable = known.templates.get(node.template)
    if sendable is None:
        yield Fault(node.id, f"there is no template {node.template} in use", "joren messages list")
    elif not sendable:
        yield Fault(
            node.id, f"template {node.template} has drafts alone", "put a draft right and save it"
        )
    if not 1 <= node.expires_hours <= 24 * 60:
        yield Fault(node.id, f"{node.expires_hours} hours are no time", "between 1 and 1440")


def _give(node: Give, known: Known) -> Iterator[Fault]:
    if node.giver not in known.givers:
        there = ", ".join(sorted(known.givers)) or "nothing gives yet: remove the node"
        yield Fault(node.id, f"nothing gives {node.giver!r}", there)


def _note(node: Note, _known: Known) -> Iterator[Fault]:
    if not _PROPERTY.fullmatch(node.attribute) or len(node.value) > 200:
        yield Fault(node.id, f"{node.attribute!r} cannot be kept", "letters, digits and _")


def _task(node: Task, _known: Known) -> Iterator[Fault]:
    if not node.title.strip() or len(node.title) > 200:
        yield Fault(node.id, "the task says nothing", "at most 200 characters")


_CHECKS: Final[Mapping[type, Callable[..., Iterator[Fault]]]] = {
    Wait: _wait,
    Until: _until,
    Await: _await,
    Branch: _branch,
    Split: _split,
    Send: _send,
    Give: _give,
    Note: _note,
    Task: _task,
}
