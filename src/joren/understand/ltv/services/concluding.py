"""Customer values: what each customer brought and what is expected of them, and the report."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.science.clv import gamma_gamma
from joren.science.clv import spend_choosing as spends
from joren.science.clv.candidates import Clocked
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import CUSTOMER_VALUES, NothingToConclude, SubscriptionReport
from joren.understand.ltv.rules import scoring, summary, values
from joren.understand.ltv.services.gathering import Gathered, Refresh
from joren.understand.ltv.services.judging import Judged, begin_judging, number_of
from joren.understand.ltv.services.predicting import Outlook, learn
from joren.understand.ltv.services.reporting import model_report, value_report
from joren.understand.ltv.services.subscribing import (
    compose,
    composed_values,
    keep,
    subscribe,
)

_reports = TypeAdapter(SubscriptionReport)


@dataclass(frozen=True, eq=False)
class Begun:
    """What the purchases say by themselves; the models are being judged."""

    gathered: Gathered
    visits: ir.Table
    past: ir.Table
    customers: int
    judging: Future[Judged]


def begin_values(gathered: Gathered) -> Begun:
    """Summarise the past of each customer and begin to judge the models, which goes on beside."""
    holding = gathered.holding
    visits = holding.hold(summary.visits(gathered.purchases))
    days = visits.select("customer_id", "day", "revenue")
    first_on = _first_day(gathered, days)
    past = holding.hold(
        values.past(
            gathered.purchases,
            gathered.credits,
            gathered.messages,
            summary.summary(days, as_of=gathered.as_of),
        )
    )
    customers = _count(gathered, past)
    judging = begin_judging(gathered, days, first_on=first_on, customers=customers)
    return Begun(gathered, visits, past, customers, judging)


def conclude_values(begun: Begun) -> tuple[Refresh, dict[str, Any]]:
    """Write CUSTOMER_VALUES under the snapshot; returns what later rooms need, and the report."""
    gathered, past, customers = begun.gathered, begun.past, begun.customers
    holding, judged = gathered.holding, begun.judging.result()
    outlook = learn(gathered, past, judged)
    scored = holding.hold(_scored(gathered, past, outlook))
    subscribed = subscribe(gathered, scored.select("customer_id", "margin"), judged)
    composed = compose(gathered, judged, outlook, subscribed, scored, customers=customers)
    judged = composed.judged  # the back-test is of what is predicted
    held = holding.hold(composed_values(gathered, scored, composed))
    gathered.warehouse.snapshots.write(
        gathered.snapshot_id,
        CUSTOMER_VALUES,
        held.order_by("customer_id"),
        gathered.warehouse.scratch,
    )
    contracts = keep(gathered, subscribed, composed)
    refresh = Refresh(**vars(gathered), visits=begun.visits, values=held)
    report = value_report(refresh, past=past, outlook=outlook, judged=judged)
    models = model_report(refresh, outlook=outlook, judged=judged)
    return refresh, {
        selectors.REPORT: asdict(report),
        selectors.MODELS: asdict(models),
        selectors.CONTRACTS: _reports.dump_python(contracts, mode="json"),
    }


def _scored(gathered: Gathered, past: ir.Table, outlook: Outlook) -> ir.Table:
    scores = None if outlook.told is None else _scores(gathered, past, outlook.told)
    margin = None if outlook.margin is None else (outlook.margin.ratio, outlook.margin.strength)
    return values.scored(past, scores, spend=_spend(outlook.spend), margin=margin)


def _scores(gathered: Gathered, past: ir.Table, told: Clocked) -> ir.Table:
    """What the model expects, once for all who are alike."""
    by = partial(scoring.scored, told=told, end=number_of(gathered.as_of))
    return gathered.holding.reckon(summary.alike(past), by, scoring.SCORES)


def _spend(found: spends.Fitted | None) -> values.Spend | None:
    """The parameters as the warehouse's expression takes them."""
    if found is None:
        return None
    if isinstance(found, gamma_gamma.Fitted):
        return values.GammaGamma(found.p, found.q, found.v)
    return values.LogNormal(found.m, found.g, found.w, found.k, found.level)


def _count(gathered: Gathered, past: ir.Table) -> int:
    (row,) = gathered.warehouse.engine.rows(past.agg(customers=past.count()))
    return int(row["customers"])


def _first_day(gathered: Gathered, days: ir.Table) -> date:
    (row,) = gathered.warehouse.engine.rows(days.agg(first_on=days.day.min()))
    if row["first_on"] is None:
        raise NothingToConclude(
            f"no order on or before {gathered.as_of_text} is a purchase of a known customer",
            hint="import orders that say who bought: customer number, e-mail or phone",
        )
    first: date = row["first_on"]
    return first
