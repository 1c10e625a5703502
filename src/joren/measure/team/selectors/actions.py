"""Every action of the shop, with who has which part in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from joren.accounts import selectors as accounts
from joren.act.campaigns import selectors as campaigns
from joren.act.journeys import selectors as journeys
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments import selectors as segments
from joren.decide.strategies import selectors as strategies
from joren.measure.channels import selectors as channels
from joren.measure.initiatives import selectors as initiatives
from joren.measure.practices import selectors as practices
from joren.measure.practices.contracts import FIFTEEN
from joren.measure.team import models
from joren.measure.team.contracts import NoSuchAction, Person, TeamAction
from joren.measure.trials import selectors as trials

_OVER = ("sent", "cancelled")
Parts = Mapping[tuple[str, str], Mapping[str, Sequence[Person]]]


def actions() -> list[TeamAction]:
    """Those that are going on first, each kind by name."""
    parts, names = _parts(), accounts.member_names()
    found = [
        *_campaigns(parts), *_journeys(parts, names), *_practices(parts, names),
        *_initiatives(parts, names), *_segments(parts, names), *_holdouts(parts),
        *_area_tests(parts),
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.running)


def action(kind: str, key: str) -> TeamAction:
    """One of them."""
    for one in actions():
        if (one.kind, one.key) == (kind, key):
            return one
    raise NoSuchAction(f"there is no {kind} {key}", hint="joren team actions")


def measured_by(holdout: int) -> TeamAction | None:
    """The action that this holdout measures: its campaign or journey before anything else."""
    return next((one for one in actions() if holdout in one.holdouts), None)


def _parts() -> Parts:
    names = accounts.member_names()
    found: defaultdict[tuple[str, str], defaultdict[str, list[Person]]]
    found = defaultdict(lambda: defaultdict(list))
    for row in models.Part.objects.order_by("pk"):
        if row.member_id in names:
            found[row.kind, row.key][row.duty].append(Person(row.member_id, names[row.member_id]))
    return found


def _with(parts: Parts, one: TeamAction, owner: Person | None = None) -> TeamAction:
    has: Mapping[str, Sequence[Person]] = parts.get((one.kind, one.key), {})
    return TeamAction(
        one.kind, one.key, one.name, one.running,
        owner=owner or next(iter(has.get("owner", ())), None),
        decider=next(iter(has.get("decider", ())), None),
        consulted=tuple(has.get("consulted", ())), informed=tuple(has.get("informed", ())),
        holdouts=one.holdouts,
    )  # fmt: skip


def _campaigns(parts: Parts) -> Iterator[TeamAction]:
    for one in sorted(campaigns.campaigns(), key=lambda each: each.plan.name):
        held = (one.holdout,) if one.holdout else ()
        running = one.state not in _OVER
        yield _with(parts, TeamAction("campaign", str(one.id), one.plan.name, running,
                                      holdouts=held))  # fmt: skip


def _journeys(parts: Parts, names: Mapping[int, str]) -> Iterator[TeamAction]:
    """Whoever a journey's document names by a member's name owns it, until somebody says else."""
    called = {name: Person(number, name) for number, name in names.items()}
    for one in sorted(journeys.journeys(ended=True), key=lambda each: each.name):
        held = (one.holdout,) if one.holdout else ()
        running = one.state != "ended"
        made = _with(parts, TeamAction("journey", str(one.id), one.name, running, holdouts=held))
        yield made if made.owner else replace(made, owner=called.get(one.draft.owner.strip()))


def _practices(parts: Parts, names: Mapping[int, str]) -> Iterator[TeamAction]:
    tried = {one.plan.practice for one in trials.trials()}
    for one in practices.practices():
        if not (one.own or one.changed_at or one.key in tried):
            continue  # one of the fifteen that nobody has taken up
        held = (one.text.holdout,) if one.text.holdout else ()
        name = one.name or FIFTEEN[one.key][0]
        running = one.text.stopped_on is None
        yield _with(
            parts, TeamAction("practice", one.key, name, running, holdouts=held),
            _person(one.text.owner, names),
        )  # fmt: skip


def _initiatives(parts: Parts, names: Mapping[int, str]) -> Iterator[TeamAction]:
    for one in initiatives.initiatives():
        held = (one.text.holdout,) if one.text.holdout else ()
        running = one.text.stopped_on is None
        yield _with(
            parts, TeamAction("initiative", str(one.id), one.text.name, running, holdouts=held),
            _person(one.text.owner, names),
        )  # fmt: skip


def _segments(parts: Parts, names: Mapping[int, str]) -> Iterator[TeamAction]:
    kept = {one.id: one for one in segments.segments()}
    for card in strategies.cards():
        if card.changed_at is None:
            continue  # nobody has said what it is for
        name = kept[card.segment].name
        yield _with(
            parts, TeamAction("segment", str(card.segment), name, running=True),
            _person(card.owner, names),
        )  # fmt: skip


def _holdouts(parts: Parts) -> Iterator[TeamAction]:
    every = holdouts.holdouts()
    numbers = [one.id for one in every]
    known = {*campaigns.under(numbers), *journeys.under(numbers)}
    for one in every:
        if one.id not in known:
            yield _with(parts, TeamAction("holdout", str(one.id), one.name, one.closed_at is None,
                                          holdouts=(one.id,)))  # fmt: skip


def _area_tests(parts: Parts) -> Iterator[TeamAction]:
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    for one in channels.area_tests():
        running = one.text.last >= today
        yield _with(parts, TeamAction("area_test", str(one.id), one.text.name, running))


def _person(number: int | None, names: Mapping[int, str]) -> Person | None:
    return Person(number, names[number]) if number is not None and number in names else None
