"""The rule language: frozen values that are JSON outside. No Django.

``{"kind": "all", "of": [{"kind": "is", "field": "stage", "op": "is", "values": ["f2"]},
{"kind": "bought", "measure": "orders", "op": "at_least", "values": [2],
"window": {"last_days": 90}}]}``

Money is in minor units of the snapshot's currency, a share is between 0 and 1, a day is written
2026-11-28, and days are counted back from the as-of day, which is day 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

Value = bool | int | float | str

Op = Literal[
    "is", "is_not", "at_least", "at_most", "between", "yes", "no", "known", "unknown",
    "on_or_after", "on_or_before", "in_last_days", "not_in_last_days", "in_next_days",
    "this_month", "anniversary_in_next_days", "anniversary_this_month",
    "rose_by", "fell_by", "rose_by_percent", "fell_by_percent",
]  # fmt: skip

Measure = Literal[
    "orders", "days", "revenue", "profit", "mean_revenue", "first_on", "last_on",
    "lines", "quantity", "amount", "products", "categories", "first_line_on", "last_line_on",
]  # fmt: skip
"""What is counted of purchases; from ``lines`` on it is counted of their lines."""


Happening = Literal["times", "days", "distinct", "first_on", "last_on"]
"""What is counted of events."""

PAGE_VIEWED: Final = "Page Viewed"
"""By this name a rule asks for views of pages and screens, which say no name of their own."""

ANYTHING: Final = "*"
AN_ORDER: Final = "order"


@dataclass(frozen=True)
class Window:
    """Some days: the last ``last_days`` but the newest ``but_days``, or from a day to a day.

    Without bounds all of them.
    """

    last_days: int | None = None
    but_days: int = 0
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True)
class Is:
    """What is so of a customer; ``ago``: as it was so many days ago.

    Of what rose or fell it is since when: so many days ago, or the figures before the newest.
    """

    field: str
    op: Op
    values: tuple[Value, ...] = ()
    ago: int = 0
    kind: Literal["is"] = "is"


@dataclass(frozen=True)
class Bought:
    """How much of something a customer bought; ``where`` says which purchases or lines count."""

    measure: Measure
    op: Op
    values: tuple[Value, ...] = ()
    where: tuple[Is, ...] = ()
    window: Window = Window()
    kind: Literal["bought"] = "bought"


@dataclass(frozen=True)
class Did:
    """How often somebody did something that live events tell; ``where`` says which of it counts.

    ``event`` is its name, PAGE_VIEWED or ANYTHING. ``by`` is what ``distinct`` counts: a field of
    events. ``but_not`` (AN_ORDER, or an event's name): what was done before the last such does not
    count, as with a cart that was ordered.
    """

    event: str
    measure: Happening
    op: Op
    values: tuple[Value, ...] = ()
    where: tuple[Is, ...] = ()
    window: Window = Window()
    by: str = ""
    but_not: str = ""
    kind: Literal["did"] = "did"


@dataclass(frozen=True)
class Member:
    """Belongs to another segment."""

    segment: int
    kind: Literal["member"] = "member"


@dataclass(frozen=True)
class All:
    """Each of the rules holds; of none it is everybody."""

    of: tuple[Rule, ...] = ()
    kind: Literal["all"] = "all"


@dataclass(frozen=True)
class Any:
    """One of the rules holds at least."""

    of: tuple[Rule, ...]
    kind: Literal["any"] = "any"


@dataclass(frozen=True)
class AtLeast:
    """So many of the rules hold at least."""

    count: int
    of: tuple[Rule, ...]
    kind: Literal["at_least"] = "at_least"


@dataclass(frozen=True)
class Not:
    """The rule does not hold; what is not known does not hold either."""

    of: Rule
    kind: Literal["not"] = "not"


Leaf = Is | Bought | Did | Member
Rule = Annotated[
    All | Any | AtLeast | Not | Is | Bought | Did | Member, Field(discriminator="kind")
]
