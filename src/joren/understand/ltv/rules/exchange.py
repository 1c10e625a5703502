"""Money of other currencies into the reporting one, at rates that the shop gave.

A fact keeps its own currency and amount; it is converted at read, each amount once, by the newest
rate of its day or of an earlier one. Exact decimals throughout; a half goes to the even unit.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from joren.core.money import UNKNOWN_CURRENCY, decimals, unlike_most
from joren.warehouse.sums import total_if_any

_EXACT = "decimal(38, 16)"
_NO_END = "9999-12-31"


def standing(rates: ir.Table, *, into: str) -> ir.Table:
    """Rates into that currency: ``rate_on`` is the first day of each, ``until`` the next one's.

    ``factor`` goes from minor unit to minor unit: at 150 yen a cent is worth 1.5 yen.
    """
    ours = rates.filter(
        rates.in_currency == into,
        ~rates.currency.isin([into, UNKNOWN_CURRENCY]),
        rates.in_currency != UNKNOWN_CURRENCY,
    )
    following = ours.day.lead().over(group_by=ours.currency, order_by=ours.day)
    return ours.select(
        foreign=ours.currency,
        rate=ours.rate,
        rate_on=ours.day,
        until=following.fill_null(ibis.literal(_NO_END).cast("date")),
        factor=(ours.rate * _scale(ours.currency, into)).cast("decimal(30, 16)"),
    )


def with_rate(
    table: ir.Table, rates: ir.Table, *, day: str, currency: str = "currency"
) -> ir.Table:
    """Beside each row the rate of its day: rate, rate_on and factor, null where there is none."""
    return table.left_join(
        rates,
        [
            table[currency] == rates.foreign,
            table[day] >= rates.rate_on,
            table[day] < rates.until,
        ],
    ).drop("foreign", "until")


def converted(
    table: ir.Table, rates: ir.Table | None, *, into: str, day: str, amounts: Collection[str]
) -> ir.Table:
    """The amounts in the reporting currency where a rate is known; others stay as they are.

    ``own_currency`` is what it was before.
    """
    if rates is None:
        return table.mutate(own_currency=table.currency)
    t = with_rate(table, rates, day=day)
    known = t.factor.notnull()
    return t.mutate(
        own_currency=t.currency,
        currency=ibis.ifelse(known, into, t.currency),
        **{name: ibis.ifelse(known, at_factor(t[name], t.factor), t[name]) for name in amounts},
    )


def summed(converted: ir.Table, own: str, amount: str, *, into: str) -> ir.Table:
    """What was converted, by currency: how much, and at rates of which days, from low to high."""
    foreign = converted.filter(converted.own_currency != into, converted.currency == into)
    return (
        foreign.group_by(currency=foreign.own_currency)
        .agg(
            rows=foreign.count(),
            amount=total_if_any(foreign[own]),
            converted=total_if_any(foreign[amount]),
            first_rate_on=foreign.rate_on.min().cast("string"),
            last_rate_on=foreign.rate_on.max().cast("string"),
            lowest=foreign.rate.min().cast("string"),
            highest=foreign.rate.max().cast("string"),
        )
        .order_by("currency")
    )


def at_factor(amount: ir.IntegerValue, factor: ir.DecimalValue) -> ir.IntegerValue:
    """The amount times the factor, rounded once."""
    return half_even(amount.cast("decimal(19, 0)") * factor)


def half_even(exact: ir.DecimalValue) -> ir.IntegerValue:
    """The nearest whole number, a half to the even one. The engine's own cast rounds it away."""
    exact = exact.cast(_EXACT)
    nearest = exact.cast("decimal(38, 0)")
    half = ibis.literal(Decimal("0.5"), type="decimal(2, 1)").cast(_EXACT)
    tie = (nearest.cast(_EXACT) - exact).abs() == half
    whole = nearest.cast("int64")
    away = tie & (whole % 2 != 0)
    return whole - ibis.ifelse(away, ibis.ifelse(whole > 0, 1, -1), 0)


def _scale(currency: ir.StringValue, into: str) -> ir.DecimalValue:
    """Minor units of the one for a minor unit of the other, were they worth the same."""

    def power(places: int) -> ir.DecimalValue:
        exponent = decimals(into) - places
        return ibis.literal(Decimal(1).scaleb(exponent), type="decimal(9, 4)")

    return ibis.cases(
        *((currency.isin(sorted(codes)), power(places)) for places, codes in unlike_most().items()),
        else_=power(2),
    )
