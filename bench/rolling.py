"""Rolling origins on real logs: what a shop would have been told, held against what came.

``python -m bench rolling [cdnow|sample|retail …]``. At each of at least ten days the past alone
chooses the model and the calendar's settings, and makes the interval; nothing that came later is
seen.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import duckdb
import numpy as np

from joren.science import backtest
from joren.science.arrays import Floats
from joren.science.clv import choosing
from joren.science.clv.candidates import Candidate, Clocked, fitted
from joren.science.clv.origins import Customer, Origin, origin_of, thin
from joren.science.totals import Window, total_interval
from joren.understand.ltv.rules import windows

FOLDER = Path(os.environ.get("JOREN_DATA", "../shared/data"))


@dataclass(frozen=True)
class Log:
    """A log's days with a purchase, and the cut-offs at which it is judged."""

    customer: Floats
    day: Floats  # since 1970
    cutoffs: tuple[date, ...]
    days: int


def main(arguments: list[str]) -> int:
    for name in arguments or list(LOGS):
        _rolled(name, LOGS[name]())
    return 0


def cdnow() -> Log:
    return _cdnow("CDNOW_master.txt", 2)


def sample() -> Log:
    return _cdnow("CDNOW_sample.txt", 3)


def _cdnow(name: str, word: int) -> Log:
    """``word`` is where a line has its day."""
    file = FOLDER / name
    query = (
        "SELECT DISTINCT words[1]::INT AS customer, "
        f"strptime(words[{word}], '%Y%m%d')::DATE AS day "
        "FROM (SELECT string_split_regex(trim(line), '\\s+') AS words "
        f"FROM read_csv(?, header = false, skip = {3 - word}, sep = '\\t', "
        "columns = {'line': 'VARCHAR'})) ORDER BY ALL"
    )
    return _log(query, file, date(1997, 7, 2), 12, 24, 91)


def retail() -> Log:
    file = FOLDER / "online_retail_II_full_dedup.parquet"
    query = (
        'SELECT DISTINCT "Customer ID"::INT AS customer, InvoiceDate::DATE AS day '
        "FROM read_parquet(?) WHERE \"Customer ID\" IS NOT NULL AND NOT starts_with(Invoice, 'C') "
        "AND Quantity > 0 AND Price > 0 ORDER BY ALL"
    )
    return _log(query, file, date(2010, 6, 10), 12, 33, 182)


def _log(query: str, file: Path, first: date, count: int, step: int, days: int) -> Log:
    if not file.is_file():
        sys.exit(f"{file} is not there; set JOREN_DATA to the folder of the order logs")
    found = duckdb.connect().execute(query, [str(file)]).fetchnumpy()
    day = found["day"].astype("M8[D]").astype(np.float64)
    cutoffs = tuple(first + timedelta(days=step * i) for i in range(count))
    return Log(found["customer"].astype(np.float64), day, cutoffs, days)


LOGS = {"cdnow": cdnow, "sample": sample, "retail": retail}


def _rolled(name: str, log: Log) -> None:
    print(f"{name}: {len(log.cutoffs)} cut-offs, windows of {log.days // 7} weeks\n")
    hits, errors = 0, []
    for cutoff in log.cutoffs:
        begun = process_time()
        origin = origin_at(log, cutoff, log.days)
        choice = chosen(log, cutoff)
        told = fitted_at(choice.candidate, origin)
        expected = told.expected(origin.customers, log.days)
        predicted = float(origin.customers.weights @ expected)
        around = total_interval(_windows(choice), predicted, log.days)
        hit = around.low <= origin.actual <= around.high
        hits += hit
        errors.append(predicted / origin.actual - 1)
        marks = backtest.card(origin.after, expected, origin.customers.weights)
        print(
            f"{cutoff} {_name(choice.candidate):<22} {choice.origins} origins "
            f"{predicted:10,.0f} for {origin.actual:8,.0f} {errors[-1]:+7.1%} "
            f"[{around.low:8,.0f}, {around.high:8,.0f}] {'hit ' if hit else 'MISS'} "
            f"n_eff {around.windows:.1f} deviance {marks.deviance:.3f} gini {marks.gini:.3f} "
            f"{process_time() - begun:5.1f} s"
        )
    every = np.array(errors)
    print(
        f"\n90 % intervals cover {hits} of {len(errors)}; error of the total: mean "
        f"{every.mean():+.1%}, mean size {np.abs(every).mean():.1%}\n"
    )


def chosen(log: Log, cutoff: date) -> choosing.Choice:
    begun = date(1970, 1, 1) + timedelta(days=float(log.day.min()))
    plan = windows.plan(begun, cutoff)
    return choosing.choose([origin_at(log, day, plan.days) for day in plan.cutoffs])


def fitted_at(candidate: Candidate, origin: Origin) -> Clocked:
    """The candidate on all rows of the origin; a calendar is learned from a sample of them."""
    calendar = None
    if candidate.spread is not None:
        calendar, _ = thin(origin).learned.clock(candidate.spread)
    return fitted(candidate, origin.customers, calendar)


def _windows(choice: choosing.Choice) -> list[Window]:
    return [mark.window for mark in choice.marks]


def origin_at(log: Log, cutoff: date, days: int) -> Origin:
    """What was known at the end of that day, and what came in the days after."""
    end = float((cutoff - date(1970, 1, 1)).days)
    before, later = log.day <= end, (log.day > end) & (log.day <= end + days)
    people, who = np.unique(log.customer[before], return_inverse=True)
    days_of = log.day[before]
    first, last = np.full(people.size, np.inf), np.full(people.size, -np.inf)
    np.minimum.at(first, who, days_of)
    np.maximum.at(last, who, days_of)
    place = np.searchsorted(people, log.customer[later])
    place = np.minimum(place, people.size - 1)
    known = people[place] == log.customer[later]
    after = np.bincount(place[known], minlength=people.size).astype(np.float64)
    repeats, orders = np.unique(days_of[days_of > first[who]], return_counts=True)
    each = Customer(np.bincount(who) - 1.0, first, last, after)
    return origin_of(each, end, float(days), repeats, orders.astype(np.float64))[0]


def _name(candidate: Candidate) -> str:
    return candidate.model + (f" season {candidate.spread}" if candidate.spread else "")
