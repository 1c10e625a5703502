"""What was read at each refresh, so that a list need not count anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from django.db.models import Q
from pydantic import TypeAdapter, ValidationError

from joren.core.ids import SnapshotId
from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments import models
from joren.measure.experiments.contracts import Evidence, EvidenceRead, Metric, Result
from joren.measure.experiments.rules import Compared

_RESULT: Final = TypeAdapter(Result)
_ARMS: Final = TypeAdapter(Compared)
_EDITION: Final = 11
"""Another one for every change of what a result says."""


@dataclass(frozen=True)
class Read:
    """What one holdout says, and both arms' sums over the first days that actions of one kind are
    compared by; None where nobody has had them, or the arms are none."""

    result: Result
    first_days: Compared | None = None


def footing(*parts: object) -> str:
    """A short word for all that a reading stands on beside the snapshot."""
    return hashlib.blake2b(repr((_EDITION, *parts)).encode(), digest_size=16).hexdigest()


def newest(snapshot: SnapshotId) -> dict[int, tuple[str, Read]]:
    """What was read at that refresh, by holdout, each with its footing."""
    rows = models.Reading.objects.filter(snapshot_id=snapshot, document__isnull=False)
    kept = {row.holdout_id: (row.footing, _read(row)) for row in rows}
    return {holdout: (stands_on, read) for holdout, (stands_on, read) in kept.items() if read}


def _read(row: models.Reading) -> Read | None:
    """None of what an older version of joren wrote, which is read anew."""
    arms = row.first_days
    try:
        return Read(
            _RESULT.validate_python(row.document), _ARMS.validate_python(arms) if arms else None
        )
    except ValidationError:
        return None


def document_of(result: Result) -> Any:
    """As it is kept."""
    return _RESULT.dump_python(result, mode="json")


def sums_of(arms: Compared | None) -> Any:
    """As they are kept."""
    return _ARMS.dump_python(arms, mode="json") if arms else None


def seen(of: Iterable[int]) -> set[int]:
    """Of which something was read at any refresh, also of figures that end later than today's."""
    rows = models.Reading.objects.filter(holdout_id__in=list(of))
    some = rows.filter(Q(age__gt=0) | (Q(age=None) & ~Q(evidence="not_yet")))
    return set(some.values_list("holdout_id", flat=True))


def evidence_now() -> dict[int, EvidenceRead]:
    """In a word, what the newest refresh says of each holdout; nothing is counted for it."""
    rows = models.Reading.objects.filter(document__isnull=False)
    names = {one.id: one.name for one in holdouts.holdouts()}
    return {
        holdout: EvidenceRead(names[holdout], cast("Evidence", evidence), snapshot)
        for holdout, evidence, snapshot in rows.values_list("holdout_id", "evidence", "snapshot_id")
        if holdout in names
    }


def courses() -> dict[int, dict[Metric, list[tuple[date, float]]]]:
    """How each holdout's difference per customer went from refresh to refresh, oldest first."""
    found: dict[int, dict[Metric, list[tuple[date, float]]]] = {}
    rows = models.Reading.objects.filter(each__isnull=False).order_by("as_of", "snapshot_id")
    for row in rows.only("holdout_id", "metric", "as_of", "each"):
        if row.each is not None:
            of_one = found.setdefault(row.holdout_id, {})
            of_one.setdefault(row.metric, []).append((row.as_of, row.each))  # type: ignore[arg-type]  # the constraint keeps it to the metrics
    return found
