"""What is sent to many, by those who have it sent."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from joren.act.messages import models


def errands_of(source: str, source_id: int) -> list[int]:
    """The numbers of all that one campaign or journey sends."""
    return list(_steps(source, source_id))


def counts_of(source: str, source_id: int) -> dict[tuple[str, str, str], int]:
    """(step, state, reason) of the rows that the ledger has of it, with how many."""
    steps = _steps(source, source_id)
    rows = models.Send.objects.filter(errand_id__in=steps)
    counted = rows.values_list("errand_id", "state", "reason").annotate(n=Count("pk"))
    ordered = counted.order_by("errand_id", "state", "reason")
    return {(steps[errand], state, reason): n for errand, state, reason, n in ordered}


def became_of(
    source: str, source_id: int, customers: Sequence[int]
) -> list[tuple[str, int, int, str, str]]:
    """(step, customer, occurrence, state, reason) of all rows that some customers have of it."""
    steps = _steps(source, source_id)
    rows = models.Send.objects.filter(errand_id__in=steps, customer_id__in=list(customers))
    told = rows.order_by("pk").values_list(
        "errand_id", "customer_id", "occurrence", "state", "reason"
    )
    return [
        (steps[errand], customer, occurrence, state, reason)
        for errand, customer, occurrence, state, reason in told
    ]


def _steps(source: str, source_id: int) -> dict[int, str]:
    rows = models.Errand.objects.filter(source=source, source_id=source_id).order_by("pk")
    return dict(rows.values_list("pk", "step"))
