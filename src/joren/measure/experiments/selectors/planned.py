"""When effects are to be read, and the looks that were taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pydantic import TypeAdapter

from joren.measure.experiments import models
from joren.measure.experiments.contracts import EffectLook, EffectPlan

_LOOK: Final = TypeAdapter(EffectLook)


def plans(of: Iterable[int]) -> dict[int, EffectPlan]:
    """By number of the holdout."""
    rows = models.Plan.objects.filter(holdout_id__in=list(of))
    return {
        row.holdout_id: EffectPlan(
            row.horizon_days, tuple(row.looks), row.customers, row.lift, row.made_on, row.made_by
        )
        for row in rows
    }


def looks(of: Iterable[int]) -> dict[int, tuple[EffectLook, ...]]:
    """By number of the holdout, the first one first."""
    found: dict[int, tuple[EffectLook, ...]] = {}
    for row in models.Look.objects.filter(holdout_id__in=list(of)).order_by("number"):
        before = found.get(row.holdout_id, ())
        found[row.holdout_id] = (*before, _LOOK.validate_python(row.document))
    return found


def document_of(look: EffectLook) -> Any:
    """As it is kept."""
    return _LOOK.dump_python(look, mode="json")
