"""Whom a rule fits, asked of the newest snapshot.

Each condition is asked once and its answer kept as one bit per customer, so that after one of five
is changed only that one is asked anew, and groups, overlaps and means are arithmetic on bits. The
answers are of one snapshot, whose tables never change.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cached_property, reduce
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from joren.collect.customers.contracts import TRAITS
from joren.collect.customers.selectors import stores
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.selectors import allowed_properties
from joren.collect.life_stages.selectors import stage_names
from joren.collect.orders.contracts import ORDER_LINES
from joren.core.figures import Figure
from joren.core.ids import CustomerId
from joren.core.words import gettext_noop
from joren.decide.segments import models
from joren.decide.segments.contracts import (
    FROZEN,
    IDENTITIES,
    PURCHASED,
    Against,
    All,
    Any,
    AtLeast,
    Bought,
    Did,
    Is,
    Leaf,
    Member,
    Not,
    Overlap,
    Preview,
    Rule,
    RuleFails,
    RuleMeaningless,
    Step,
    Value,
)
from joren.decide.segments.rules import (
    EVENT_FIELDS,
    FIELDS,
    MOVED,
    Field,
    Sources,
    customers,
    found_by,
    leaves,
    of_measure,
    properties_of,
    written,
)
from joren.decide.segments.selectors.cautions import Weighing
from joren.decide.segments.selectors.keeping import segments, sentences
from joren.decide.segments.selectors.sources import (
    failing_alone,
    frozen_versions,
    live_rules,
    sources_of,
)
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Sums, mean_interval
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Snapshot

Bits = NDArray[np.bool_]
EXAMPLES: Final = 10
FEWEST: Final = 5
"""Of so many at least a mean is shown: of fewer it says what one person spent."""
_FEW: Final = gettext_noop("too few of them bought to show a mean")
_NOBODY: Final = gettext_noop("nobody in it has bought")
_NO_COST: Final = gettext_noop("the cost of what they bought is not known")
_MOST_NAMES: Final = 200
_SPECS: Final = (TRAITS, CUSTOMER_VALUES, CUSTOMER_RANKS, PURCHASED, IDENTITIES)
_OUTSIDE: Final = {Member: FROZEN, Did: EVENTS}
_MEANS: Final = ("revenue_past", "profit_past", "revenue_365d", "profit_365d")


class Asking:
    """Rules asked of one snapshot; several of them share what they ask."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.house = warehouse()
        self.snapshot = snapshot
        self._live = live_rules()
        self._frozen = frozen_versions()

    @cached_property
    def sources(self) -> Sources:
        """Its tables: of what was asked before, nobody needs them."""
        return sources_of(self.house, self.snapshot)

    @property
    def people(self) -> NDArray[np.int64]:
        """Everybody, by number."""

        def made() -> NDArray[np.int64]:
            found = self.house.engine.arrow(self.sources.people.select("customer_id"))
            return np.sort(found["customer_id"].to_numpy())

        return self.house.snapshots.once(self.snapshot.id, (TRAITS,), ("people",), made)

    def fits(self, rule: Rule) -> Bits:
        """For each of the people: does the rule fit?"""
        if isinstance(rule, All | Any):
            join = np.logical_and if isinstance(rule, All) else np.logical_or
            start = np.full(self.people.size, isinstance(rule, All))
            return reduce(join, map(self.fits, rule.of), start)
        if isinstance(rule, AtLeast):
            held = sum((self.fits(one).astype(np.int16) for one in rule.of), np.int16(0))
            found: Bits = np.asarray(held >= rule.count)
            return found
        if isinstance(rule, Not):
            return ~self.fits(rule.of)
        if isinstance(rule, Member) and rule.segment in self._live:
            return self.fits(self._live[rule.segment])
        return self._leaf(rule)

    def _leaf(self, leaf: Leaf) -> Bits:
        what = json.dumps(written(leaf), sort_keys=True)
        version = self._frozen.get(leaf.segment) if isinstance(leaf, Member) else None
        # These facts and what is frozen lie outside the snapshot, and older snapshots may go.
        files = (
            self.house.lake.files(_OUTSIDE.get(type(leaf), ORDER_LINES)),
            tuple(one.id for one in self.house.snapshots.all()),
        )
        return self.house.snapshots.once(
            self.snapshot.id, _SPECS, ("fits", what, version, files), lambda: self._asked(leaf)
        )

    def _asked(self, leaf: Leaf) -> Bits:
        with failing_alone():
            found = found_by(leaf, self.sources)
            rows = self.house.engine.arrow(found.ids.select("customer_id"))
        ids = rows["customer_id"].to_numpy()
        people = self.people
        fits = np.zeros(people.size, dtype=np.bool_)
        if people.size:
            places = np.minimum(np.searchsorted(people, ids), people.size - 1)
            fits[places[people[places] == ids]] = True
        return ~fits if found.negated else fits

    def column(self, name: str) -> NDArray[np.float64]:
        """A column of values for each of the people; NaN where it is not known."""

        def made() -> NDArray[np.float64]:
            table = self.sources.values
            rows = self.house.engine.arrow(table.select("customer_id", v=table[name].cast("float")))
            people = self.people
            every = np.full(people.size, np.nan)
            ids = rows["customer_id"].to_numpy()
            if not people.size:
                return every
            places = np.minimum(np.searchsorted(people, ids), people.size - 1)
            known = people[places] == ids
            every[places[known]] = rows["v"].to_numpy(zero_copy_only=False)[known]
            return every

        specs = (TRAITS, CUSTOMER_VALUES)
        return self.house.snapshots.once(self.snapshot.id, specs, ("column", name), made)


def preview(rule: Rule) -> Preview:
    """Who would belong now, and the funnel rule by rule."""
    asking = Asking(values.snapshot())
    refuse_unknown(rule)
    refuse_properties(rule)
    parts = rule.of if isinstance(rule, All) else (rule,)
    left = np.ones(asking.people.size, dtype=np.bool_)
    weighing = Weighing(asking.snapshot)
    steps = []
    for part in parts:
        alone = asking.fits(part)
        left = left & alone
        ja, en = sentences(part)
        counted = (int(alone.sum()), int(left.sum()))
        steps.append(Step(part, ja, en, *counted, weighing.cautions(part)))
    examples = asking.people[np.flatnonzero(left)[:EXAMPLES]]
    ja, en = sentences(rule)
    return Preview(
        customers=int(left.sum()),
        of=int(asking.people.size),
        steps=tuple(steps),
        examples=tuple(int(one) for one in examples),
        ja=ja,
        en=en,
    )


def size(rule: Rule) -> int:
    """How many customers the rule fits now."""
    return int(Asking(values.snapshot()).fits(rule).sum())


def members_of(rule: Rule, *, after: int = 0, limit: int = 100) -> list[CustomerId]:
    """Some of the customers whom the rule fits, by number."""
    asking = Asking(values.snapshot())
    found = asking.people[asking.fits(rule)]
    start = int(np.searchsorted(found, after, side="right"))
    return [CustomerId(int(one)) for one in found[start : start + limit]]


def everybody() -> NDArray[np.int64]:
    """The numbers of all customers of the newest figures, the lowest first."""
    return Asking(values.snapshot()).people


def ids_of(rule: Rule) -> NDArray[np.int64]:
    """The numbers of all customers whom the rule fits, the lowest first. What was asked before of
    the same figures is not asked again; a rule that the engine cannot ask is ``RuleFails``."""
    asking = Asking(values.snapshot())
    return asking.people[asking.fits(rule)]


def members_table(rule: Rule) -> ir.Table:
    """All of them as one expression: for files, which may be longer than memory."""
    return customers(rule, Asking(values.snapshot()).sources)


def heard_events() -> tuple[str, ...]:
    """The names of the events that sources sent so far, the most frequent first."""
    house = warehouse()
    newest = house.snapshots.latest()
    if newest is None or not house.lake.files(EVENTS):
        return ()

    def asked() -> tuple[str, ...]:
        events = house.facts(EVENTS)
        named = events.filter(events.type == "track").group_by("name").agg(n=ibis._.count())
        most = named.order_by([ibis.desc("n"), "name"]).limit(_MOST_NAMES)
        return tuple(str(row["name"]) for row in house.engine.rows(most))

    files = house.lake.files(EVENTS)
    return house.snapshots.once(newest.id, (), ("heard events", files), asked)


def against_rest(rule: Rule) -> list[Against]:
    """What the segment's customers were and may be worth, beside all other customers."""
    asking = Asking(values.snapshot())
    fits = asking.fits(rule)
    return [_against(asking, fits, name) for name in _MEANS]


def overlaps(rule: Rule, *, without: int | None = None) -> list[Overlap]:
    """How much it shares with each of the segments that can be asked, most first."""
    asking = Asking(values.snapshot())
    fits = asking.fits(rule)
    mine = int(fits.sum())
    found = []
    for one in segments():
        if one.id != without:
            with suppress(RuleFails):  # the list of segments says why
                both = int((fits & asking.fits(Member(one.id))).sum())
                found.append(Overlap(one.id, one.name, both, both / mine if mine else None))
    return sorted(found, key=lambda one: (-one.both, one.name))


def _against(asking: Asking, fits: Bits, name: str) -> Against:
    column = asking.column(name)
    known = ~np.isnan(column)
    model = "" if name.endswith("_past") else values.model_report(asking.snapshot).orders_model
    bought = ~np.isnan(asking.column("revenue_past"))
    return Against(
        _mean(asking, name, column[known & fits], model, bought=bool((bought & fits).any())),
        _mean(asking, name, column[known & ~fits], model, bought=bool((bought & ~fits).any())),
    )


def _mean(
    asking: Asking, name: str, column: NDArray[np.float64], model: str, *, bought: bool
) -> Figure:
    sums = Sums.of(column)
    found = mean_interval(sums)
    shown = column.size >= FEWEST
    return Figure(
        f"segment_{name}",
        float(found.estimate) if shown else None,
        str(asking.snapshot.settings.get("currency") or "XXX"),
        n=int(column.size),
        low=float(found.low) if shown else None,
        high=float(found.high) if shown else None,
        level=found.level if shown else None,
        as_of=asking.snapshot.as_of.isoformat(),
        model=model,
        why="" if shown else _FEW if column.size else _NO_COST if bought else _NOBODY,
    )


def refuse_unknown(rule: Rule) -> None:
    """Refuse segments, stores and life stages that there are not, and days before all figures."""
    there = set(models.Segment.objects.filter(archived_at=None).values_list("pk", flat=True))
    for leaf in leaves(rule):
        if isinstance(leaf, Member) and leaf.segment not in there:
            raise RuleMeaningless(f"there is no segment {leaf.segment}", hint="joren segments list")
        for field, numbers in _chosen(leaf):
            _refuse_unlisted(field, numbers)
        if isinstance(leaf, Is) and (leaf.ago or leaf.op in MOVED):
            _refuse_too_early(max(1, leaf.ago))


def _chosen(leaf: Leaf) -> list[tuple[Field, tuple[Value, ...]]]:
    """The fields whose numbers the shop lists itself, with what is asked of them."""
    if isinstance(leaf, Member):
        return []
    asked = [(FIELDS[leaf.field], leaf)] if isinstance(leaf, Is) else []
    if isinstance(leaf, Bought | Did):
        known = EVENT_FIELDS if isinstance(leaf, Did) else of_measure(leaf.measure)
        asked = [(known[one.field], one) for one in leaf.where]
    return [(field, one.values) for field, one in asked
            if field.type == "choice" and not field.choices]  # fmt: skip


def _refuse_unlisted(field: Field, numbers: tuple[Value, ...]) -> None:
    there = stage_names() if field.listed == "life_stages" else {int(one.id) for one in stores()}
    if lacking := [one for one in numbers if int(one) not in there]:
        raise RuleMeaningless(
            f"{field.en}: there is no number {lacking[0]}",
            hint=f"known: {', '.join(map(str, sorted(there))) or 'none yet'}",
        )


def _refuse_too_early(ago: int) -> None:
    """Nobody is found of a day before the first figures."""
    days = sorted(one.as_of for one in warehouse().snapshots.all())
    if days and (reach := (days[-1] - days[0]).days) < ago:
        raise RuleMeaningless(
            f"no figures of {ago} days ago are kept", hint=f"the oldest are of {reach} days ago"
        )


def refuse_properties(rule: Rule) -> None:
    """Refuse properties of events that this shop does not let into the warehouse."""
    if lacking := sorted(properties_of(rule) - allowed_properties()):
        raise RuleMeaningless(
            f"the property {lacking[0]!r} does not come into the warehouse",
            hint=f"joren source allow {lacking[0]}; it holds for what comes from then on",
        )
