"""From a table of transactions to the summary: one row of it is one purchase of one customer.

Fader, Hardie & Lee (2005, section 2) count repeat purchases; those of one day are one, and the
first day is left out. Rows are sorted once, by one whole number for customer and day together.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, tzinfo
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices, column, refuse_rows
from joren.science.clv.summary import Summary

Amounts: TypeAlias = NDArray[Any]  # whole numbers stay whole, so that money adds up exactly
Days: TypeAlias = NDArray[np.int64]  # since 1970
LAST = np.datetime64("9999-12-31")
AFTER_DAY = len("2026-10-31")
OFFSETS = [ord(sign) for sign in "+-Zz"]  # with which the offset of a clock begins


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
    end = int(when.max() if until is None else _days([until], "until")[0])
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
    # Of narrow ids a difference may be beyond them; of unsigned ones it never is.
    wide = who if who.dtype.kind == "u" else who.astype(np.int64, copy=False)
    low = wide.min()
    key = (wide - low).astype(np.int64, copy=False) * span
    key += when - begin
    key, paid = _by_day(key, money)
    place, day = np.divmod(key, span)
    firsts = _firsts(place)
    bought = np.diff(firsts, append=key.size)
    first, last = day[firsts] + begin, day[firsts + bought - 1] + begin
    found = place[firsts]
    spend_days, spend = _spent(paid, firsts)
    return Summarised(
        (found.astype(wide.dtype) + low).astype(who.dtype) if names is None else names[found],
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


def _days(days: Any, name: str = "days") -> Days:
    given = np.asarray(_by_own_clock(days))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # an offset is cut off below
            cut = _without_zones(given).astype("datetime64[D]")
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} are not dates: {error}", hint="such as 2026-10-31") from error
    if given.dtype.kind not in "MOUST" or cut.ndim != 1:
        raise BadInput(f"{name} are not one column of dates", hint="such as 2026-10-31")
    refuse_rows(np.isnat(cut), "a day is missing", given)
    # A day without hyphens is read as a year.
    refuse_rows(cut > LAST, "a day is after the year 9999", given)
    return cut.astype(np.int64)


def _by_own_clock(days: Any) -> Any:
    """A column with a zone as the clocks of the zone show it: NumPy would turn it into UTC."""
    clock = getattr(days, "dt", days)  # a Series of pandas or polars has its moments there
    if isinstance(getattr(clock, "tz", None), tzinfo):
        return clock.tz_localize(None)
    if getattr(getattr(days, "dtype", None), "time_zone", None) is not None:
        return clock.replace_time_zone(None)
    if isinstance(getattr(getattr(days, "type", None), "tz", None), str):
        # Whoever brings a column of Arrow has Arrow.
        return import_module("pyarrow.compute").local_timestamp(days)
    return days


def _without_zones(given: NDArray[Any]) -> NDArray[Any]:
    if given.dtype.kind == "T":
        given = given.astype(object)
    if given.dtype.kind == "O":
        if all(isinstance(one, str) for one in given.flat):
            return _without_zones(given.astype(np.str_))
        return np.array([_bare(one) for one in given.flat], dtype=object).reshape(given.shape)
    if given.dtype.kind not in "US":
        return given
    texts = np.ascontiguousarray(given, dtype=np.str_)
    letters = texts.view(np.uint32).reshape(*texts.shape, texts.dtype.itemsize // 4)
    offset = np.isin(letters[..., AFTER_DAY:], OFFSETS, kind="sort")
    if not offset.any():
        return texts
    texts.astype("datetime64[D]")  # an offset that is none is refused before it is cut off
    letters = letters.copy()
    letters[..., AFTER_DAY:][np.logical_or.accumulate(offset, axis=-1)] = 0
    return letters.view(texts.dtype).reshape(texts.shape)


def _bare(moment: Any) -> Any:
    """One moment without its zone."""
    if isinstance(moment, str):
        return str(_without_zones(np.array([moment]))[0])
    return moment if getattr(moment, "tzinfo", None) is None else moment.replace(tzinfo=None)


def _amounts(revenue: ArrayLike) -> Amounts:
    given = np.asarray(revenue)
    if given.dtype.kind in "iu" and given.ndim == 1:
        return given.astype(np.int64, copy=False)
    return column("revenue", given)
