"""Say what a message weighs, and what the shop or one action may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from joren.act.campaigns import selectors as campaigns
from joren.act.journeys import selectors as journeys
from joren.act.pressure import models, rules, selectors
from joren.act.pressure.contracts import BadLimits, Limits
from joren.protect.audit import services as audit


@transaction.atomic
def set_weights(weights: Mapping[str, float], *, by: str) -> Mapping[str, float]:
    """Say what a message counts by its content; what is not given counts as it did."""
    said = rules.check_weights({**selectors.weights(), **weights})
    models.Weights.objects.update_or_create(pk=1, defaults={"said": said})
    told: dict[str, Any] = {**said}
    audit.record("pressure.weights_set", actor=by, subject_kind="pressure", **told)
    return selectors.weights()


@transaction.atomic
def set_limits(limits: Limits, *, source: str = "", source_id: int = 0, by: str) -> Limits:
    """Of the shop, or of one campaign or journey in their place."""
    rules.check_limits(limits)
    _look_up(source, source_id)
    said = {
        "unsubscribes": limits.unsubscribes, "complaints": limits.complaints,
        "least": limits.least, "stops": limits.stops,
    }  # fmt: skip
    models.Limit.objects.update_or_create(source=source, source_id=source_id, defaults=said)
    audit.record(
        "pressure.limits_set", actor=by, subject_kind=source or "shop", subject_id=source_id, **said
    )
    return selectors.limits_of(source, source_id)


@transaction.atomic
def forget_limits(*, source: str, source_id: int, by: str) -> Limits:
    """The shop's limits hold for it again."""
    models.Limit.objects.filter(source=source, source_id=source_id).exclude(source="").delete()
    audit.record("pressure.limits_forgotten", actor=by, subject_kind=source, subject_id=source_id)
    return selectors.limits_of(source, source_id)


def _look_up(source: str, number: int) -> None:
    """Refuses what there is not."""
    if source == "campaign":
        campaigns.campaign(number)
    elif source == "journey":
        journeys.journey(number)
    elif source or number:
        raise BadLimits(f"{source!r} has no limits", hint="campaign, journey, or nothing: the shop")
