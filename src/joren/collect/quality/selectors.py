"""How good the facts are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from pydantic import TypeAdapter

from joren.accounts.selectors import business
from joren.collect.inbox import selectors as inbox
from joren.collect.inbox.contracts import EVENTS, FILES, SELDOM
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import AD_SPEND, ORDER_LINES, ORDERS, PRODUCTS, SUPERSEDED
from joren.collect.quality import counting, rules
from joren.collect.quality.alarms import APART
from joren.collect.quality.alarms import alarms as found_alarms
from joren.collect.quality.amounts import kept as amounts_kept
from joren.collect.quality.contracts import (
    FIELDS,
    OF_LINES,
    OF_ORDERS,
    Alarm,
    Difference,
    Feed,
    Part,
    QualityReport,
    StoreQuality,
    Verdict,
    verdict_of,
)
from joren.core import clock
from joren.core.errors import BadInput
from joren.warehouse import Snapshot, Warehouse

ROOM: Final = "quality"
REPORT: Final = "report"
_FIRST_DAY: Final = date(1900, 1, 1)
_RESTS_ON: Final = (ORDERS, ORDER_LINES, SUPERSEDED, PRODUCTS, AD_SPEND)
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
    files = tuple(warehouse.lake.files(spec) for spec in _RESTS_ON)
    return _report_today(warehouse, files, today)


@lru_cache(maxsize=2)
def _report_today(
    warehouse: Warehouse, _files: tuple[tuple[str, ...], ...], day: date
) -> QualityReport:
    # By the files: after a restore the number of a version may name another one.
    return quality_report(warehouse, as_of=day)


def quality_report(warehouse: Warehouse, *, as_of: date) -> QualityReport:
    """What is missing, odd or old among the facts up to that day, and what they suffice for."""
    if as_of < _FIRST_DAY:
        raise BadInput(f"no order is as old as {as_of}", hint=f"a day from {_FIRST_DAY} on")
    ask = warehouse.engine.rows
    every = facts.orders(warehouse)
    with warehouse.engine.session() as session:
        orders = session.hold(counting.kept(every.filter(every.ordered_on <= as_of)))
        lines = facts.order_lines(warehouse)
        found = ask(counting.by_store(orders, as_of).order_by("store_id"))
        of_lines = counting.by_id(
            ask(counting.lines_by_store(lines, orders, facts.products(warehouse)))
        )
        extra = counting.by_id(ask(counting.duplicates(orders)))
        days = ask(counting.days(orders))
        sources = ask(counting.sources(orders))
        sizes = ask(counting.amounts(orders))
        differences = ask(counting.differences(orders))
        buyers = ask(counting.buyers(orders))[0]
    events = ask(counting.event_days(warehouse.facts(EVENTS), as_of))
    stores = tuple(
        _store(
            row | of_lines.get(row["store_id"], {}) | extra.get(row["store_id"], {}),
            [day for day in days if day["store_id"] == row["store_id"]],
            {
                one["source"] or "": one["n"]
                for one in sources
                if one["store_id"] == row["store_id"]
            },
            amounts_kept(sizes, row["store_id"]),
            as_of,
        )
        for row in found
    )
    missing = {
        field: sum((store.missing[field] for store in stores), Part(0, 0)) for field in FIELDS
    }
    held = rules.Held(
        days=max(((as_of - store.first_on).days for store in stores), default=0),
        customers=buyers["customers"],
        repeaters=buyers["repeaters"],
        missing=missing,
        ad_spend=bool(ask(facts.ad_spend(warehouse).select("spend_id").limit(1))),
    )
    return QualityReport(
        as_of=as_of,
        orders=sum(store.orders for store in stores),
        stores=stores,
        missing=missing,
        differences=tuple(Difference(**row) for row in differences),
        verdicts=rules.verdicts(held),
        feeds=tuple(
            rules.feed(list(of_one)) for _, of_one in groupby(events, itemgetter("source_id"))
        ),
    )


def alarms(warehouse: Warehouse, report: QualityReport, *, today: date) -> list[Alarm]:
    """What is not as it was: the report beside that of the newest snapshot of a week before it."""
    old = [one for one in warehouse.snapshots.all() if one.as_of <= report.as_of - APART]
    last = max(old, key=lambda one: (one.as_of, one.id), default=None)
    before = report_in(warehouse, last) if last else None
    return found_alarms(report, before, today=today, feeds=_feeds(report))


def verdicts_in(warehouse: Warehouse, snapshot: Snapshot, *uses: str) -> tuple[Verdict, ...]:
    """May these uses rest on the facts of the snapshot? Nothing where it was built without that."""
    report = report_in(warehouse, snapshot)
    found = (verdict_of(report.verdicts, use) for use in uses) if report else ()
    return tuple(one for one in found if one is not None)


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


def _store(
    row: dict[str, Any],
    days: Sequence[dict[str, Any]],
    sources: dict[str, int],
    amounts: dict[str, int],
    as_of: date,
) -> StoreQuality:
    orders, lines = row["orders"], row.get("lines", 0)
    dates = sorted({day["ordered_on"] for day in days})
    currencies: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for day in days:
        currencies[day["currency"] or ""] += day["n"]
        months[f"{day['ordered_on']:%Y-%m}"] += day["n"]
    missing = {field: Part(row[field], orders) for field in OF_ORDERS}
    missing |= {field: Part(row.get(field) or 0, lines) for field in OF_LINES}
    return StoreQuality(
        store_id=row["store_id"],
        orders=orders,
        missing=missing,
        unreconciled=Part(row["unreconciled"], orders),
        duplicates=Part(row.get("extra", 0), orders),
        stale=Part(row["stale"], orders),
        outliers=Part(row["outliers"], orders),
        currencies=dict(sorted(currencies.items())),
        first_on=dates[0],
        last_on=dates[-1],
        days_since=(as_of - dates[-1]).days,
        days_with_orders=len(dates),
        gaps=rules.gaps(dates),
        by_month=dict(sorted(months.items())),
        sources=dict(sorted(sources.items())),
        amounts=dict(sorted(amounts.items())),
    )
