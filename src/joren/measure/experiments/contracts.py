"""What a holdout says of what was done, as other rooms and the faces see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from joren.core.figures import Figure
from joren.core.words import gettext_noop

LEVEL: Final = 0.95
MOST_IN_BOTH: Final = 0.01
"""Of the smaller arm's persons: if more stand in both arms, these are no arms any more."""

Evidence = Literal["proven_more", "proven_less", "not_proven", "too_small", "not_yet", "broken"]
"""What may be said of the difference in revenue per customer.

``too_small``: too few buyers to read either way. ``not_yet``: nobody was reached, or the figures
end before. ``broken``: the arms are not those that were drawn, so that nothing may be concluded.
"""


@dataclass(frozen=True)
class ArmResult:
    """What one arm bought from the first day on; money in minor units of the shop's currency."""

    arm: str
    customers: int
    buyers: int
    orders: int
    revenue: int
    profit: int | None  # None where the cost of an order is not known


@dataclass(frozen=True)
class Result:
    """Both arms from the day of treatment to the newest figures, and what the treated did more.

    Everybody who was drawn counts, whether or not they were reached (intention to treat). The
    interval is that of one look; whoever looks every day will see a difference where there is none.
    """

    holdout_id: int
    name: str
    evidence: Evidence
    first: date | None
    last: date
    days: int
    arms: tuple[ArmResult, ...]
    conversion: Figure  # difference of the shares of buyers
    per_customer: Figure  # difference of revenue per customer
    together: Figure  # the same for all who were treated
    profit_per_customer: Figure
    method: str
    ratio_p: float | None  # of the arms' persons now against the customers who were drawn
    in_both: int  # persons who were drawn into both arms before they were known to be one
    unlike_the_lot: int  # rows of the log that the salt does not give again


@dataclass(frozen=True)
class Horizon:
    """The difference over the first ``days`` days of each customer, from the day of treatment or,
    where they came one after the other, from the day they came.

    ``customers`` of ``drawn`` have had so many days; ``together`` is for the treated among them.
    """

    days: int
    customers: int
    drawn: int
    evidence: Evidence
    per_customer: Figure
    together: Figure


HORIZONS: Final = (30, 90, 180, 365)

ARMS_BROKEN: Final = gettext_noop("the arms are not those that were drawn")
NOBODY_RIPE: Final = gettext_noop("nobody has had so many days yet")
NOBODY_REACHED: Final = gettext_noop("nobody was reached yet")
FIGURES_END_BEFORE: Final = gettext_noop("the figures end before the day of treatment")
TOO_FEW_BUYERS: Final = gettext_noop("too few bought to read anything from it")
TOO_UNEVEN: Final = gettext_noop("too uneven between so few for an interval that holds")
COST_UNKNOWN: Final = gettext_noop("the cost of an order is not known")

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "effect_conversion": (
        "購入率の差",
        "Difference in buyers",
        "実施日以降に購入した人の割合の、対象と除外の差。区間は Newcombe 法。",
        "Share of customers who bought since the day of treatment: treated less left out. "
        "Newcombe's interval.",
    ),
    "effect_per_customer": (
        "1人あたり売上の差",
        "Difference in revenue per customer",
        "実施日以降の1人あたり売上(返金後・税抜)の、対象と除外の差。購入のない人は0として数える。",
        "Revenue per customer since the day of treatment, after refunds, without tax: treated less "
        "left out. Who bought nothing counts as 0.",
    ),
    "effect_together": (
        "増分売上",
        "Incremental revenue",
        "1人あたり売上の差に、対象の人数を掛けた金額。施策がなければ得られなかった売上。",
        "The difference per customer times the customers treated: what would not have been bought "
        "otherwise.",
    ),
    "effect_profit_per_customer": (
        "1人あたり利益の差",
        "Difference in profit per customer",
        "実施日以降の1人あたり利益の、対象と除外の差。施策そのものの費用は引いていない。",
        "Profit per customer since the day of treatment: treated less left out, before the cost of "
        "the treatment itself.",
    ),
}
