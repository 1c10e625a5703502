"""The value report: what the customer base was worth and may be worth, with all it rests on.

Every number that a reader sees is a ``Figure``; money is in minor units of the report's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from joren.collect.quality.contracts import Verdict
from joren.core.figures import Figure


@dataclass(frozen=True)
class LeftOut:
    """Orders or refunds that count for nothing here, and why.

    ``reason``: lost (cancelled or returned), free (a sample), currency (not the reporting one, and
    no rate of its day is known), nobody (no customer is known), credit (a credit note of somebody
    without a purchase).
    """

    reason: str
    currency: str
    orders: int
    revenue: int


@dataclass(frozen=True)
class StandingRate:
    """At what money of another currency is counted, from that day until the next rate."""

    rate: Decimal
    since: date

    @property
    def number(self) -> str:
        """Without the zeros at its end."""
        return f"{self.rate.normalize():f}"


@dataclass(frozen=True)
class Conversion:
    """Facts of another currency that count, by the shop's rates; ``amount`` is in their own.

    The rates are those of the days from ``first_rate_on`` to ``last_rate_on``, decimals as text.
    """

    currency: str
    rows: int
    amount: int
    converted: int
    first_rate_on: str
    last_rate_on: str
    lowest: str
    highest: str

    @property
    def rates(self) -> str:
        """The rate, or from which to which."""
        low, high = (text.rstrip("0").rstrip(".") for text in (self.lowest, self.highest))
        return low if low == high else f"{low} – {high}"


@dataclass(frozen=True)
class CostTerm:
    """One term between revenue and profit.

    ``coverage`` is the share of purchases where the term is known; ``amount`` is its sum there.
    """

    name: str
    amount: Figure
    coverage: Figure


@dataclass(frozen=True)
class ModelFit:
    """A fitted model: its letters, and how well the search ended."""

    name: str
    parameters: Mapping[str, float]
    log_likelihood: float | None
    n: int
    remark: str = ""


@dataclass(frozen=True)
class Prediction:
    """On what the next 365 days are predicted; ``why`` is empty where they are."""

    horizon_days: int
    models: tuple[ModelFit, ...]
    why: str
    unit: str = "days"
    margin: Figure | None = None  # the shop's, to which each customer's is shrunk
    margin_strength: Figure | None = None  # how much revenue of one's own weighs as much


@dataclass(frozen=True)
class FormulaPeriod:
    """Average order value × orders per customer and year × years kept, over 365 days."""

    first: str
    last: str
    value: Figure
    order_value: Figure
    frequency: Figure
    duration: Figure


@dataclass(frozen=True)
class FormulaValue:
    """The formula of this period and the one before, and which term moved it by how much.

    ``parts`` (by term, in money) add up to the change exactly; empty where either is not known.
    """

    now: FormulaPeriod
    before: FormulaPeriod
    change: Figure
    parts: tuple[Figure, ...]


@dataclass(frozen=True)
class GroupValue:
    """Customers who began alike. ``thin`` groups have too few to say much."""

    value: str
    label: str
    customers: int
    thin: bool
    revenue_past: Figure  # per customer
    profit_past: Figure
    revenue_365d: Figure
    profit_365d: Figure


@dataclass(frozen=True)
class StoreValue:
    """What the buyers of one store brought there, whichever store they began at.

    ``elsewhere`` is the share of them who bought at another store too. ``thin`` stores have too few
    to say much.
    """

    store_id: int
    label: str
    customers: int
    orders: int
    thin: bool
    revenue: int
    revenue_past: Figure  # per buyer
    profit_past: Figure
    elsewhere: Figure


@dataclass(frozen=True)
class Distribution:
    """How a figure is spread over customers: ``counts[i]`` lie from ``edges[i]`` to the next."""

    name: str
    unit: str
    customers: int
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    quantiles: Mapping[str, float]


@dataclass(frozen=True)
class CalibrationClass:
    """Customers with equally many repeat purchases before the cut-off, and what came after."""

    frequency: str
    customers: int
    actual: float
    predicted: float


@dataclass(frozen=True)
class Backtest:
    """The prediction made as if on ``cutoff``, judged by what came in the weeks after."""

    cutoff: str
    last: str
    weeks: int
    customers: int
    orders_actual: int | None
    orders_predicted: float | None
    bias: Figure
    revenue_bias: Figure
    revenue_actual: int | None
    revenue_predicted: float | None
    mae: float | None
    rmse: float | None
    deviance: float | None
    spearman: float | None
    gini: float | None
    calibration: tuple[CalibrationClass, ...]
    earlier: tuple[Figure, ...]  # bias at earlier cut-offs, newest first
    why: str = ""


@dataclass(frozen=True)
class Change:
    """A total now and in the snapshot before."""

    name: str
    before: Figure
    now: Figure
    change: Figure


@dataclass(frozen=True)
class Movement:
    """What moved since the snapshot before; ``why`` says why nothing can be said."""

    previous_as_of: str
    changes: tuple[Change, ...]
    why: str = ""


@dataclass(frozen=True)
class ValueReport:
    """All of it, as one document of a snapshot."""

    snapshot_id: int
    as_of: str
    currency: str
    totals: tuple[Figure, ...]
    means: tuple[Figure, ...]
    costs: tuple[CostTerm, ...]
    left_out: tuple[LeftOut, ...]
    prediction: Prediction
    backtest: Backtest
    formula: FormulaValue
    groups: Mapping[str, tuple[GroupValue, ...]]
    distributions: tuple[Distribution, ...]
    movement: Movement
    conversions: tuple[Conversion, ...] = ()
    stores: tuple[StoreValue, ...] = ()  # () where there is one alone
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading

    def total(self, name: str) -> Figure:
        """The total of that name."""
        return next(figure for figure in self.totals if figure.name == name)

    def mean(self, name: str) -> Figure:
        """The mean per customer of that name."""
        return next(figure for figure in self.means if figure.name == name)
