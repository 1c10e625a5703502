"""Journeys of these tests, and doors of other rooms that keep what was asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection

from joren.act.journeys import models
from joren.act.journeys.contracts import Document, Version
from joren.act.journeys.rules import read, written

NOON = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)  # a Monday, at twelve in Tokyo
LOT = 77


def a_journey(nodes: Sequence[dict[str, Any]], **more: Any) -> Document:
    """By the event ``Order Completed``, from the first node on; others may be named."""
    usual = {
        "name": "お礼",
        "triggers": [{"kind": "event", "event": "Order Completed"}],
        "start": nodes[0]["id"],
        "no_holdout_why": "試験",
        "holdout": 0,
    }
    return read({**usual, "nodes": list(nodes), **more})


def published(document: Document, *, at: datetime = NOON, holdout: int | None = None) -> Version:
    """As a row, without asking other rooms."""
    row, _ = models.Journey.objects.get_or_create(
        name=document.name,
        defaults={"draft": written(document), "changed_at": at, "holdout": holdout},
    )
    row.version, row.state = row.version + 1, "running"
    row.save()
    made = models.Version.objects.create(
        journey=row, number=row.version, document=written(document), published_at=at,
        published_by="alice", errands={node.id: place for place, node in enumerate(document.nodes)},
    )  # fmt: skip
    return Version(made.pk, row.pk, made.number, document, at, "alice", "", made.errands)


def said(
    customer: int, name: str = "Order Completed", at: datetime = NOON, **properties: Any
) -> None:
    models.Signal.objects.create(name=name, customer_id=customer, at=at, properties=properties)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class Doors:
    """Stands for messages, holdouts and segments."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from joren.act.messages import services as messages
        from joren.decide.holdouts import selectors as holdouts
        from joren.decide.holdouts import services as lots
        from joren.decide.segments import selectors as segments

        self.asked: list[tuple[int, int, int, int | None]] = []
        self.cancelled: list[tuple[str | int, ...]] = []
        self.members: dict[int, set[int]] = {}
        for module, name, fake in (
            (messages, "ask", self._ask),
            (messages, "cancel", self._cancel),
            (lots, "assign", self._assign),
            (holdouts, "holdout", lambda _number: self),
            (segments, "newest_mark", lambda: 0),
            (segments, "moves_since", lambda *_: []),
        ):
            monkeypatch.setattr(module, name, fake)
        monkeypatch.setattr(
            "joren.act.journeys.selectors.belonging",
            lambda segment, some: [one for one in some if one in self.members.get(segment, ())],
        )
        self.lot, self.closed_at = LOT, None

    def _ask(self, errand: int, asked: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(asked.query, list(asked.values))
            rows = [(errand, row[0], row[1], row[5]) for row in cursor.fetchall()]
        assert not {*rows} & {*self.asked}  # a ledger has each row once
        self.asked += rows

    def _cancel(
        self, errands: Sequence[int], customers: Sequence[int] | None, *, reason: str, **_more: Any
    ) -> None:
        self.cancelled += [(reason, one, *sorted(customers or ())) for one in errands]

    def _assign(self, _number: int, customers: Sequence[int]) -> pa.Table:
        held = [one % 5 == 0 for one in customers]
        return pa.table({"customer_id": customers, "held_out": held, "stratum": [0] * len(held)})
