"""Questions about economics: what a snapshot says, and which rules hold."""

from __future__ import annotations

from dataclasses import fields, replace

from pydantic import TypeAdapter

from joren.collect.quality.selectors import verdicts_in
from joren.core.errors import BadInput
from joren.plumbing.warehouse import warehouse
from joren.understand.economics import models
from joren.understand.economics.contracts import (
    HORIZON,
    ROOM,
    AllowedCac,
    EconomicsReport,
    EconomicsRules,
    EconomicsRulesSince,
    NoEconomicsYet,
)
from joren.understand.economics.rules import curves
from joren.warehouse import Snapshot

REPORT = "economics"
_reports = TypeAdapter(EconomicsReport)
_rules = TypeAdapter(EconomicsRules)


def economics_report(snapshot: Snapshot) -> EconomicsReport:
    """What a snapshot says of cost and value."""
    house = warehouse()
    found = house.snapshots.figure(snapshot.id, ROOM, REPORT, _reports.validate_python)
    if found is None:
        raise NoEconomicsYet(
            f"the snapshot of {snapshot.as_of} holds no economics", hint="joren refresh"
        )
    return replace(found, verdicts=verdicts_in(house, snapshot, "economics", "profit"))


def allowed_cac(
    report: EconomicsReport, *, months: int | None = None, ratio: float | None = None
) -> tuple[AllowedCac, ...]:
    """What a new customer may cost for a target, by source and for all together (first).

    ``months`` asks for payback within so many, ``ratio`` for that LTV:CAC in the first year.
    """
    if (months is None) == (ratio is None):
        raise BadInput("one target is needed", hint="months=12 or ratio=3")
    if months is not None and not 0 <= months <= HORIZON:
        raise BadInput(f"months is {months}", hint=f"0 to {HORIZON}")
    if ratio is not None and ratio <= 0:
        raise BadInput(f"ratio is {ratio}", hint="above 0, such as 3")
    return tuple(
        AllowedCac(
            one.source,
            one.touch,
            curves.allowed_by_ratio(one.profit_first_year, ratio)
            if ratio is not None
            else curves.allowed_by_payback(one.curve, months or 0, one.cac),
        )
        for one in (report.whole, *report.channels)
    )


def economics_rules() -> EconomicsRules:
    """The rules that hold now."""
    return rules_history()[0].rules


def rules_history() -> tuple[EconomicsRulesSince, ...]:
    """Every version of the rules, newest first; the last one is what joren came with."""
    rows = models.EconomicsRulesVersion.objects.order_by("-pk")
    return (
        *(EconomicsRulesSince(_rules_of(row), row.changed_at, row.changed_by) for row in rows),
        EconomicsRulesSince(EconomicsRules(), None, ""),
    )


def _rules_of(row: models.EconomicsRulesVersion) -> EconomicsRules:
    return _rules.validate_python(
        {field.name: getattr(row, field.name) for field in fields(EconomicsRules)}
    )
