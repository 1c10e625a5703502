"""Questions about economics: what a snapshot says, and which rules hold."""

from __future__ import annotations

import json
from dataclasses import fields

from pydantic import TypeAdapter

from joren.plumbing.warehouse import warehouse
from joren.understand.economics import models
from joren.understand.economics.contracts import (
    ROOM,
    EconomicsReport,
    EconomicsRules,
    NoEconomicsYet,
    RulesVersion,
)
from joren.warehouse import Snapshot
from joren.warehouse.snapshots import FIGURES

REPORT = "economics"
_reports = TypeAdapter(EconomicsReport)
_rules = TypeAdapter(EconomicsRules)


def economics_report(snapshot: Snapshot) -> EconomicsReport:
    """What the snapshot says of cost and value."""
    house = warehouse()
    kept = house.snapshots.table(snapshot.id, FIGURES)
    rows = house.engine.rows(kept.filter(kept.room == ROOM, kept.name == REPORT))
    if not rows:
        raise NoEconomicsYet(
            f"the snapshot of {snapshot.as_of} holds no economics", hint="joren refresh"
        )
    return _reports.validate_python(json.loads(rows[0]["document"]))


def economics_rules() -> EconomicsRules:
    """The rules that hold now."""
    return rules_history()[0].rules


def rules_history() -> tuple[RulesVersion, ...]:
    """Every version of the rules, newest first; the last one is what joren came with."""
    rows = models.EconomicsRulesVersion.objects.order_by("-pk")
    return (
        *(RulesVersion(_rules_of(row), row.changed_at, row.changed_by) for row in rows),
        RulesVersion(EconomicsRules(), None, ""),
    )


def _rules_of(row: models.EconomicsRulesVersion) -> EconomicsRules:
    return _rules.validate_python(
        {field.name: getattr(row, field.name) for field in fields(EconomicsRules)}
    )
