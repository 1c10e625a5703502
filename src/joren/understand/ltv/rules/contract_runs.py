"""Contracts (定期) from the orders that belong to them: what was delivered, and what still runs.

A contract is a subscription number of one store; its days with an order that counts are its
deliveries. Silence is measured by the contract's own usual interval, the lower median of the days
between its deliveries: beyond LATE of them the next one is late (skipped, or paused), beyond ENDED
the contract has ended. Who comes back after that, or whose running number falls back to 1, begins
a new run of the same contract.

A shop's past is looked at from many days. All of them are asked at once: each row stands for what
was known at the end of the day ``at``, and nothing of one day is seen on another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from joren.understand.ltv.rules.summary import days_between
from joren.warehouse.sums import number_of, total, total_if_any

HALVES_LATE: Final = 3
"""Half intervals of silence after which a delivery is late: 1.5 intervals."""
HALVES_ENDED: Final = 5
"""Half intervals of silence after which a contract has ended: 2.5, so that one may be skipped."""
USUAL_DAYS: Final = 30
"""The interval where no contract of the shop has had a second delivery."""
TENTHS: Final = 5 * HALVES_ENDED
"""Tenths of an interval until a contract that is silent has ended."""
RUNNING: Final = ("active", "late", "paused")
ENDED_BY: Final = "Subscription Ended"
PAUSED_BY: Final = "Subscription Paused"
WORDS: Final = (ENDED_BY, PAUSED_BY, "Subscription Resumed", "Subscription Started")
"""Events by which a source says what became of a contract; the newest of them holds."""

_CONTRACT: Final = ["store_id", "subscription_id"]
_KNOWN: Final = ["at", *_CONTRACT]
_OF_RUN: Final = [*_KNOWN, "run"]


def deliveries(purchases: ir.Table) -> ir.Table:
    """Days with an order of a contract, and the days since the one before."""
    rows = purchases.filter(purchases.subscription_id.notnull())
    days = rows.group_by(*_CONTRACT, day=rows.ordered_on).agg(
        customer_id=rows.customer_id.max(),
        said=rows.subscription_number.max(),
        revenue=total_if_any(rows.revenue),
    )
    along = ibis.window(group_by=_CONTRACT, order_by=days.day)
    return days.mutate(
        gap=days_between(days.day.lag().over(along), days.day),
        said_before=days.said.lag().over(along),
    )


def seen_at(days: ir.Table, ends: Sequence[date]) -> ir.Table:
    """The deliveries that were known at the end of each of the days, which it calls ``at``."""
    every = days.mutate(at=ibis.array([ibis.literal(end) for end in ends]).unnest())
    return every.filter(every.day <= every.at)


def own_intervals(days: ir.Table) -> ir.Table:
    """The lower median of the days between the deliveries of each contract that has two."""
    known = days.filter(days.gap.notnull())
    ranked = known.mutate(
        place=ibis.row_number().over(group_by=_KNOWN, order_by=[known.gap, known.day]) + 1,
        of=known.count().over(ibis.window(group_by=_KNOWN)),
    )
    middle = ranked.filter((ranked.place * 2 == ranked.of) | (ranked.place * 2 == ranked.of + 1))
    return middle.select(*_KNOWN, own=middle.gap)


def spread_of_intervals(intervals: ir.Table) -> ir.Table:
    """How many contracts have which interval at each day, the shortest first."""
    counted = intervals.group_by("at", "own").agg(contracts=intervals.count())
    return counted.order_by("at", "own")


def usual_intervals(spread: Sequence[dict[str, Any]], ends: Sequence[date]) -> dict[date, int]:
    """What is taken at each day for the interval of contracts that have had one delivery so far."""
    return {end: _lower_median([row for row in spread if row["at"] == end]) for end in ends}


def _lower_median(spread: Sequence[dict[str, Any]]) -> int:
    """Over contracts."""
    half, before = sum(row["contracts"] for row in spread) / 2, 0
    for row in spread:
        before += row["contracts"]
        if before >= half:
            return int(row["own"])
    return USUAL_DAYS


def runs(days: ir.Table, intervals: ir.Table, usual: Mapping[date, int]) -> ir.Table:
    """Each delivery with its run and running number, and whether the next one followed in time."""
    rows = days.left_join(intervals, _KNOWN).drop(*(f"{name}_right" for name in _KNOWN))
    of_shop = ibis.cases(
        *((rows.at == end, ibis.literal(interval, "int64")) for end, interval in usual.items())
    )
    rows = rows.mutate(interval_days=ibis.coalesce(rows.own, of_shop).cast("int64"))
    fallen = (rows.said == 1) & (rows.said_before > 1)
    begins = rows.gap.isnull() | _beyond(rows.gap, rows, HALVES_ENDED) | fallen
    rows = rows.mutate(begins=begins.fill_null(False))
    along = ibis.window(group_by=_KNOWN, order_by=rows.day)
    so_far = ibis.cumulative_window(group_by=_KNOWN, order_by=rows.day)
    rows = rows.mutate(
        # As float: what a running sum of whole numbers is, Ibis and the engines say differently.
        run=rows.begins.cast("float64").sum().over(so_far).cast("int64"),
        waited=rows.gap.lead().over(along),
        renewed=(~rows.begins).lead().over(along).fill_null(False),
    )
    place = ibis.row_number().over(group_by=_OF_RUN, order_by=rows.day) + 1
    return rows.mutate(number=ibis.greatest(ibis.coalesce(rows.said, place), 1).cast("int64"))


def decided(rows: ir.Table) -> ir.Table:
    """The deliveries of which it is known whether a next one followed in time.

    Renewals that came at once wait as long as those that did not come: to count them earlier would
    make the newest contracts look loyal.
    """
    return rows.filter(_beyond(days_between(rows.day, rows.at), rows, HALVES_ENDED))


def decided_within(rows: ir.Table, days: int) -> ir.Table:
    """The deliveries of which it became known in the last so many days."""
    silent_before = days_between(rows.day, rows.at) - days
    return decided(rows).filter(~_beyond(silent_before, rows, HALVES_ENDED))


def renewals(found: ir.Table) -> ir.Table:
    """Per day and running number how many decided contracts renewed, and how many did not."""
    counted = found.group_by("at", "number").agg(
        renewed=number_of(found.renewed), lost=number_of(~found.renewed)
    )
    return counted.order_by("at", "number")


def runs_decided(found: ir.Table) -> ir.Table:
    """How many runs have a decided renewal, at each day that has any."""
    return found.select(*_OF_RUN).distinct().group_by("at").agg(runs=lambda rows: rows.count())


def waits(found: ir.Table) -> ir.Table:
    """After how many tenths of the interval renewals came, and the days and intervals of all."""
    made = found.filter(found.renewed)
    tenth = (made.waited * 10 / made.interval_days).floor().cast("int64")
    counted = made.group_by("at", tenth=tenth).agg(
        renewals=made.count(), days=total(made.waited), intervals=total(made.interval_days)
    )
    return counted.order_by("at", "tenth")


def newest_words(events: ir.Table, ends: Sequence[date]) -> ir.Table:
    """What the sources had said last of each contract (``word``, ``said_on``) by each day."""
    ours = events.filter(events.name.isin(WORDS), events.order_number.notnull())
    said = seen_at(ours.mutate(day=ours.occurred_on), ends)
    ranked = said.mutate(
        place=ibis.row_number().over(
            group_by=[said.at, said.store_id, said.order_number],
            order_by=[said.occurred_at.desc(), said.event_id.desc()],
        )
    )
    newest = ranked.filter(ranked.place == 0)
    return newest.select(
        at=newest.at,
        store_id=newest.store_id,
        subscription_id=newest.order_number,
        word=newest.name,
        said_on=newest.occurred_on,
    )


def contracts(rows: ir.Table, words: ir.Table | None) -> ir.Table:
    """One row per day and run, and what had become of it by then."""
    later = rows.number > 1
    found = rows.group_by(*_OF_RUN).agg(
        customer_id=rows.customer_id.argmax(rows.day),
        first_on=rows.day.min(),
        last_on=rows.day.max(),
        deliveries=rows.count(),
        number=rows.number.argmax(rows.day),
        interval_days=rows.interval_days.max(),
        revenue=total_if_any(rows.revenue),
        renewals_paid=number_of(later),
        renewal_revenue=total(rows.revenue, where=later),
    )
    found = found.mutate(
        newest=found.run == found.run.max().over(ibis.window(group_by=_KNOWN)),
        silent_days=days_between(found.last_on, found.at),
    )
    if words is None:
        found = found.mutate(word=ibis.null("string"), said_on=ibis.null("date"))
    else:
        found = found.left_join(words, _KNOWN).drop(*(f"{name}_right" for name in _KNOWN))
    holds = (found.newest & (found.said_on >= found.last_on)).fill_null(False)
    status = ibis.cases(
        (~found.newest, "ended"),
        (holds & (found.word == ENDED_BY), "ended"),
        (holds & (found.word == PAUSED_BY), "paused"),
        (_beyond(found.silent_days, found, HALVES_ENDED), "ended"),
        (_beyond(found.silent_days, found, HALVES_LATE), "late"),
        else_="active",
    )
    due = days_after(found.last_on, found.interval_days)
    said = holds & (found.word == ENDED_BY)
    found = found.mutate(status=status, due_on=due, said_end=said.fill_null(False))
    ended = found.said_end.ifelse(found.said_on, found.due_on)
    return found.mutate(
        ended_on=(found.status == "ended").ifelse(ended, ibis.null("date")),
    ).drop("word", "said_on", "said_end", "newest")


def alike(found: ir.Table) -> ir.Table:
    """Contracts that run and are of one age, interval and silence once, in order."""
    running = found.filter(found.status.isin(RUNNING))
    by = ["number", "interval_days", "silent_days"]
    return running.group_by(*by).agg(contracts=running.count()).order_by(*by)


def months(found: ir.Table) -> ir.Table:
    """Contracts that started and that ended, by month."""
    began = found.select(month=_month(found.first_on), started=1, ended=0)
    over = found.filter(found.ended_on.notnull())
    both = began.union(over.select(month=_month(over.ended_on), started=0, ended=1))
    summed = both.group_by("month").agg(started=total(both.started), ended=total(both.ended))
    return summed.order_by("month")


def days_after(day: ir.DateValue, days: ir.IntegerValue) -> ir.DateValue:
    """The day so many days later."""
    # By way of a moment: a day plus an interval is a moment in DuckDB, which Ibis takes for a day.
    return (day.cast("timestamp") + days.as_interval("D")).cast("date")


def _month(day: ir.DateValue) -> ir.DateValue:
    return ibis.date(day.year(), day.month(), 1)


def _beyond(days: ir.IntegerValue, rows: ir.Table, halves: int) -> ir.BooleanValue:
    """More days than so many halves of the contract's interval."""
    return days * 2 > rows.interval_days * halves
