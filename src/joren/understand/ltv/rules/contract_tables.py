"""What contracts add up to, of SUBSCRIPTIONS."""

from __future__ import annotations

from typing import Final

import ibis.expr.types as ir

from joren.understand.ltv.rules.contract_runs import RUNNING
from joren.understand.ltv.rules.exact import real_total
from joren.warehouse.sums import number_of

_OUTLOOK: Final = ("p_cancel", "renewals_365d", "renewals_5y", "lifetime_days", "revenue_365d")


def totals(contracts: ir.Table, *, at_risk: float) -> ir.Table:
    """How many stand how, and what those that run may bring together."""
    runs = contracts.status.isin(("active", "late"))
    money = ("renewals_365d", "revenue_365d", "profit_365d")
    return contracts.agg(
        contracts=contracts.count(),
        running=number_of(runs),
        late=number_of(contracts.status == "late"),
        paused=number_of(contracts.status == "paused"),
        ended=number_of(contracts.status == "ended"),
        at_risk=number_of(runs & (contracts.p_cancel >= at_risk)),
        **{f"{name}_n": contracts[name].count() for name in money},
        **{f"{name}_total": real_total(contracts[name]) for name in money},
    )


def by_number(contracts: ir.Table) -> ir.Table:
    """Running contracts by their running number, and the sums of what is expected of them."""
    running = contracts.filter(contracts.status.isin(RUNNING))
    summed = running.group_by("number").agg(
        contracts=running.count(),
        **{f"{name}_n": running[name].count() for name in _OUTLOOK},
        **{f"{name}_total": real_total(running[name]) for name in _OUTLOOK},
    )
    return summed.order_by("number")
