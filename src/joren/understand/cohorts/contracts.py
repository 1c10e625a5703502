"""Groups of customers that began together, followed over time. No Django.

A cohort is the month of the first purchase; age counts calendar months from it. Money is in minor
units of the snapshot's currency; refunds are taken off the purchase that they belong to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from joren.collect.quality.contracts import Verdict
from joren.core.errors import BadInput, NotFound
from joren.core.figures import Figure
from joren.core.tables import TableSpec
from joren.core.words import gettext_noop

COHORT_CELLS: Final = TableSpec(
    "cohort_cells",
    {
        "dimension": "string",  # all, store, sku, category, source
        "value": "string",  # within the dimension; the long tail is "…", null is not known
        "cohort": "date",  # month of the first purchase
        "age": "int64",  # months since then; 0 is the month itself
        "customers": "int64",  # in the cohort: the n of every share
        "mature": "boolean",  # has the whole month of that age passed for all of them?
        "active": "int64",  # customers with a purchase in that month
        "orders": "int64",
        "orders_squares": "float64",  # of orders per customer in that month: for the interval
        "revenue": "int64",
        "revenue_to_date": "int64",  # cumulative
        "revenue_squares": "float64",  # of cumulative revenue per customer: for the interval
        "profit_to_date": "int64",  # null: not known of every purchase
        "profit_squares": "float64",
        "costed_revenue": "int64",  # cumulative, of purchases whose profit is known
        "costed_profit": "int64",  # cumulative, of the same purchases
    },
    snapshot=True,
)

ROOM: Final = "cohorts"
"""Under this name the room's documents lie in a snapshot."""

TAIL: Final = "…"
"""Where values beyond the most frequent ones are put together."""

KEPT: Final = 20
"""How many products, categories and sources are followed one by one."""

THIN: Final = 30
"""Below so many customers a cell is shown in grey: it says little."""

COST_UNKNOWN: Final = gettext_noop("the cost of goods is not known of every purchase")
TOO_NEW: Final = gettext_noop("no cohort has {} full months behind it")

Dimension = Literal["all", "store", "sku", "category", "source"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("all", "store", "sku", "category", "source")

Measure = Literal["retention", "orders", "revenue", "profit"]
MEASURES: Final[tuple[Measure, ...]] = ("retention", "orders", "revenue", "profit")

NAMES: Final[Mapping[Measure, str]] = {
    "retention": "retention",
    "orders": "cohort_orders",
    "revenue": "cumulative_revenue",
    "profit": "cumulative_profit",
}
"""The measures' keys in the glossary."""


@dataclass(frozen=True)
class CohortCell:
    """One cohort at one age. ``value`` None: not known."""

    age: int
    value: float | None
    n: int
    low: float | None
    high: float | None
    mature: bool
    thin: bool


@dataclass(frozen=True)
class CohortRow:
    """One cohort, or one value of a dimension with its cohorts put together."""

    value: str | None
    label: str
    cohort: date | None
    customers: int
    cells: tuple[CohortCell, ...]


@dataclass(frozen=True)
class CohortMatrix:
    """A measure by cohort and age, or by value and age. What all its cells share is said once."""

    dimension: Dimension
    value: str | None
    measure: Measure
    name: str
    unit: str
    level: float
    as_of: date
    model: str
    rows: tuple[CohortRow, ...]
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading

    def figure(self, cell: CohortCell) -> Figure:
        """The cell as a number that explains itself."""
        return Figure(
            self.name,
            cell.value,
            self.unit,
            cell.n,
            cell.low,
            cell.high,
            self.level,
            self.as_of.isoformat(),
            self.model,
            "" if cell.value is not None else COST_UNKNOWN,
        )


@dataclass(frozen=True)
class Followed:
    """One value of a dimension and how many customers began with it."""

    dimension: Dimension
    value: str | None
    label: str  # "" for what is not known and for all together
    customers: int
    thin: bool


@dataclass(frozen=True)
class CohortReport:
    """What the room says of one snapshot; the cells themselves are in COHORT_CELLS."""

    as_of: date
    currency: str
    cohorts: int
    figures: Mapping[str, Figure]
    followed: tuple[Followed, ...]
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for, as of reading

    def label_of(self, dimension: Dimension, value: str | None) -> str:
        """How people call that value."""
        for one in self.followed:
            if (one.dimension, one.value) == (dimension, value):
                return one.label
        return value or ""


class NoCohortsYet(NotFound):
    """The snapshot holds no cohorts."""


class NoSuchMatrix(BadInput):
    """The dimension or the measure is none that is followed."""


DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "retention": (
        "継続率(コホート)",
        "Retention (cohort)",
        "初回購入月が同じ顧客のうち、その月に1回以上購入した人の割合。",
        "Of the customers who first bought in one month, the share with a purchase in the month "
        "of that age.",
    ),
    "cohort_orders": (
        "1人あたり注文数(コホート)",
        "Orders per customer (cohort)",
        "初回購入月が同じ顧客1人あたりの、その月の注文数。",
        "Orders in the month of that age per customer of the cohort.",
    ),
    "cumulative_revenue": (
        "1人あたり累計売上(コホート)",
        "Cumulative revenue per customer (cohort)",
        "初回購入月からその月の終わりまでの、顧客1人あたりの返金後売上(税抜、実績)。",
        "Past revenue after refunds, without tax, from the first month to the end of that month, "
        "per customer of the cohort.",
    ),
    "cumulative_profit": (
        "1人あたり累計利益(コホート)",
        "Cumulative profit per customer (cohort)",
        "同じ期間の利益(実績)。すべての購入の原価が分かる場合だけ示す。",
        "Past profit of the same span; shown only where the cost of goods is known of every "
        "purchase.",
    ),
}
HEADLINE_AGES: Final = (1, 3, 6, 12)  # months

for _age in HEADLINE_AGES:
    # One term for each, so that every figure says of itself which month it means.
    DEFINITIONS.update(
        {
            f"retention_after_{_age}_months": (
                f"{_age}か月後の継続率",
                f"Retention in month {_age}",
                "その月齢がすでに終わったコホートをまとめた継続率。",
                "Retention of all cohorts for which that month has fully passed, together.",
            ),
            f"revenue_after_{_age}_months": (
                f"{_age}か月後までの1人あたり累計売上",
                f"Revenue per customer by month {_age}",
                "その月齢がすでに終わったコホートをまとめた1人あたり累計売上(実績)。",
                "Past revenue so far per customer, of all cohorts for which that month has passed.",
            ),
            f"profit_after_{_age}_months": (
                f"{_age}か月後までの1人あたり累計利益",
                f"Profit per customer by month {_age}",
                "その月齢がすでに終わったコホートをまとめた1人あたり累計利益(実績)。",
                "Past profit so far per customer, of all cohorts for which that month has passed.",
            ),
        }
    )
