"""The shop says what it aims at on each way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from joren.core.clock import now
from joren.protect.audit import services as audit
from joren.understand.paths import models, selectors
from joren.understand.paths.contracts import PathTarget, PathTargets
from joren.understand.paths.rules import telling


@transaction.atomic
def change_targets(targets: Sequence[PathTarget], *, by: str = "command-line") -> PathTargets:
    """Set the whole target map; a way that is not named has no target."""
    wanted = telling.checked(targets)
    if wanted != selectors.targets().targets:
        row = models.TargetMapVersion.objects.create(
            changed_at=now(), changed_by=by, targets=[asdict(one) for one in wanted]
        )
        audit.record(
            "paths.targets_changed", actor=by, subject_kind="target_map", subject_id=row.pk,
            ways=[one.way for one in wanted],
        )  # fmt: skip
    return selectors.targets()
