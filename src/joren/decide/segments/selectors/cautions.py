"""What the facts are not good enough for, said of the rule that rests on it (B2)."""

from __future__ import annotations

from collections.abc import Mapping

from joren.collect.quality import selectors as quality
from joren.collect.quality.contracts import Verdict
from joren.decide.segments.contracts import Bought, Caution, Did, Is, Leaf, Member, Rule
from joren.decide.segments.rules import (
    EVENT_FIELDS,
    FIELDS,
    MEASURES,
    Field,
    leaves,
    of_measure,
)
from joren.decide.segments.selectors.keeping import segments
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot
from joren.warehouse import Snapshot

_BOUGHT = ("values", "purchases", "lines")


class Weighing:
    """Rules weighed against the facts of one snapshot, with those of the segments they name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._short: Mapping[str, str] = quality.shortfalls(warehouse(), snapshot)
        self._kept: Mapping[int, Rule] = {one.id: one.rule for one in segments()}

    def cautions(self, rule: Rule) -> tuple[Caution, ...]:
        """What is short of what the rule rests on, each once."""
        uses = self._uses(rule, frozenset())
        return tuple(Caution(use, self._short[use]) for use in sorted(uses & self._short.keys()))

    def _uses(self, rule: Rule, seen: frozenset[int]) -> set[str]:
        found: set[str] = set()
        for leaf in leaves(rule):
            if isinstance(leaf, Member):
                there = self._kept.get(leaf.segment)
                if there is not None and leaf.segment not in seen:
                    found |= self._uses(there, seen | {leaf.segment})
            else:
                for field in _asked(leaf):
                    found |= _rests(field)
        return found


def cautions_of(rule: Rule) -> tuple[Caution, ...]:
    """The same of the newest snapshot, before somebody acts on it; of no snapshot nothing is."""
    try:
        return Weighing(values.snapshot()).cautions(rule)
    except NoSnapshot:
        return ()


def worth_rests_on() -> tuple[Verdict, ...]:
    """Whether the facts are enough for what customers were and may be worth."""
    return quality.verdicts_in(warehouse(), values.snapshot(), "predictions", "profit")


def _asked(leaf: Leaf) -> list[Field]:
    if isinstance(leaf, Is):
        return [FIELDS[leaf.field]]
    if isinstance(leaf, Bought):
        known = of_measure(leaf.measure)
        return [MEASURES[leaf.measure], *(known[one.field] for one in leaf.where)]
    return [EVENT_FIELDS["path"]] if isinstance(leaf, Did) else []


def _rests(field: Field) -> set[str]:
    found = {field.use} - {""}
    if field.table in _BOUGHT:
        found.add("orders")
    elif field.table in ("events", "shifts"):
        found.add("events" if field.table == "events" else "category")
    return found
