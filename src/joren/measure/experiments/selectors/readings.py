"""What was read at each refresh, so that a list need not count anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db.models import Q
from pydantic import TypeAdapter

from joren.core.ids import SnapshotId
from joren.measure.experiments import models
from joren.measure.experiments.contracts import Metric, Result

_RESULT: Final = TypeAdapter(Result)
_EDITION: Final = 4
"""Another one for every change of what a result says."""


def footing(*parts: object) -> str:
    """A short word for all that a reading stands on beside the snapshot."""
    return hashlib.blake2b(repr((_EDITION, *parts)).encode(), digest_size=16).hexdigest()


def newest(snapshot: SnapshotId) -> dict[int, tuple[str, Result]]:
    """What was read at that refresh, by holdout, each with its footing."""
    rows = models.Reading.objects.filter(snapshot_id=snapshot, document__isnull=False)
    return {row.holdout_id: (row.footing, _RESULT.validate_python(row.document)) for row in rows}


def document_of(result: Result) -> Any:
    """As it is kept."""
    return _RESULT.dump_python(result, mode="json")


def seen(of: Iterable[int]) -> set[int]:
    """Of which something was read at any refresh, also of figures that end later than today's."""
    rows = models.Reading.objects.filter(holdout_id__in=list(of))
    some = rows.filter(Q(age__gt=0) | (Q(age=None) & ~Q(evidence="not_yet")))
    return set(some.values_list("holdout_id", flat=True))


def courses() -> dict[int, dict[Metric, list[tuple[date, float]]]]:
    """How each holdout's difference per customer went from refresh to refresh, oldest first."""
    found: dict[int, dict[Metric, list[tuple[date, float]]]] = {}
    rows = models.Reading.objects.filter(each__isnull=False).order_by("as_of", "snapshot_id")
    for row in rows.only("holdout_id", "metric", "as_of", "each"):
        if row.each is not None:
            of_one = found.setdefault(row.holdout_id, {})
            of_one.setdefault(row.metric, []).append((row.as_of, row.each))  # type: ignore[arg-type]
    return found
