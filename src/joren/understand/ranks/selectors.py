"""Questions about ranks: what a snapshot says, who moved, which bounds hold."""

from __future__ import annotations

import json
from dataclasses import fields

from pydantic import TypeAdapter

from joren.plumbing.warehouse import warehouse
from joren.understand.ranks import models
from joren.understand.ranks.contracts import (
    CUSTOMER_RANKS,
    ROOM,
    Movement,
    NoRanksYet,
    RankReport,
    RankRules,
    RulesVersion,
)
from joren.understand.ranks.rules import counting
from joren.warehouse import Snapshot, Warehouse
from joren.warehouse.snapshots import FIGURES

REPORT = "ranks"
_reports = TypeAdapter(RankReport)
_rules = TypeAdapter(RankRules)


def rank_report(snapshot: Snapshot) -> RankReport:
    """What the snapshot says of ranks."""
    found = report_in(warehouse(), snapshot)
    if found is None:
        raise NoRanksYet(f"the snapshot of {snapshot.as_of} holds no ranks", hint="joren refresh")
    return found


def report_in(house: Warehouse, snapshot: Snapshot) -> RankReport | None:
    """The same, of a warehouse at hand; None where the snapshot has none."""
    kept = house.snapshots.table(snapshot.id, FIGURES)
    rows = house.engine.rows(kept.filter(kept.room == ROOM, kept.name == REPORT))
    return _reports.validate_python(json.loads(rows[0]["document"])) if rows else None


def movement(before: Snapshot, after: Snapshot) -> Movement:
    """効果推移: who went where between two snapshots."""
    house = warehouse()
    with house.engine.session() as session:
        pairs = session.hold(
            counting.paired(
                house.snapshots.table(before.id, CUSTOMER_RANKS),
                house.snapshots.table(after.id, CUSTOMER_RANKS),
            )
        )
        return Movement(
            before.as_of,
            after.as_of,
            {
                way: counting.as_moves(house.engine.rows(counting.moves(pairs, way)))
                for way in counting.WAYS
            },
        )


def rank_rules() -> RankRules:
    """The bounds that hold now."""
    return rules_history()[0].rules


def rules_history() -> tuple[RulesVersion, ...]:
    """Every version of the bounds, newest first; the last one is what joren came with."""
    rows = models.RankRulesVersion.objects.order_by("-pk")
    return (
        *(RulesVersion(_rules_of(row), row.changed_at, row.changed_by) for row in rows),
        RulesVersion(RankRules(), None, ""),
    )


def _rules_of(row: models.RankRulesVersion) -> RankRules:
    return _rules.validate_python(
        {field.name: getattr(row, field.name) for field in fields(RankRules)}
    )
