"""What keeps a document from being published. All faults at once, each with the node's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from joren.act.journeys.contracts import (
    END,
    MOST_ORDER_DAYS,
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
    Kept,
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
from joren.core.words import gettext_noop as _

MOST_NODES: Final = 200
MOST_VALUES: Final = 100
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
        yield _fault("", _("it has no name"), _("at most 100 characters, such as 購入のお礼"))
    if not document.triggers:
        yield _fault("", _("nothing starts it"), _("add a trigger: an event, a segment, a date"))
    if not 0 <= document.holdout <= 0.5:
        yield _fault(
            "", _("%(share)s is no share to leave out"), _("between 0 and 0.5"),
            share=document.holdout,
        )  # fmt: skip
    if document.holdout == 0 and not document.no_holdout_why.strip():
        yield _fault(
            "", _("nobody is held out, so nobody can say what it earns"),
            _("leave a share out (0.1), or say in no_holdout_why why not"),
        )  # fmt: skip
    if document.reentry == "after" and document.reentry_days < 1:
        yield _fault(
            "", _("it is not said after how many days they may enter again"), _("such as 90")
        )
    if not 1 <= document.order_days <= MOST_ORDER_DAYS:
        yield _fault(
            "", _("an order of %(n)s days ago is to start it"),
            _("between %(least)s and %(most)s"),
            n=document.order_days, least=1, most=MOST_ORDER_DAYS,
        )  # fmt: skip
    if not 1 <= len(document.nodes) <= MOST_NODES:
        yield _fault(
            "", _("it has %(n)s nodes"), _("between %(least)s and %(most)s"),
            n=len(document.nodes), least=1, most=MOST_NODES,
        )  # fmt: skip


def _names(document: Document) -> Iterator[Fault]:
    seen: set[str] = set()
    for node in document.nodes:
        if not _NAME.fullmatch(node.id) or node.id == END:
            yield _fault(node.id, _("a node cannot be called so"), _("letters, digits, - and _"))
        if node.id in seen:
            yield _fault(node.id, _("two nodes are called so"), _("give one of them another name"))
        seen.add(node.id)
    for node in document.nodes:
        for target in targets(node):
            if target != END and target not in seen:
                yield _fault(
                    node.id, _("it leads to '%(name)s', which is no node"), _("or to 'end'"),
                    name=target,
                )  # fmt: skip
    if document.start not in seen:
        yield _fault(
            "", _("it starts at '%(name)s', which is no node"), _("name one of them"),
            name=document.start,
        )  # fmt: skip


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
            yield _fault(name, _("no way leads there"), _("lead a way to it, or remove it"))
    if ring := _ring({name: node for name, node in nodes.items() if not isinstance(node, PAUSES)}):
        yield _fault(
            ring, _("it leads back to itself without a wait"), _("put a wait into the ring")
        )
    ends = {END}
    while more := {n for n, node in nodes.items() if n not in ends and ends & {*targets(node)}}:
        ends |= more
    for name in nodes:
        if name in reached and name not in ends:
            yield _fault(name, _("no way from there comes to an end"), _("lead one to 'end'"))


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
        yield _fault(
            node, _("there is no segment %(number)s in use"), _("joren segments list"),
            number=number,
        )  # fmt: skip


def _occasion(one: Event | Moves, node: str, known: Known) -> Iterator[Fault]:
    if isinstance(one, Moves):
        yield from _segment(one.segment, node, known)
        return
    if not one.event.strip() or len(one.event) > 200:
        yield _fault(node, _("the event has no name"), _("such as Order Completed"))
    yield from _wheres(one.where, node)
    for name in one.same:
        if not _PROPERTY.fullmatch(name):
            yield _fault(
                node, _("'%(property)s' is no property"), _("such as order_number"), property=name
            )


def _wheres(wheres: tuple[Where, ...], node: str) -> Iterator[Fault]:
    for one in wheres:
        if not _PROPERTY.fullmatch(one.property):
            yield _fault(
                node, _("'%(property)s' is no property"), _("such as category"),
                property=one.property,
            )  # fmt: skip
        if one.op in ("at_least", "at_most"):
            fits = len(one.values) == 1 and isinstance(one.values[0], int)
            if one.property not in NUMBERS or not fits:
                yield _fault(
                    node, _("%(property)s cannot be compared by %(op)s"),
                    _("one whole number of %(numbers)s"),
                    property=one.property, op=one.op, numbers=" / ".join(NUMBERS),
                )  # fmt: skip
        elif one.op != "known" and not 1 <= len(one.values) <= MOST_VALUES:
            yield _fault(
                node, _("%(property)s is compared with nothing"), _("name 1 to 100 values"),
                property=one.property,
            )  # fmt: skip


def _time(at: str, node: str) -> Iterator[Fault]:
    try:
        time_named(at)
    except BadInput:
        yield _fault(node, _("'%(at)s' is no time of day"), _("such as 10:00"), at=at)


def _by_clock(trigger: OnDate | Every, known: Known) -> Iterator[Fault]:
    yield from _time(trigger.at, "")
    if isinstance(trigger, Every):
        yield from _segment(trigger.segment, "", known)
        if not 1 <= trigger.day <= 31:
            yield _fault(
                "", _("no month has a day %(day)s"), _("between %(least)s and %(most)s"),
                day=trigger.day, least=1, most=31,
            )  # fmt: skip
    elif not -366 <= trigger.days <= 3660:
        yield _fault(
            "", _("%(days)s days are too many"), _("between %(least)s and %(most)s"),
            days=trigger.days, least=-366, most=3660,
        )  # fmt: skip


def _minutes(node: Wait | Await) -> Iterator[Fault]:
    if not 1 <= node.minutes <= LONGEST_WAIT:
        yield _fault(
            node.id, _("%(minutes)s minutes are no wait"), _("between %(least)s and %(most)s"),
            minutes=node.minutes, least=1, most=f"{LONGEST_WAIT:,}",
        )  # fmt: skip


def _wait(node: Wait, _known: Known) -> Iterator[Fault]:
    yield from _minutes(node)


def _until(node: Until, _known: Known) -> Iterator[Fault]:
    yield from _time(node.at, node.id)


def _await(node: Await, known: Known) -> Iterator[Fault]:
    yield from _minutes(node)
    if not node.of:
        yield _fault(node.id, _("it waits for nothing"), _("name an event or a segment"))
    for one in node.of:
        yield from _occasion(one, node.id, known)


def _branch(node: Branch, known: Known) -> Iterator[Fault]:
    if not node.ways:
        yield _fault(node.id, _("it has one way alone"), _("add a way, or remove the branch"))
    for way in node.ways:
        if isinstance(way.when, Belongs):
            yield from _segment(way.when.segment, node.id, known)
        elif isinstance(way.when, Entered):
            yield from _wheres(way.when.where, node.id)
        else:
            yield from _kept(way.when, node.id)


def _kept(one: Kept, node: str) -> Iterator[Fault]:
    if not _PROPERTY.fullmatch(one.attribute):
        yield _fault(
            node, _("no word is kept as '%(attribute)s'"), _("letters, digits and _"),
            attribute=one.attribute,
        )  # fmt: skip
    if bool(one.values) is not (one.op in ("is", "is_not")) or len(one.values) > MOST_VALUES:
        yield _fault(
            node, _("'%(attribute)s' is compared with nothing, or with too much"),
            _("is and is_not name 1 to 100 values, known and unknown name none"),
            attribute=one.attribute,
        )  # fmt: skip


def _split(node: Split, _known: Known) -> Iterator[Fault]:
    shares = [arm.share for arm in node.arms]
    if len(shares) < 2 or min(shares) < 1 or sum(shares) != 100:
        yield _fault(
            node.id, _("the shares are %(shares)s"),
            _("two arms or more, of 1 percent or more, 100 together"),
            shares=", ".join(map(str, shares)) or "–",
        )  # fmt: skip


def _send(node: Send, known: Known) -> Iterator[Fault]:
    sendable = known.templates.get(node.template)
    if sendable is None:
        yield _fault(
            node.id, _("there is no template %(number)s in use"), _("joren messages list"),
            number=node.template,
        )  # fmt: skip
    elif not sendable:
        yield _fault(
            node.id, _("template %(number)s has drafts alone"), _("put a draft right and save it"),
            number=node.template,
        )  # fmt: skip
    if not 1 <= node.expires_hours <= 24 * 60:
        yield _fault(
            node.id, _("%(hours)s hours are no time"), _("between %(least)s and %(most)s"),
            hours=node.expires_hours, least=1, most=24 * 60,
        )  # fmt: skip


def _give(node: Give, known: Known) -> Iterator[Fault]:
    if node.giver in known.givers:
        return
    if known.givers:
        yield _fault(
            node.id, _("nothing gives '%(giver)s'"), _("one of %(givers)s"),
            giver=node.giver, givers=", ".join(sorted(known.givers)),
        )  # fmt: skip
    else:
        yield _fault(
            node.id, _("nothing gives '%(giver)s'"), _("nothing gives yet: remove the node"),
            giver=node.giver,
        )  # fmt: skip


def _note(node: Note, _known: Known) -> Iterator[Fault]:
    if not _PROPERTY.fullmatch(node.attribute) or len(node.value) > 200:
        yield _fault(
            node.id, _("'%(attribute)s' cannot be kept"), _("letters, digits and _"),
            attribute=node.attribute,
        )  # fmt: skip


def _task(node: Task, _known: Known) -> Iterator[Fault]:
    if not node.title.strip() or len(node.title) > 200:
        yield _fault(node.id, _("the task says nothing"), _("at most 200 characters"))


def _fault(node: str, say: str, way_out: str, **values: object) -> Fault:
    """In English for programs, and as sentences that can be translated for pages."""
    told = {name: str(value) for name, value in values.items()}
    return Fault(node, say % told, way_out % told, say, way_out, told)


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
