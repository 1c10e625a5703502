"""The shop says what it aims at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction

from joren.core.clock import now
from joren.measure.indicators import models, selectors
from joren.measure.indicators.contracts import IndicatorPlan, IndicatorPlanSince, KpiTarget
from joren.measure.indicators.rules import planning
from joren.protect.audit import services as audit


@transaction.atomic
def write_plan(plan: IndicatorPlan, *, by: str) -> IndicatorPlanSince:
    """Say all of it anew; the next refresh counts by it."""
    wanted = planning.checked(plan)
    if wanted != selectors.plan().plan:
        row = models.PlanVersion.objects.create(
            changed_at=now(), changed_by=by, plan=asdict(wanted)
        )
        audit.record(
            "indicators.planned", actor=by, subject_kind="indicator_plan", subject_id=row.pk,
            growth=wanted.growth, kpis=list(wanted.kpis),
        )  # fmt: skip
    return selectors.plan()


@transaction.atomic
def aim(period: str, targets: Mapping[str, float | None], *, by: str) -> tuple[KpiTarget, ...]:
    """Say targets of a period, by indicator; None takes one back. What is not named stays."""
    plan = selectors.plan().plan
    for code, value in targets.items():
        planning.check_target(code, period, value, plan)
    held = selectors.targets()
    changed = {
        code: value for code, value in targets.items() if held.get(code, {}).get(period) != value
    }
    rows = models.Target.objects.bulk_create(
        models.Target(
            indicator=code, period=period, value=value, changed_at=now(), changed_by=by
        )
        for code, value in changed.items()
    )  # fmt: skip
    if rows:
        audit.record(
            "indicators.aimed", actor=by, subject_kind="indicator_targets", subject_id=rows[-1].pk,
            period=period, indicators=sorted(changed),
        )  # fmt: skip
    return selectors.target_history(period=period)
