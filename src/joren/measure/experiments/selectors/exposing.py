"""When each of both arms was first reached: of the ledger for the log, of the log for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from joren.accounts.selectors import business
from joren.act.campaigns.contracts import SOURCE as CAMPAIGN
from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import SOURCE as JOURNEY
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout, LedgerRead
from joren.measure.experiments.contracts import EffectAction
from joren.measure.experiments.contracts.exposure import NOT_LOGGED, NOT_SENT_HERE, Exposure
from joren.measure.experiments.rules import exposing
from joren.measure.experiments.rules.exposing import NEVER, Reached
from joren.measure.experiments.selectors.costing import actions
from joren.plumbing.alone import alone
from joren.plumbing.warehouse import warehouse
from joren.warehouse.sums import number_of

REST: Final = timedelta(days=90)
"""So long after its end nothing leaves any more that was asked for under a holdout."""
_DAY: Final = 86_400
_SENT_HERE: Final = ("campaign", "journey", "everything")


@dataclass(frozen=True)
class Unread:
    """What the ledger has beyond the log of one holdout; ``until``: that of it is settled."""

    holdout: int
    firsts: pa.Table
    until: int


def unread_exposures() -> Iterator[Unread]:
    """Of every holdout under which joren sends, one after the other."""
    every = holdouts.holdouts()
    done, known = actions(every), holdouts.ledger_read([one.id for one in every])
    for one in every:
        action, read = done[one.id], known[one.id]
        if action.kind in _SENT_HERE and not _is_over(one, read):
            found = alone(
                partial(_unread, one, action, read.until), f"who holdout {one.id} reached"
            )
            if found is not None:
                yield found


def exposure(number: int) -> Exposure:
    """What the log says of one holdout."""
    one = holdouts.effects_holdout(number)
    read = holdouts.ledger_read([number])[number]
    if actions([one])[number].kind not in _SENT_HERE:
        return Exposure(number, None, NOT_SENT_HERE)
    if read.at is None:
        return Exposure(number, None, NOT_LOGGED)
    day = clock.shop_day(read.at, business().time_zone)
    as_of, (treated, held) = day.isoformat(), _arms(number, read.at)
    asked, asked_p = exposing.difference(
        "exposure_asked_difference", (treated.asked, treated.customers),
        (held.asked, held.customers), as_of,
    )  # fmt: skip
    passed, passed_p = exposing.difference(
        "exposure_passed_difference", (treated.passed, treated.customers),
        (held.passed, held.customers), as_of,
    )  # fmt: skip
    return Exposure(
        number, day, "",
        (exposing.arm_of("treated", treated, as_of), exposing.arm_of("held_out", held, as_of)),
        asked, passed, exposing.curve_of(treated, held, as_of),
        exposing.warnings_of(held, (("asked_differs", asked_p), ("passed_differs", passed_p))),
    )  # fmt: skip


def _is_over(one: Holdout, read: LedgerRead) -> bool:
    return bool(one.closed_at and read.at and read.at > one.closed_at + REST)


def _unread(one: Holdout, action: EffectAction, after: int) -> Unread:
    errands, since, until = _sent_under(one, action)
    settled, newest = messages.ledger_ends(errands)
    parts = messages.first_reached(errands, since=since, until=until, after=after, newest=newest)
    none = pa.schema(
        [("customer_id", pa.int64()), ("step", pa.string()), ("at", pa.timestamp("us", "UTC"))]
    )
    return Unread(one.id, pa.concat_tables([none.empty_table(), *parts]), max(after, settled))


def _sent_under(one: Holdout, action: EffectAction) -> tuple[list[int], datetime, datetime | None]:
    """The errands, and between which moments they are of this lot. What a journey sends to those
    of a later lot may reach one of this one too: whoever was left out is not any more then."""
    if action.kind == "campaign" and action.number is not None:
        return messages.errands_of(CAMPAIGN, action.number), one.drawn_at, None
    if action.kind == "journey" and action.number is not None:
        since, _ = journeys.drawn_by(one.id)
        return messages.errands_of(JOURNEY, action.number), since, None
    end = None
    if one.until is not None:
        home = clock.zone(business().time_zone)
        end = datetime.combine(one.until + timedelta(1), time(0), tzinfo=home)
    return messages.errands_to_persuade(), one.drawn_at, end


def _arms(number: int, until: datetime) -> tuple[Reached, Reached]:
    """Both arms, in units of the lot: that of a household is reached with the first of it."""
    each = _each(number, until)
    rows = warehouse().engine.rows(
        each.group_by("held_out").agg(
            customers=each.count(), asked=number_of(each.asked_at.notnull()),
            passed=number_of(each.passed_at.notnull()), got=number_of(each.got_at.notnull()),
            first=each.exposed_at.min(), last=each.exposed_at.max(),
        )
    )  # fmt: skip
    ages: dict[bool, dict[tuple[int, int], int]] = {False: {}, True: {}}
    for row in warehouse().engine.rows(
        each.group_by("held_out", "age", "waited").agg(n=each.count())
    ):
        ages[row["held_out"]][row["age"], row["waited"]] = row["n"]
    told = {row.pop("held_out"): row for row in map(dict, rows)}
    treated, held = (_reached(told.get(arm), ages[arm]) for arm in (False, True))
    return treated, held


def _each(number: int, until: datetime) -> ir.Table:
    logged = holdouts.logged(number)
    by_unit = logged.group_by("unit", "held_out").agg(
        assigned_at=logged.assigned_at.min(), asked_at=logged.asked_at.min(),
        passed_at=logged.passed_at.min(), got_at=logged.got_at.min(),
        exposed_at=logged.first_exposed_at.min(),
    )  # fmt: skip
    drawn = by_unit.assigned_at.epoch_seconds()
    now = ibis.literal(int(until.timestamp()), "int64")
    waited = (by_unit.exposed_at.epoch_seconds() - drawn) // _DAY
    return by_unit.mutate(
        age=((now - drawn) // _DAY).cast("int64"),
        # Moments of the ledger are to the second, and that of the draw is finer. The greatest of
        # nothing and 0 is 0 to some engines.
        waited=by_unit.exposed_at.isnull().ifelse(NEVER, ibis.greatest(waited.cast("int64"), 0)),
    )


def _reached(row: dict[str, Any] | None, ages: dict[tuple[int, int], int]) -> Reached:
    if row is None:
        return Reached()
    home = business().time_zone
    first, last = (_day(row.pop(name), home) for name in ("first", "last"))
    return Reached(**row, first=first, last=last, ages=ages)


def _day(at: datetime | None, home: str) -> date | None:
    return clock.shop_day(at, home) if at else None
