"""The report on the models: which was chosen and why, and how far it was right before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joren.collect.quality.contracts import Verdict
from joren.core.figures import Figure


@dataclass(frozen=True)
class CandidateMarks:
    """How one candidate did at the cut-offs.

    ``behind`` is how far its log score per customer lies below the best one's; ``verdict`` is
    chosen, out (the score is told apart from the best), farther (its totals were), ranks worse (it
    told customers apart less well) or more complex.
    """

    name: str
    model: str
    spread: float | None  # of its calendar; null on a steady clock
    score: float
    behind: float
    error: Figure  # how far totals were off, on average
    verdict: str


@dataclass(frozen=True)
class CutoffMarks:
    """One forecast as if on ``cutoff``, for the days up to ``last``, and what came.

    ``hit`` says whether the truth lay in the interval that the cut-offs before it would have given.
    """

    cutoff: str
    last: str
    customers: int
    orders: Figure  # as foretold, with its interval
    orders_actual: int
    error: Figure
    hit: bool
    revenue: Figure
    revenue_actual: int
    revenue_error: Figure


@dataclass(frozen=True)
class Tracked:
    """Repeat orders of some days against those expected; ``ahead`` of what was learned from."""

    first: str
    last: str
    actual: int
    expected: float
    ahead: bool


@dataclass(frozen=True)
class MapCell:
    """What is expected of somebody with so many repeats, the last so many days before the end."""

    frequency: int
    silent_days: int
    p_alive: float
    expected_orders_365d: float


@dataclass(frozen=True)
class Parameter:
    """A parameter by the letter of its paper; limits are null where the data cannot tell."""

    model: str
    letter: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Belief:
    """How surely the past says a number: a curve of its chances, with the figure and its interval.

    ``newcomer_orders_365d`` and ``newcomer_share_365d`` follow from the parameters; any other name
    is a parameter's letter.
    """

    name: str
    figure: Figure
    at: tuple[float, ...]
    density: tuple[float, ...]


@dataclass(frozen=True)
class PathDay:
    """What was to be believed of a customer at the end of a day."""

    day: str
    p_alive: float


@dataclass(frozen=True)
class CustomerPath:
    """How the chance that somebody is still a customer rose and fell since their first purchase.

    By the model as it was fitted at ``as_of``; ``why`` says why no day is known.
    """

    customer_id: int
    as_of: str
    model: str
    bought: tuple[str, ...]  # days with a purchase, the first one included
    days: tuple[PathDay, ...]
    why: str
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading


@dataclass(frozen=True)
class ModelReport:
    """All of it, as one document of a snapshot. ``why`` says in words what the choice rests on."""

    snapshot_id: int
    as_of: str
    currency: str
    model: str
    orders_model: str
    spend_model: str
    page: str  # of docs/science
    why: str
    window_days: int
    customers: int
    judged_on: int  # customers: fewer than all where there are many
    mean_error: Figure
    revenue_error: Figure
    alarm: str
    candidates: tuple[CandidateMarks, ...]
    spend_candidates: tuple[CandidateMarks, ...]
    history: tuple[CutoffMarks, ...]  # newest first
    tracking: tuple[Tracked, ...]
    map_tenure_days: int
    map: tuple[MapCell, ...]
    parameters: tuple[Parameter, ...]
    season: Mapping[str, float]  # speed of each four weeks, by their last day
    beliefs: tuple[Belief, ...] = ()  # of the model of orders; snapshots of old have none
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading
