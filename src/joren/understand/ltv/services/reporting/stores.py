"""What customers brought at each store, whichever they began at, and who buys at several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from joren.core.figures import Figure
from joren.science.inference import proportion_interval
from joren.understand.ltv.contracts import StoreValue
from joren.understand.ltv.rules import groups, thresholds
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.predicting import Names
from joren.understand.ltv.services.reporting.means import Forecast, mean_figure

_NOTHING_AHEAD: Final = Forecast(Names("", ""), None, None, "")


def stores(gathered: Gathered) -> tuple[StoreValue, ...]:
    """One per store, the one with the most buyers first; () where all bought at one."""
    if len(gathered.store_names) < 2:  # most shops: they need not wait for it
        return ()
    rows = gathered.warehouse.engine.rows(groups.stores(gathered.purchases))
    return tuple(_store(gathered, row) for row in rows) if len(rows) > 1 else ()


def _store(gathered: Gathered, row: Mapping[str, Any]) -> StoreValue:
    number, buyers, both = row["store_id"], row["customers"], row["elsewhere"]
    limits = proportion_interval(both, buyers, thresholds.LEVEL)
    elsewhere = Figure(
        "store_elsewhere", both / buyers, "share", buyers, float(limits.low), float(limits.high),
        thresholds.LEVEL, gathered.as_of_text, "Wilson",
    )  # fmt: skip
    return StoreValue(
        store_id=number,
        label=gathered.store_names.get(number, str(number)),
        customers=buyers,
        orders=row["orders"],
        thin=buyers < thresholds.THIN,
        revenue=row["revenue_past_total"],
        revenue_past=mean_figure(gathered, "revenue_past", row, _NOTHING_AHEAD),
        profit_past=mean_figure(gathered, "profit_past", row, _NOTHING_AHEAD),
        elsewhere=elsewhere,
    )
