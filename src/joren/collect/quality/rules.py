"""What counts as a gap, and how much is enough for which use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any, Final

from joren.collect.quality import reasons
from joren.collect.quality.contracts import Alarm, Feed, Gap, Part, QualityReport, Verdict

GAP_TIMES: Final = 3
STALE_DAYS: Final = 60
UNSETTLED: Final = ("open", "paid")  # an order that was sent says so, if it is exported again
COSTS: Final = ("unit_cost", "shipping_borne", "payment_fee")  # that orders state
CONTACTS: Final = ("email", "phone", "name")  # by which one person may be two customers
LARGEST: Final = 10  # differences that a report names

MOST_MISSING: Final = 0.2  # beyond it, what is missing may turn the answer around
MOST_DOUBLED: Final = 0.05
RFM_CUSTOMERS: Final = 25  # five classes with five people each
RFM_WEEKS: Final = 13
COHORT_WEEKS: Final = 13  # three months: one to begin in, two to come back in
PREDICTION_WEEKS: Final = 52  # 26 to learn from and 26 to be tested on
PREDICTION_REPEATERS: Final = 30  # fewer repeat customers say next to nothing about the rest


@dataclass(frozen=True)
class Held:
    """What all stores hold together."""

    days: int  # from the first order to the day of the report
    customers: int
    repeaters: int
    missing: Mapping[str, Part]
    ad_spend: bool


def gaps(days: Sequence[date]) -> tuple[Gap, ...]:
    """Stretches longer than three times the usual (median) distance between days with orders."""
    steps = [(one, other, (other - one).days) for one, other in pairwise(sorted(days))]
    if not steps:
        return ()
    usual = median(step for *_, step in steps)
    return tuple(Gap(one, other, step) for one, other, step in steps if step > GAP_TIMES * usual)


def feed(days: Sequence[Mapping[str, Any]]) -> Feed:
    """One source of its days with events, in their order."""
    dates = [day["day"] for day in days]
    return Feed(
        source_id=days[0]["source_id"],
        store_id=days[-1]["store_id"],
        events=sum(day["n"] for day in days),
        first_on=dates[0],
        last_on=dates[-1],
        days_with_events=len(dates),
        longest=max(((other - one).days for one, other in pairwise(dates)), default=0),
    )


def verdicts(held: Held) -> tuple[Verdict, ...]:
    """What the facts are enough for."""
    few = _fewer(reasons.TOO_FEW_CUSTOMERS, held.customers, RFM_CUSTOMERS)
    repeaters = _fewer(reasons.TOO_FEW_REPEATERS, held.repeaters, PREDICTION_REPEATERS)
    who = _lacks(held.missing, "identity")
    costs = [why for cost in COSTS for why in _lacks(held.missing, cost)]
    spend = () if held.ad_spend else (reasons.NO_AD_SPEND,)
    return (
        _verdict("rfm", held, RFM_WEEKS, *who, *few),
        _verdict("predictions", held, PREDICTION_WEEKS, *who, *repeaters),
        _verdict("cohorts", held, COHORT_WEEKS, *who),
        _verdict("profit", held, 0, *costs),
        _verdict("economics", held, 0, *who, *_lacks(held.missing, "source"), *spend),
    )


def shortfalls(report: QualityReport, alarms: Sequence[Alarm]) -> dict[str, str]:
    """What is short, by use and by what single questions rest on (RESTS)."""
    quiet = {one.fault: one.days for one in alarms if one.days is not None}
    doubled = sum((store.duplicates for store in report.stores), Part(0, 0))
    apart = sum((store.unreconciled for store in report.stores), Part(0, 0))
    stopped = (reasons.STOPPED.format(quiet["stopped"]),) if "stopped" in quiet else ()
    silent = (reasons.SILENT.format(quiet["silent"]),) if "silent" in quiet else ()
    found: dict[str, tuple[str, ...]] = {
        "orders": (
            *_lacks(report.missing, "identity"),
            *_beyond(reasons.DOUBLED, doubled, MOST_DOUBLED),
            *stopped,
        ),
        "revenue": _beyond(reasons.UNRECONCILED, apart, MOST_MISSING),
        "sku": _lacks(report.missing, "sku"),
        "category": _lacks(report.missing, "category"),
        "source": _lacks(report.missing, "source"),
        "events": silent if report.feeds else (reasons.NO_EVENTS,),
    }
    short = {one.use: one.why for one in report.verdicts if not one.enough}
    return short | {rest: "; ".join(why) for rest, why in found.items() if why}


def _beyond(reason: str, part: Part, most: float) -> tuple[str, ...]:
    if part.share is None or part.share <= most:
        return ()
    return (reason.format(f"{part.share:.0%}", f"{most:.0%}"),)


def _verdict(use: str, held: Held, weeks: int, *faults: str) -> Verdict:
    short = max(0, -((held.days - weeks * 7) // 7))
    waits = (reasons.NEEDS_WEEKS.format(short),) if short else ()
    why = "; ".join((*waits, *faults))
    return Verdict(use, not why, short, why)


def _lacks(missing: Mapping[str, Part], field: str) -> tuple[str, ...]:
    part = missing[field]
    if part.share is None:
        return (reasons.NOTHING_STATES[field],)
    return _beyond(reasons.MISSING_IN[field], part, MOST_MISSING)


def _fewer(reason: str, count: int, wanted: int) -> tuple[str, ...]:
    return (reason.format(count, wanted),) if count < wanted else ()
