"""The prediction of customers whose contract runs: of one model, or of contract and rest apart.

One model of orders for all is the default. With contracts apart the others may stay as they are, or
be scaled so that the shop's total stays that of the one model: a model that is learned from both
kinds of customers together errs to one side with the one kind and to the other with the other. The
shop's past decides, at each cut-off on all customers, by the rule of all choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from joren.core.errors import Refused
from joren.core.words import gettext_noop
from joren.science.arrays import Floats, Indices
from joren.science.clv.calendar import Customers
from joren.science.clv.choosing import Choice, decide
from joren.science.clv.origins import Foretold, Origin
from joren.science.clv.renewal_choosing import FITS
from joren.science.clv.renewals_ahead import Ahead
from joren.science.clv.ways import WayMark, marked
from joren.science.shrinkage import Prior
from joren.science.totals import Window, dispersion
from joren.understand.ltv.contracts import WayCutoff, reasons
from joren.understand.ltv.rules import contract_runs as runs
from joren.understand.ltv.rules import summary, thresholds
from joren.understand.ltv.rules.exact import real_total
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.judging import SAMPLE, At, Judged
from joren.understand.ltv.services.predicting import Outlook
from joren.understand.ltv.services.subscribing import following
from joren.understand.ltv.services.subscribing.concluding import Subscribed, price_of, words_of
from joren.understand.ltv.services.subscribing.parts import Parts, Terms, parts

ONE: Final = gettext_noop("one model")
APART: Final = gettext_noop("contracts apart")
KEPT: Final = gettext_noop("contracts apart, total kept")
SCALES: Final = (0.5, 2.0)
"""By how much the others may be scaled; beyond it the total is no guide."""


@dataclass(frozen=True, eq=False)
class _Tried:
    """One cut-off: the parts that would have been told, and whose customers of it they are."""

    at: At
    parts: Parts
    where: Indices

    def expected(self, way: str) -> Floats:
        """Orders of each customer, by that way."""
        plain = self.at.expected
        told = plain.copy()
        if way != ONE:
            told *= self.scale(way)
            told[self.where] = self.parts.orders
        return told

    def scale(self, way: str) -> float:
        """Of the customers without a contract that runs."""
        plain = self.at.expected
        running = float(plain[self.where].sum())
        return _scale(way, float(plain.sum()), running, float(self.parts.orders.sum()))


@dataclass(frozen=True, eq=False)
class Composed:
    """Which way it is, and by what; ``parts`` are None where one model tells all.

    ``scale`` is what the predictions of all others are multiplied by.
    """

    choice: Choice[str, WayMark]
    history: tuple[WayCutoff, ...]  # newest first
    parts: Parts | None
    judged: Judged
    why: str
    scale: float = 1.0


def compose(
    gathered: Gathered,
    judged: Judged,
    outlook: Outlook,
    subscribed: Subscribed | None,
    scored: ir.Table,
    *,
    customers: int,
) -> Composed:
    """Judge both ways; with the better one, the parts of today and the back-test of the whole."""
    if subscribed is None:
        return Composed(Choice(ONE, (), 0), (), None, judged, reasons.NO_CONTRACT)
    tried = _tried(gathered, judged, subscribed, customers)
    marks = {way: [_mark(one, way) for one in tried] for way in (ONE, APART, KEPT)}
    choice = decide(marks if tried else {}, ONE)
    history = tuple(_cutoff(one) for one in reversed(tried))
    told = _parts_of_today(gathered, judged, outlook, subscribed)
    way = choice.candidate
    if way == ONE or told is None:
        return Composed(choice, history, None, judged, _why(ONE, tried))
    there = {one.at.seen.cutoff: one for one in tried}
    recomposed = tuple(
        _recomposed(at, there[at.seen.cutoff], way) if at.seen.cutoff in there else at
        for at in judged.history
    )
    scale = _scale(way, *_totals(gathered, scored, told), float(told.orders.sum()))
    whole = replace(judged, history=recomposed)
    return Composed(choice, history, told, whole, _why(way, tried), scale)


def composed_values(gathered: Gathered, values: ir.Table, composed: Composed) -> ir.Table:
    """CUSTOMER_VALUES, the predictions of those whose contract runs in parts where they are."""
    if composed.parts is None:
        nothing = ibis.null("float64")
        return values.mutate(contract_orders_365d=nothing, contract_revenue_365d=nothing)
    told = gathered.holding.take(_table_of(composed.parts))
    scale = composed.scale
    rows = values.left_join(told, "customer_id").drop("customer_id_right")
    apart = rows.contract_orders_365d.notnull()
    orders = rows.contract_orders_365d + rows.other_orders_365d
    revenue = rows.contract_revenue_365d + rows.other_revenue_365d
    return rows.mutate(
        expected_orders_365d=apart.ifelse(orders, rows.expected_orders_365d * scale),
        revenue_365d=apart.ifelse(revenue, rows.revenue_365d * scale),
        profit_365d=apart.ifelse(revenue * rows.margin, rows.profit_365d * scale),
        expected_spend=(orders > 0).fill_null(False).ifelse(revenue / orders, rows.expected_spend),
    ).drop("other_orders_365d", "other_revenue_365d")


def _table_of(told: Parts) -> pa.Table:
    """The parts by customer."""
    return pa.table(
        {
            "customer_id": pa.array(told.customer, pa.int64()),
            "contract_orders_365d": told.contract_orders,
            "contract_revenue_365d": told.contract_revenue,
            "other_orders_365d": told.other_orders,
            "other_revenue_365d": told.other_revenue,
        }
    )


def _tried(
    gathered: Gathered, judged: Judged, subscribed: Subscribed, customers: int
) -> list[_Tried]:
    """Cut-offs at which a model of renewals and of spend could be fitted, the oldest first."""
    marks = judged.spends.marks
    if subscribed.learned.ahead is None or len(marks) != len(judged.history):
        return []
    drawn = gathered.holding.hold(
        summary.sampled(gathered.purchases, customers=customers, size=SAMPLE)
    )
    known = _known(gathered, drawn, subscribed, [at.seen.cutoff for at in judged.history])
    found = []
    for at, mark in zip(judged.history, marks, strict=True):
        cutoff = at.seen.cutoff
        if cutoff in known:
            ahead, price, contracts = known[cutoff]
            terms = Terms(ahead, price, judged.orders.candidate.model, mark.fitted)
            by_then = drawn.filter(drawn.ordered_on <= cutoff)
            told = parts(gathered, by_then, contracts, terms, as_of=cutoff, days=judged.plan.days)
            where = np.searchsorted(at.seen.customer, told.customer)
            if told.customer.size and at.seen.each.after[where].sum() > 0:
                found.append(_Tried(at, told, where))
    return found


def _known(
    gathered: Gathered, drawn: ir.Table, subscribed: Subscribed, cutoffs: Sequence[date]
) -> dict[date, tuple[Ahead, Prior, ir.Table]]:
    """Renewals, their price and the contracts as known at each cut-off where that was enough."""
    followed = following.follow(gathered, drawn, cutoffs)
    if followed is None:
        return {}
    hold = gathered.holding.hold
    decided = hold(runs.decided(followed.rows))
    contracts = hold(runs.contracts(followed.rows, words_of(gathered, cutoffs)))
    n = following.decided_runs(gathered, decided)
    renewals = following.renewals(gathered, decided, n)
    waits = following.waits(gathered, decided, cutoffs)
    found = {}
    for cutoff in cutoffs:
        if n.get(cutoff, 0) < thresholds.FIT_CONTRACTS:
            continue
        then = contracts.filter(contracts.at == cutoff)
        price = price_of(gathered, then)
        if price is None:
            continue
        with suppress(Refused):
            fitted = FITS[subscribed.learned.choice.candidate](renewals[cutoff])
            found[cutoff] = (Ahead(fitted, waits[cutoff]), price, then)
    return found


def _parts_of_today(
    gathered: Gathered, judged: Judged, outlook: Outlook, subscribed: Subscribed
) -> Parts | None:
    ahead, price = subscribed.learned.ahead, subscribed.price
    if ahead is None or price is None or outlook.spend is None or outlook.told is None:
        return None
    terms = Terms(ahead, price, judged.orders.candidate.model, outlook.spend)
    return parts(gathered, gathered.purchases, subscribed.found, terms, as_of=gathered.as_of,
                 days=thresholds.HORIZON_DAYS)  # fmt: skip


def _totals(gathered: Gathered, scored: ir.Table, told: Parts) -> tuple[float, float]:
    """Orders that the one model expects, of all customers and of those in ``told``."""
    running = gathered.holding.take(pa.table({"customer_id": pa.array(told.customer, pa.int64())}))
    rows = gathered.warehouse.engine.rows
    (every,) = rows(scored.agg(orders=real_total(scored.expected_orders_365d)))
    ours = scored.semi_join(running, "customer_id")
    (theirs,) = rows(ours.agg(orders=real_total(ours.expected_orders_365d)))
    return float(every["orders"]), float(theirs["orders"])


def _scale(way: str, every: float, running: float, apart: float) -> float:
    """So that all others and those apart are together what the one model expects of all."""
    others = every - running
    if way != KEPT or others <= 0:
        return 1.0
    return min(max((every - apart) / others, SCALES[0]), SCALES[1])


def _mark(one: _Tried, way: str) -> WayMark:
    window = one.at.foretold.window
    came = one.at.seen.each.after
    return marked(one.expected(way), came, begin=window.begin, days=window.days)


def _cutoff(one: _Tried) -> WayCutoff:
    seen, told = one.at.seen, one.parts
    revenue = one.at.revenue
    return WayCutoff(
        cutoff=seen.cutoff.isoformat(),
        customers=int(told.customer.size),
        orders=int(seen.each.after[one.where].sum()),
        orders_one_model=float(one.at.expected[one.where].sum()),
        orders_apart=float(told.orders.sum()),
        orders_of_contracts=float(told.contract_orders.sum()),
        revenue=int(seen.later_revenue[one.where].sum()),
        revenue_one_model=None if revenue is None else float(revenue[one.where].sum()),
        revenue_apart=float(told.revenue.sum()),
    )


def _recomposed(at: At, one: _Tried, way: str) -> At:
    """The cut-off as the whole of both parts would have told it, customers one by one."""
    each = at.seen.each
    expected = one.expected(way)
    revenue = at.revenue
    if revenue is not None:
        revenue = revenue * one.scale(way)
        revenue[one.where] = one.parts.revenue
    old = at.foretold.window
    people = Customers.of(each.frequency, each.first, each.last, old.begin)
    learned = replace(at.origin.learned, customers=people)
    window = Window(
        begin=old.begin,
        days=old.days,
        predicted=float(expected.sum()),
        actual=old.actual,
        dispersion=dispersion(each.after, expected, np.ones(expected.size)),
    )
    origin = Origin(learned, each.after, at.origin.days, at.origin.actual)
    told = Foretold(at.foretold.told, expected, window)
    return At(at.seen, origin, told, expected, revenue)


def _why(way: str, tried: Sequence[_Tried]) -> str:
    """How near both ways were to the orders of customers whose contract ran."""
    if not tried:
        return reasons.WAYS_UNJUDGED
    apart, plain = (
        np.mean([abs(_off(one, one.expected(of))) for one in tried]) for of in (APART, ONE)
    )
    if way == ONE:
        return reasons.WAY_ONE.format(len(tried), f"{plain:.1%}", f"{apart:.1%}")
    return reasons.WAY_APART.format(len(tried), f"{apart:.1%}", f"{plain:.1%}")


def _off(one: _Tried, expected: Floats) -> float:
    came = float(one.at.seen.each.after[one.where].sum())
    return float(expected[one.where].sum()) / came - 1
