"""From live events to signals: those that some journey listens for, of people who are known."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import LATEST, ORDER, Await
from joren.act.journeys.rules import names_of
from joren.act.journeys.rules.walking import OWN
from joren.act.journeys.services.accepting import (
    keep_signals,
    listened_for,
    owners,
    sweep_orders,
)
from joren.act.journeys.services.listening import said_of
from joren.core import clock

_log = logging.getLogger(__name__)
_SAID: Final = (
    "product_id", "sku", "category", "order_number", "currency", "value", "quantity", "path",
    "campaign_source", "campaign_medium", "campaign_name",
)  # fmt: skip


def hear(number: int, events: pa.Table) -> None:
    """Keep a signal of each event that may start, end or move something; once for a micro-batch.

    What happened long ago and arrives now is history, and starts nothing; of orders see
    ``accepting``.
    """
    mark, now = f"events:{number}", clock.now()
    if models.Mark.objects.filter(pk=mark).exists():
        return
    ours = {name for name in names_listened_for() if not name.startswith(OWN)}
    found = _heard(events, ours, now)
    known = owners([row["identity_id"] for row in found])
    rows = [
        (_signal(row, known[row["identity_id"]]), row["store_id"])
        for row in found
        if row["identity_id"] in known
    ]
    with transaction.atomic():
        _, fresh = models.Mark.objects.get_or_create(pk=mark, defaults={"at": now, "done": True})
        if fresh:
            keep_signals(rows, by=mark, now=now)


def _signal(row: dict[str, Any], customer: int) -> models.Signal:
    """One that joren fails at stands aside, so that the others are heard."""
    signal = models.Signal(name=row["name"], customer_id=customer, at=row["occurred_at"])
    try:
        signal.properties = _properties(row)
    except Exception as fault:
        _log.exception("event %s is put aside", row["event_id"])
        signal.properties, signal.fault = {}, said_of(fault)
    return signal


def names_listened_for() -> set[str]:
    """The events and moves that some journey on which people may be listens for."""
    names: set[str] = set()
    for version, newest in selectors.versions_in(["running", "paused"]):
        document = version.document
        names |= names_of(document.goal)
        names |= names_of(document.triggers) if newest else set()
        for node in document.nodes:
            if isinstance(node, Await):
                names |= names_of(node.of)
    return names


def sweep(before: datetime) -> int:
    """Forget marks of micro-batches that nobody can bring again; returns how many."""
    read = Q(name__startswith="events:") | Q(name__startswith="orders:")
    gone, _ = models.Mark.objects.filter(read, at__lt=before).delete()
    models.Signal.objects.exclude(fault="").filter(at__lt=before).delete()
    sweep_orders(before)
    return gone


def _heard(events: pa.Table, names: set[str], now: datetime) -> list[dict[str, Any]]:
    late = [
        (names - {ORDER}, timedelta(hours=LATEST)),
        (names & {ORDER}, timedelta(listened_for())),
    ]
    wanted = [
        pc.and_(
            pc.is_in(events["name"], value_set=pa.array(sorted(some), pa.string())),
            pc.greater_equal(
                events["occurred_at"], pa.scalar(now - age, pa.timestamp("us", "UTC"))
            ),
        )
        for some, age in late
    ]
    fits = pc.and_(pc.is_valid(events["identity_id"]), pc.or_(*wanted))
    found = events.filter(fits).sort_by([("occurred_at", "ascending"), ("event_id", "ascending")])
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _properties(row: dict[str, Any]) -> dict[str, Any]:
    """What the event says, as texts and whole numbers."""
    extra = json.loads(row["properties"]) if row["properties"] else {}
    # A name that has a column of its own speaks by it alone: what it could not read is no number.
    said = {name: _plain(value) for name, value in extra.items() if name not in _SAID}
    said |= {name: row[name] for name in _SAID if row[name] is not None}
    return {name: value for name, value in said.items() if value is not None}


def _plain(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
