"""From a table of transactions to the summary: one row of it is one purchase of one customer.

Fader, Hardie & Lee (2005, section 2) count repeat purchases; those of one day are one, and the
first day is left out. Rows are sorted once, by one whole number for customer and day together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices, column, refuse_rows
from joren.science.clv.summary import Summary

Amounts: TypeAlias = NDArray[Any]  # whole numbers stay whole, so that money adds up exactly
Days: TypeAlias = NDArray[np.int64]  # since 1970


@dataclass(frozen=True, eq=False)
class Summarised:
    """Customers in rows, in the order of their ids; time in days.

    `spend` is what `spend_days` brought together: repeat days above zero, of which
    `monetary_value` is the mean (0 where there is none). Gamma-Gamma is fitted on those two.
    """

    customers: NDArray[Any]
    summary: Summary
    first_on: NDArray[np.datetime64]
    last_on: NDArray[np.datetime64]
    spend_days: Floats
    spend: Amounts

    @property
    def monetary_value(self) -> Floats:
        """Mean spend of a repeat day above zero, in the unit of the revenue."""
        value: Floats = self.spend / np.maximum(self.spend_days, 1.0)
        return value


def summarised(
    customers: ArrayLike,
    days: ArrayLike,
    revenue: ArrayLike | None = None,
    *,
    until: date | str | None = None,
) -> Summarised:
    """Frequency, recency and T of each customer, in days, up to the end of `until`.

    `customers` are whole numbers or texts, `days` dates or moments (each counts for the day that
    its own clock shows), `revenue` one amount per row, which may be below zero. Without `until` it
    is the last day of all; rows after it are left out. What is missing is refused.
    """
    if not np.size(customers):
        raise BadInput("there is no transaction", hint="give one row per purchase")
    who, when = _ids(customers), _days(days)
    money = None if revenue is None else _amounts(revenue)
    if who.size != when.size or (money is not None and money.size != who.size):
        raise BadInput("customers, days and revenue have different lengths")
    end = int(when.max() if until is None else np.datetime64(until, "D").astype(np.int64))
    if until is not None and when.max() > end:
        there = when <= end
        who, when, money = who[there], when[there], None if money is None else money[there]
        if not who.size:
            raise BadInput(f"there is no transaction up to {until}")
    return _summarised(who, when, money, end)


def _summarised(who: NDArray[Any], when: Days, money: Amounts | None, end: int) -> Summarised:
    begin, names = int(when.min()), None
    span = int(when.max()) - begin + 1
    if who.dtype.kind not in "iu" or not _fit_one_key(who, span):
        names, who = np.unique(who, return_inverse=True)
    low = who.min()
    key = (who - low).astype(np.int64, copy=False) * span
    key += when - begin
    key, paid = _by_day(key, money)
    place, day = np.divmod(key, span)
    firsts = _firsts(place)
    bought = np.diff(firsts, append=key.size)
    first, last = day[firsts] + begin, day[firsts + bought - 1] + begin
    found = place[firsts]
    spend_days, spend = _spent(paid, firsts)
    return Summarised(
        found.astype(who.dtype) + low if names is None else names[found],
        Summary(bought - 1, last - first, end - first),
        first.astype("datetime64[D]"),
        last.astype("datetime64[D]"),
        spend_days,
        spend,
    )


def _by_day(key: Days, money: Amounts | None) -> tuple[Days, Amounts | None]:
    """Each key once, ascending, and the sum of what came under it."""
    ordered = bool((key[1:] >= key[:-1]).all())  # as files by customer and time are
    if money is None:
        key = key if ordered else np.sort(key)
        return key[_firsts(key)], None
    if not ordered:
        order = np.argsort(key)
        key, money = key[order], money[order]
    firsts = _firsts(key)
    return key[firsts], np.add.reduceat(money, firsts)


def _spent(paid: Amounts | None, firsts: Indices) -> tuple[Floats, Amounts]:
    """Repeat days above zero of each customer, and what they brought."""
    if paid is None:
        return np.zeros(firsts.size), np.zeros(firsts.size)
    paid[firsts] = 0  # the first day is no repeat
    np.maximum(paid, 0, out=paid)
    days = np.add.reduceat((paid > 0).astype(np.float64), firsts)
    return days, np.add.reduceat(paid, firsts)


def _firsts(ascending: NDArray[Any]) -> Indices:
    """Where each value begins."""
    new = np.ones(ascending.size, dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=new[1:])
    return np.flatnonzero(new)


def _fit_one_key(who: NDArray[Any], span: int) -> bool:
    return (int(who.max()) - int(who.min()) + 1) * span < 2**63


def _ids(customers: ArrayLike) -> NDArray[Any]:
    ids = np.asarray(customers)
    if ids.ndim != 1:
        raise BadInput(f"customers has {ids.ndim} dimensions, one is needed")
    if ids.dtype.kind == "f":
        raise BadInput(
            "customers are no whole numbers", hint="a column with gaps becomes fractions"
        )
    if ids.dtype.kind == "O":
        texts = np.array([isinstance(one, str) for one in ids], dtype=np.bool_)
        refuse_rows(~texts, "a customer is neither a whole number nor a text", ids)
        return ids.astype(np.str_)
    return ids


def _days(days: ArrayLike) -> Days:
    given = np.asarray(days)
    try:
        cut = given.astype("datetime64[D]")
    except (TypeError, ValueError) as error:
        raise BadInput(f"days are not dates: {error}", hint="such as 2026-10-31") from error
    if given.dtype.kind not in "MOUST" or cut.ndim != 1:
        raise BadInput("days are not one column of dates", hint="such as 2026-10-31")
    refuse_rows(np.isnat(cut), "a day is missing", given)
    return cut.astype(np.int64)


def _amounts(revenue: ArrayLike) -> Amounts:
    given = np.asarray(revenue)
    if given.dtype.kind in "iu" and given.ndim == 1:
        return given.astype(np.int64, copy=False)
    return column("revenue", given)
