"""Which feeds and fields are not as their own past was.

Reports of kept snapshots are counts of all facts until then, so that the difference of two of them
is what came in between: docs/science/drift.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from joren.collect.quality import amounts
from joren.collect.quality.contracts import FIELDS, Alarm, Feed, Part, QualityReport, StoreQuality
from joren.science import drift

FALSE_ALARMS: Final = 0.01
LEAST_NEW: Final = 30  # orders or lines that came since, of whose shares something may be said
LEAST_JUMP: Final = 0.05
LEAST_PSI: Final = 0.1
LEAST_DAYS: Final = 14  # with orders or events, before a silence means anything
APART: Final = timedelta(days=7)


def alarms(
    now: QualityReport,
    before: QualityReport | None,
    *,
    today: date,
    feeds: Mapping[str, Feed] | None = None,
) -> list[Alarm]:
    """What is beyond chance and matters; ``before`` is a report of a week ago or older, ``feeds``
    are the sources that may send, by name."""
    asked = [found for store in now.stores for found in _stopped(store, today)]
    asked += [found for name, feed in (feeds or {}).items() for found in _silent(name, feed, today)]
    if before is not None:
        then = {store.store_id: store for store in before.stores}
        for store in now.stores:
            if store.store_id in then:
                asked += _of_what_came(then[store.store_id], store, before.as_of)
    raised = drift.holm([one.p for one in asked])
    return [
        replace(one, p=p)
        for one, p in zip(asked, raised, strict=True)
        if p < FALSE_ALARMS and _matters(one)
    ]


def _stopped(store: StoreQuality, today: date) -> list[Alarm]:
    longest = max((gap.days for gap in store.gaps), default=0)
    active = store.days_with_orders
    days, p = _quiet(store.first_on, store.last_on, active, longest, today)
    if p is None:
        return []
    return [Alarm("stopped", store.store_id, "", p, store.last_on, store.orders, days=days)]


def _silent(name: str, feed: Feed, today: date) -> list[Alarm]:
    active = feed.days_with_events
    days, p = _quiet(feed.first_on, feed.last_on, active, feed.longest, today)
    if p is None:
        return []
    return [Alarm("silent", feed.store_id, name, p, feed.last_on, feed.events, days=days)]


def _quiet(
    first: date, last: date, active: int, longest: int, today: date
) -> tuple[int, float | None]:
    """Days without anything, and the chance of so many; null where there were as many before."""
    days = (today - last).days - 1  # today is not over
    if active < LEAST_DAYS or days <= longest:
        return days, None
    return days, drift.silence(days, active=active, of=(last - first).days + 1)


def _of_what_came(then: StoreQuality, now: StoreQuality, since: date) -> list[Alarm]:
    found = []
    for field in FIELDS:
        old, every = then.missing[field], now.missing[field]
        new = Part(max(0, every.count - old.count), every.of - old.of)
        if old.of >= LEAST_NEW and new.of >= LEAST_NEW and new.count <= new.of:
            p = drift.shares_differ((old.count, old.of), (new.count, new.of))
            found.append(
                Alarm("missing", now.store_id, field, p, since, new.of,
                      before=old.share, now=new.share)
            )  # fmt: skip
    for name, before, after in (
        ("currency", then.currencies, now.currencies),
        ("source", then.sources, now.sources),
    ):
        found += _mix(now.store_id, name, before, after, since)
    return [*found, *_amounts(then, now, since)]


def _amounts(then: StoreQuality, now: StoreQuality, since: date) -> list[Alarm]:
    """Of each currency by itself: another mix of currencies is said already."""
    found = []
    known = amounts.by_currency(then.amounts)
    for currency, every in amounts.by_currency(now.amounts).items():
        before = known.get(currency, {})
        came = {size: max(0, orders - before.get(size, 0)) for size, orders in every.items()}
        if sum(before.values()) < LEAST_NEW or sum(came.values()) < LEAST_NEW:
            continue
        old, new = amounts.joined(before, came)
        if len(old) > 1:
            mix = drift.mixes(old, new)
            found.append(
                Alarm("amount", now.store_id, currency, mix.p, since, sum(new), psi=mix.psi,
                      before=amounts.median(before), now=amounts.median(came))
            )  # fmt: skip
    return found


def _mix(
    store: int, of: str, before: Mapping[str, int], after: Mapping[str, int], since: date
) -> list[Alarm]:
    values = sorted({*before, *after})
    came = [max(0, after.get(one, 0) - before.get(one, 0)) for one in values]
    if sum(before.values()) < LEAST_NEW or sum(came) < LEAST_NEW:
        return []
    mix = drift.mixes([before.get(one, 0) for one in values], came)
    return [Alarm("mix", store, of, mix.p, since, sum(came), psi=mix.psi)]


def _matters(one: Alarm) -> bool:
    if one.fault == "missing":
        return (one.now or 0.0) - (one.before or 0.0) >= LEAST_JUMP
    return one.fault in ("stopped", "silent") or (one.psi or 0.0) >= LEAST_PSI
