"""Reports as snapshots keep them, and what is told from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter

from joren.accounts.selectors import business
from joren.collect.inbox import selectors as inbox
from joren.collect.inbox.contracts import FILES, SELDOM
from joren.collect.orders.contracts import (
    AD_SPEND,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    REFUNDS,
    SUPERSEDED,
)
from joren.collect.quality import rules
from joren.collect.quality.alarms import APART
from joren.collect.quality.alarms import alarms as found_alarms
from joren.collect.quality.contracts import (
    FIELDS,
    RESTS,
    Alarm,
    Feed,
    Part,
    QualityReport,
    Verdict,
)
from joren.collect.quality.selectors.building import facts_report, with_customers
from joren.core import clock
from joren.warehouse import Snapshot, Warehouse

ROOM: Final = "quality"
REPORT: Final = "report"
_RESTS_ON: Final = (ORDERS, ORDER_LINES, SUPERSEDED, PRODUCTS, AD_SPEND, REFUNDS)
_UNASKED: Final = {field: Part(0, 0) for field in FIELDS}
_reports = TypeAdapter(QualityReport)


def report_in(warehouse: Warehouse, snapshot: Snapshot) -> QualityReport | None:
    """The report on the facts that the snapshot stands on; None where it was built without one."""
    return warehouse.snapshots.figure(snapshot.id, ROOM, REPORT, _read)


def _read(document: object) -> QualityReport:
    """Of what was not asked when it was kept nothing is known."""
    kept = _reports.validate_python(document)
    return replace(
        kept,
        stores=tuple(replace(one, missing={**_UNASKED, **one.missing}) for one in kept.stores),
        missing={**_UNASKED, **kept.missing},
    )


def document_of(report: QualityReport) -> dict[str, Any]:
    """As a snapshot keeps it."""
    found: dict[str, Any] = _reports.dump_python(report, mode="json")
    return found


def newest_report(warehouse: Warehouse, *, today: date) -> QualityReport:
    """The report on the facts as they are: the snapshot's, unless something came in since."""
    latest = warehouse.snapshots.latest()
    known = {spec.name: warehouse.lake.version(spec) for spec in _RESTS_ON}
    if latest is not None and known.items() <= latest.facts.items():
        found = report_in(warehouse, latest)
        if found is not None:
            return found
    return report_asked(warehouse, as_of=today)


def report_asked(warehouse: Warehouse, *, as_of: date) -> QualityReport:
    """The report on the facts up to that day, as a request may ask for it: what it says of
    customers is what the newest snapshot's says, and of its day; nothing where none has it."""
    files = tuple(warehouse.lake.files(spec) for spec in _RESTS_ON)
    report = _facts_report(warehouse, files, as_of)
    latest = warehouse.snapshots.latest()
    kept = report_in(warehouse, latest) if latest else None
    if kept is None or kept.customers_as_of is None:
        return report
    return with_customers(
        report,
        (one for one in kept.fields if one.feed == "customers"),
        (one for one in kept.coverage if one.feed == "customers"),
        kept.customers_as_of,
    )


@lru_cache(maxsize=8)
def _facts_report(
    warehouse: Warehouse, _files: tuple[tuple[str, ...], ...], day: date
) -> QualityReport:
    # By the files: after a restore the number of a version may name another one.
    return facts_report(warehouse, as_of=day)


def alarms(warehouse: Warehouse, report: QualityReport, *, today: date) -> list[Alarm]:
    """What is not as it was: the report beside that of the newest snapshot of a week before it."""
    old = [one for one in warehouse.snapshots.all() if one.as_of <= report.as_of - APART]
    last = max(old, key=lambda one: (one.as_of, one.id), default=None)
    before = report_in(warehouse, last) if last else None
    return found_alarms(report, before, today=today, feeds=_feeds(report))


def verdicts_in(warehouse: Warehouse, snapshot: Snapshot, *uses: str) -> tuple[Verdict, ...]:
    """May these uses, or what single questions rest on (RESTS), rest on the facts of the snapshot?
    Nothing where it was built without that."""
    report = report_in(warehouse, snapshot)
    if report is None:
        return ()
    known = {one.use: one for one in report.verdicts}
    if {*RESTS} & {*uses}:
        short = shortfalls(warehouse, snapshot)
        known |= {rest: Verdict(rest, rest not in short, why=short.get(rest, "")) for rest in RESTS}
    return tuple(known[use] for use in uses if use in known)


def shortfalls(warehouse: Warehouse, snapshot: Snapshot) -> dict[str, str]:
    """What the facts of the snapshot are not good enough for, by use and by RESTS, and why."""
    report = report_in(warehouse, snapshot)
    if report is None:
        return {}
    return rules.shortfalls(report, alarms(warehouse, report, today=report.as_of))


def _feeds(report: QualityReport) -> dict[str, Feed]:
    """By name, those that may still send by themselves, as of what came from them just now."""
    seen, zone = inbox.traffic(), business().time_zone
    by_id = {feed.source_id: feed for feed in report.feeds}
    found = {}
    for source in inbox.sources():
        feed = by_id.get(source.id)
        if feed is None or source.revoked_at or source.name == FILES:
            continue
        if source.name.startswith(SELDOM):  # mails, sign-ups and receipts may pause without fault
            continue
        last = seen[source.id].last_seen if source.id in seen else None
        day = max(feed.last_on, clock.shop_day(last, zone)) if last else feed.last_on
        name = f"{source.name} ({source.id})" if source.name in found else source.name
        found[name] = replace(feed, last_on=day)
    return found
