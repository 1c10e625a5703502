"""A document with one node more or less, or another beginning: its ways stay whole. No Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from joren.act.journeys.contracts import (
    END,
    Await,
    Branch,
    Document,
    Exit,
    JourneyMeaningless,
    Node,
    Split,
)
from joren.act.journeys.rules.reading import read, written
from joren.act.journeys.rules.walking import targets

Lead = Callable[[int, str], str]
_AGAIN: Final = "reload the page, it may have been changed meanwhile"


def put_after(document: Document, node: Mapping[str, Any], *, after: str, way: int) -> Document:
    """Put a node where a way of another leads, or at the beginning (``after`` empty). All its ways
    lead to where that way led. Without an ``id`` it is called by what it does."""
    names = {one.id for one in document.nodes}
    raw = written(document)
    fresh = {**node, "id": str(node.get("id") or "").strip() or _free(str(node["do"]), names)}
    if fresh["id"] in names:
        raise JourneyMeaningless(f"two nodes would be called {fresh['id']!r}", hint="another name")
    place, to = -1, document.start
    if after:
        place, to = _way_of(document, after, way)
    raw["nodes"].insert(place + 1, fresh)
    longer = read(raw)
    nodes = list(longer.nodes)
    nodes[place + 1] = leading(nodes[place + 1], lambda _way, _to: to)
    if after:
        nodes[place] = leading(
            nodes[place], lambda number, old: str(fresh["id"]) if number == way else old
        )
    return replace(longer, nodes=tuple(nodes), start=longer.start if after else str(fresh["id"]))


def without(document: Document, name: str) -> Document:
    """Take a node away: what led there leads to where its first way led."""
    gone = next((one for one in document.nodes if one.id == name), None)
    left = tuple(one for one in document.nodes if one.id != name)
    if gone is None:
        raise JourneyMeaningless(f"there is no node {name!r}", hint=_AGAIN)
    if not left:
        raise JourneyMeaningless("it is the only node", hint="put another one beside it first")
    onward = targets(gone)[0]
    onward = END if onward == name else onward
    nodes = tuple(leading(one, lambda _way, to: onward if to == name else to) for one in left)
    start = onward if document.start == name else document.start
    return replace(document, nodes=nodes, start=left[0].id if start == END else start)


def moved(document: Document, name: str, *, after: str, way: int) -> Document:
    """Take a node out and put it where a way of another leads, or at the beginning. Its first way
    is joined at both places; what its other ways lead to comes with it."""
    gone = next((one for one in document.nodes if one.id == name), None)
    if gone is None:
        raise JourneyMeaningless(f"there is no node {name!r}", hint=_AGAIN)
    if after == name:
        raise JourneyMeaningless(f"{name!r} cannot follow itself", hint="choose another place")
    onward = targets(gone)[0]
    start = onward if document.start == name else document.start
    out = [leading(one, lambda _way, to: onward if to == name else to) for one in document.nodes]
    if after:
        place, to = _way_of(replace(document, nodes=tuple(out)), after, way)
        out[place] = leading(out[place], lambda number, old: name if number == way else old)
    else:
        to, start = start, name
    mine = next(place for place, one in enumerate(out) if one.id == name)
    if not isinstance(gone, Exit):
        out[mine] = leading(gone, lambda number, old: to if number == 0 else old)
    found = replace(document, nodes=tuple(out), start=start)
    if _reached(found) < _reached(document):
        raise JourneyMeaningless(
            f"{name!r} cannot stand there: some nodes would not be reached any more",
            hint="it cannot go into a branch of its own, and what comes after an end is cut off",
        )
    return found


def altered(document: Document, name: str, node: Mapping[str, Any]) -> Document:
    """A node that says something else, perhaps under another name; it leads where it led."""
    place = next((place for place, one in enumerate(document.nodes) if one.id == name), None)
    if place is None:
        raise JourneyMeaningless(f"there is no node {name!r}", hint=_AGAIN)
    fresh = str(node.get("id") or "").strip() or name
    if fresh != name and fresh in {one.id for one in document.nodes}:
        raise JourneyMeaningless(f"two nodes would be called {fresh!r}", hint="another name")
    raw, led = written(document), targets(document.nodes[place])
    raw["nodes"][place] = {**node, "id": fresh}
    found = read(raw)
    if len(targets(found.nodes[place])) != len(led):
        raise JourneyMeaningless(f"{name!r} has {len(led)} ways", hint="change it in the text")
    nodes = list(found.nodes)
    nodes[place] = leading(nodes[place], lambda way, _to: led[way])
    renamed = [leading(one, lambda _way, to: fresh if to == name else to) for one in nodes]
    start = fresh if document.start == name else document.start
    return replace(found, nodes=tuple(renamed), start=start)


def _reached(document: Document) -> set[str]:
    """The nodes to which some way leads."""
    nodes = {one.id: one for one in document.nodes}
    found, waiting = set(), [document.start]
    while waiting:
        name = waiting.pop()
        if name in nodes and name not in found:
            found.add(name)
            waiting.extend(targets(nodes[name]))
    return found


def starting_by(
    document: Document, which: Literal["triggers", "goal"], *,
    more: Mapping[str, Any] | None = None, without: int | None = None,
) -> Document:  # fmt: skip
    """The document with one trigger or goal more, or without the one at that place."""
    raw = written(document)
    if without is not None:
        if not 0 <= without < len(raw[which]):
            raise JourneyMeaningless("it is not there", hint=_AGAIN)
        del raw[which][without]
    if more is not None:
        raw[which].append(dict(more))
    return read(raw)


def leading(node: Node, lead: Lead) -> Node:
    """The node with each of its ways led to where ``lead`` says, by number and old target."""
    if isinstance(node, Exit):
        return node
    if isinstance(node, Await):
        return replace(node, then=lead(0, node.then), otherwise=lead(1, node.otherwise))
    if isinstance(node, Branch):
        ways = tuple(
            replace(way, then=lead(place, way.then)) for place, way in enumerate(node.ways)
        )
        return replace(node, ways=ways, otherwise=lead(len(ways), node.otherwise))
    if isinstance(node, Split):
        arms = tuple(
            replace(arm, then=lead(place, arm.then)) for place, arm in enumerate(node.arms)
        )
        return replace(node, arms=arms)
    return replace(node, then=lead(0, node.then))


def _way_of(document: Document, name: str, way: int) -> tuple[int, str]:
    """The place of a node, and where that way of it leads."""
    for place, one in enumerate(document.nodes):
        if one.id == name and not isinstance(one, Exit) and 0 <= way < len(targets(one)):
            return place, targets(one)[way]
    raise JourneyMeaningless(f"{name!r} has no way {way}", hint=_AGAIN)


def _free(do: str, names: set[str]) -> str:
    """A name that no node has."""
    number, name = 1, do
    while name in names:
        number += 1
        name = f"{do}-{number}"
    return name
