"""What has come, and what is still expected: with all that the expectation can be wrong by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from joren.measure.experiments.contracts import LEVEL, BoardRow, Likeness, Metric, PoolKind
from joren.measure.experiments.rules.adjusting import sharper
from joren.measure.experiments.rules.comparing import At
from joren.science.inference import IncrementalValue, Matured, Moments, incremental_value
from joren.science.inference.incremental import ENOUGH
from joren.science.inference.means import average, difference_of

MODEL_ERROR: Final = 0.2
"""How far a total of the model may be off over most of a year, before its own record is known."""


REPEATS: Final[tuple[PoolKind, ...]] = ("journey", "message", "everything")
"""What makes two actions the same one: an audience or a kind of content alone does not."""


@dataclass(frozen=True)
class Learned:
    """What has matured of its kind, or of all actions where too little of it has. ``repeats``: all
    of them were the same action."""

    matured: tuple[Matured, ...] = ()
    repeats: bool = False


def learned(
    number: int, metric: Metric, board: Sequence[BoardRow],
    alike: Mapping[Likeness, Sequence[int]],
) -> Learned:  # fmt: skip
    """Of the board in that metric: the narrowest kind of which enough have matured."""
    known = {
        row.holdout_id: Matured(row.uncorrected, row.came, row.error, row.came_error)
        for row in board
        if row.metric == metric and row.holdout_id != number and min(row.error, row.came_error) > 0
    }
    for likeness, group in alike.items():
        theirs = tuple(known[one] for one in group if one in known)
        if number in group and len(theirs) >= ENOUGH:
            return Learned(theirs, likeness.kind in REPEATS)
    return Learned(tuple(known.values()))


def expected(at: At, control: Moments, treated: Moments, known: Learned) -> IncrementalValue:
    """Realised and projected per customer, adjusted by COVARIATES where customers suffice. The
    realised part keeps its own, uneven limits; of the columns ``realised`` and ``projected`` of
    both arms the rest is Welch's."""
    found = sharper(control, treated, ("realised", "projected"))
    if found:
        at, (control, treated) = found.at(at, "realised"), found.left
    realised = at(LEVEL)
    projected = difference_of(
        average(control.sums("projected")), average(treated.sums("projected")), "welch", LEVEL
    )
    return incremental_value(
        realised, projected, correlation=_correlation(control, treated),
        worth=float(control.means(("realised", "projected")).sum()), model_error=MODEL_ERROR,
        matured=known.matured, repeats=known.repeats,
    )  # fmt: skip


def _correlation(control: Moments, treated: Moments) -> float:
    """Of the two differences, as both rest on the same customers."""
    arms, names = (control, treated), ("realised", "projected")
    both = sum(float(arm.covariance(names[:1], names[1:])[0, 0]) / arm.n for arm in arms)
    one, other = (
        sum(float(arm.covariance((name,), (name,))[0, 0]) / arm.n for arm in arms) for name in names
    )
    return max(-1.0, min(1.0, both / (one * other) ** 0.5)) if one > 0 and other > 0 else 0.0
