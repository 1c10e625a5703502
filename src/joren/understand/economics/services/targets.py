"""The shop says what it counts as paid for, and what it aims at."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

from django.db import transaction

from joren.core.clock import now
from joren.core.errors import BadInput
from joren.protect.audit import services as audit
from joren.understand.economics import models, selectors
from joren.understand.economics.contracts import HORIZON, EconomicsRules, RulesContradict


@transaction.atomic
def change_rules(*, by: str = "command-line", **changes: Any) -> EconomicsRules:
    """Set some of the rules; they hold from the next refresh on."""
    known = [field.name for field in fields(EconomicsRules)]
    if unknown := sorted(set(changes) - set(known)):
        raise BadInput(f"no rule {unknown[0]!r}", hint=f"known: {', '.join(known)}")
    before = selectors.economics_rules()
    if "paid_mediums" in changes:
        words = {str(word).strip().lower() for word in changes["paid_mediums"]}
        changes["paid_mediums"] = tuple(sorted(words - {""}))
    wanted = replace(before, **changes)
    _check(wanted)
    if wanted != before:
        row = models.EconomicsRulesVersion.objects.create(
            changed_at=now(), changed_by=by, **asdict(wanted)
        )
        audit.record(
            "economics.rules_changed",
            actor=by,
            subject_kind="economics_rules",
            subject_id=row.pk,
            **changes,
        )
    return wanted


def _check(rules: EconomicsRules) -> None:
    if not 1 <= rules.payback_months <= HORIZON:
        raise RulesContradict(
            f"payback_months is {rules.payback_months}", hint=f"1 to {HORIZON} months"
        )
    if not 0 < rules.ltv_to_cac <= 100:
        raise RulesContradict(f"ltv_to_cac is {rules.ltv_to_cac}", hint="above 0, such as 3")
