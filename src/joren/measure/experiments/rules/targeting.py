"""Whom to treat, as a rule that a segment can hold: by last order, number of orders and revenue.

Policies send to whole cells of these three, so that what is raced is what a segment then asks.
The page is docs/science/targeting.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from joren.decide.segments.contracts import All, Any, Is, Member, Not, Rule
from joren.measure.experiments.contracts import Policy
from joren.science.arrays import Floats, Indices
from joren.science.inference.targeting import (
    Race,
    Trial,
    best_cut,
    cut_of,
    dealings,
    race,
    two_stage,
)
from joren.science.inference.targeting.trial import Mask

DAYS: Final = (30, 90, 180, 365)
"""Between these days since the last order."""
ORDERS: Final = (2, 3, 5)
"""From so many orders on."""
R, F, M = len(DAYS) + 1, len(ORDERS) + 1, 3
NEVER: Final = R * F * M
"""The cell of those who have not bought yet."""
FOLDS: Final = 5
SLICE: Final = 5
"""Of a hundred customers of the audience, so many belong to the segment whatever the rule says: by
their lot number, for good. Without them nobody would know any more of those who are left out."""


@dataclass(frozen=True, eq=False)
class Audience:
    """One row per customer: treated by lot or not, what their orders of the days that count left
    (their profit, or revenue where no cost is known; losses to 0), and before them the days since
    the last order (NaN: none), orders and revenue."""

    treated: Mask
    spent: Floats
    silent: Floats
    orders: Floats
    revenue: Floats

    @property
    def features(self) -> Floats:
        new = self.orders == 0
        silent = np.where(new, 2.0 * DAYS[-1], np.nan_to_num(self.silent))
        money = np.maximum(self.revenue, 0.0)
        columns = (silent, self.orders, money, money / np.maximum(self.orders, 1.0))
        return np.column_stack([*(np.log1p(one) for one in columns), new])


class Box(NamedTuple):
    """Cells from a place to a place (both included) of each of the three."""

    r: tuple[int, int]
    f: tuple[int, int]
    m: tuple[int, int]


@dataclass(frozen=True)
class Raced:
    """The race, and the cells to which each policy that is a rule sends, made on all customers.
    ``thirds`` divide the revenue."""

    race: Race
    cells: Mapping[Policy, frozenset[int]]
    thirds: tuple[int, int]


def raced(
    audience: Audience, *, chance: float, margin: float, cost: float, rng: np.random.Generator
) -> Raced:
    """Each policy is judged on customers whose own outcomes it has not seen."""
    trial = Trial(audience.treated, audience.spent, chance, margin, cost)
    (fold,) = dealings(trial.size, rng, folds=FOLDS, times=1)
    thirds = thirds_of(audience)
    cells = cells_of(audience, thirds)
    score = _score(cells)
    seen = two_stage(trial, audience.features, (fold,))
    gain, response = seen.gain(trial), seen.response(trial)
    found = race(
        trial, {"uplift": _by_cell(gain, cells, fold)},
        {"rfm": best_cut(trial, score, fold), "response": _by_cell(response, cells, fold)},
        expected=seen.expected, foreseen=gain,
    )  # fmt: skip
    cut = cut_of(trial, score)
    return Raced(
        found,
        {
            "everybody": frozenset(range(NEVER + 1)), "nobody": frozenset(),
            "uplift": _worth_it(gain, cells), "response": _worth_it(response, cells),
            "rfm": frozenset(np.unique(cells[score >= cut]).tolist()),
        },
        thirds,
    )  # fmt: skip


def thirds_of(audience: Audience) -> tuple[int, int]:
    """What divides the revenue of those who bought before into thirds, in two figures."""
    before = audience.revenue[audience.orders > 0]
    if not before.size:
        return 1, 2
    low, high = (_rounded(float(one)) for one in np.quantile(before, (1 / 3, 2 / 3)))
    return max(low, 1), max(high, low + 1, 2)


def cells_of(audience: Audience, thirds: tuple[int, int]) -> Indices:
    """The cell of each customer."""
    r = np.digitize(np.nan_to_num(audience.silent), DAYS)
    f = np.digitize(audience.orders, ORDERS)
    m = np.digitize(audience.revenue, thirds)
    found = np.where(audience.orders > 0, (r * F + f) * M + m, NEVER)
    return found.astype(np.intp)


def rule_of(cells: frozenset[int], thirds: tuple[int, int], segment: int | None) -> Rule:
    """The same customers in the language of segments, among the members of the audience, and the
    slice that is kept by lot."""
    among = (Member(segment),) if segment else ()
    if len(cells) > NEVER:
        return All(among)
    parts: list[Rule] = [_in_words(box, thirds) for box in boxes(cells - {NEVER})]
    if NEVER in cells:
        parts.append(Not(Is("orders", "at_least", (1,))))
    parts.append(Is("lot_number", "at_most", (SLICE,)))
    return All((*among, Any(tuple(parts))))


def boxes(cells: frozenset[int]) -> list[Box]:
    """As few boxes as joining neighbours along one direction after the other leaves."""
    found = [
        Box((r, r), (f, f), (m, m))
        for r, f, m in product(range(R), range(F), range(M))
        if (r * F + f) * M + m in cells
    ]
    for side in (2, 1, 0):
        found = _joined(found, side)
    return found


def _joined(found: list[Box], side: int) -> list[Box]:
    """Boxes that are alike but for one side, and meet there, as one."""

    def others(box: Box) -> tuple[tuple[int, int], ...]:
        return tuple(part for place, part in enumerate(box) if place != side)

    told: list[Box] = []
    for box in sorted(found, key=lambda one: (others(one), one[side])):
        before = told[-1] if told else None
        if before and others(before) == others(box) and before[side][1] + 1 == box[side][0]:
            sides = list(before)
            sides[side] = (before[side][0], box[side][1])
            told[-1] = Box(*sides)
        else:
            told.append(box)
    return told


def _in_words(box: Box, thirds: tuple[int, int]) -> Rule:
    (newest, oldest), (fewest, most), (least, highest) = box
    parts: list[Rule] = [Is("orders", "at_least", ((1, *ORDERS)[fewest],))]
    if most < F - 1:
        parts.append(Is("orders", "at_most", (ORDERS[most] - 1,)))
    if oldest < R - 1:
        parts.append(Is("last_on", "in_last_days", (DAYS[oldest],)))
    if newest:
        parts.append(Is("last_on", "not_in_last_days", (DAYS[newest - 1],)))
    if least:
        parts.append(Is("revenue_past", "at_least", (thirds[least - 1],)))
    if highest < M - 1:
        parts.append(Is("revenue_past", "at_most", (thirds[highest] - 1,)))
    return All(tuple(parts))


def _by_cell(worth: Floats, cells: Indices, fold: Indices) -> Mask:
    """Cells that are worth it on average; of each fold by what fits on the others foresee."""
    sent = np.zeros(worth.size, dtype=np.bool_)
    for one in np.unique(fold):
        mine = fold == one
        sent[mine] = np.isin(cells[mine], sorted(_worth_it(worth[mine], cells[mine])))
    return sent


def _worth_it(worth: Floats, cells: Indices) -> frozenset[int]:
    sums = np.bincount(cells, weights=worth, minlength=NEVER + 1)
    return frozenset(np.flatnonzero(sums > 0).tolist())


def _score(cells: Indices) -> Floats:
    """R, F and M added up, 0 for those who have not bought yet."""
    r, f, m = cells // (F * M), cells // M % F, cells % M
    found: Floats = np.where(cells == NEVER, 0.0, (R - r) + (f + 1.0) + (m + 1.0))
    return found


def _rounded(amount: float) -> int:
    """To two figures, as people say a sum."""
    return round(float(f"{amount:.2g}"))
