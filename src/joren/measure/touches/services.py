"""Count touches at a refresh, and say whether last touch is wanted."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import pyarrow as pa
from django.db import transaction

from joren.collect.customers import selectors as customers
from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.core import clock
from joren.decide.segments.contracts import PURCHASED
from joren.measure.touches import models, selectors
from joren.measure.touches.contracts import (
    DECISION_WAYS,
    LastTouched,
    LastTouchRule,
    TouchReport,
)
from joren.measure.touches.rules import counting, telling
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.warehouse import Holding, Snapshot
from joren.warehouse.sums import total


def count_touches() -> TouchReport | None:
    """By the newest snapshot; again is the same. None before the first refresh."""
    snapshot = warehouse().snapshots.latest()
    if snapshot is None:
        return None
    counted = _counted(snapshot, selectors.last_touch_rule())
    with transaction.atomic():
        models.TouchReading.objects.exclude(snapshot_id=snapshot.id).delete()
        models.TouchReading.objects.update_or_create(
            snapshot_id=snapshot.id, defaults={"document": selectors.document_of(counted)}
        )
    return counted


def set_last_touch(
    *, by: str, shown: bool | None = None, days: int | None = None, opens: bool | None = None
) -> LastTouchRule:
    """Change what is given; the newest figures are counted anew by it."""
    held = selectors.last_touch_rule()
    wanted = LastTouchRule(
        held.shown if shown is None else shown, held.days if days is None else days,
        held.opens if opens is None else opens,
    )  # fmt: skip
    telling.check_window(wanted.days)
    with transaction.atomic():
        row = models.LastTouchVersion.objects.create(
            shown=wanted.shown, days=wanted.days, opens=wanted.opens, changed_at=clock.now(),
            changed_by=by,
        )  # fmt: skip
        audit.record(
            "touches.last_touch_set", actor=by, subject_kind="last_touch", subject_id=row.pk,
            shown=wanted.shown, days=wanted.days, opens=wanted.opens,
        )  # fmt: skip
    count_touches()
    return selectors.last_touch_rule()


def _counted(snapshot: Snapshot, rule: LastTouchRule) -> TouchReport:
    house, as_of = warehouse(), snapshot.as_of
    said, rows = as_of.isoformat(), house.engine.rows
    bought = house.snapshots.table(snapshot.id, PURCHASED)
    traits = house.snapshots.table(snapshot.id, TRAITS)
    with house.engine.session() as holding:
        touched = None
        if house.lake.files(EVENTS):
            person_of = holding.take(customers.person_of(house))
            touched = holding.hold(counting.heard(house.facts(EVENTS), person_of, as_of))
        everybody = holding.hold(counting.people(traits, bought, touched, as_of))
        decisions = tuple(
            telling.decision(way, rows(counting.waited(everybody, way, as_of)), said)
            for way in DECISION_WAYS
        )
        found = rows(counting.contents(touched, bought, as_of)) if touched is not None else []
        last = _last_touch(holding, touched, bought, as_of, rule) if touched is not None else ()
    year = counting.of_the_year(bought, as_of)
    (sums,) = rows(year.aggregate(orders=year.count(), revenue=total(year.revenue)))
    return TouchReport(
        as_of=as_of,
        currency=str(snapshot.settings.get("currency") or ""),
        events=touched is not None,
        decisions=decisions,
        contents=tuple(telling.content(row, said) for row in found),
        last_touch=last,
        last_touch_days=rule.days,
        last_touch_opens=rule.opens,
        orders=sums["orders"],
        revenue=sums["revenue"],
    )


def _last_touch(
    holding: Holding, touched: ir.Table, bought: ir.Table, as_of: date, rule: LastTouchRule
) -> tuple[LastTouched, ...]:
    rows, spans = warehouse().engine.rows, selectors.spans(as_of)
    last = holding.hold(
        counting.last_touches(touched, bought, as_of, days=rule.days, opens=rule.opens)
    )
    told = [
        {"source": source, "number": str(number), "since": since, "until": until}
        for (source, number), (since, until) in spans.items()
    ]
    inside = rows(counting.within(last, holding.take(pa.Table.from_pylist(told)))) if told else []
    return telling.last_touch(rows(counting.last_touched(last)), spans, inside)
