"""The shop sets its own bounds."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from django.db import transaction
from pydantic import TypeAdapter, ValidationError

from joren.core.clock import now
from joren.core.errors import BadInput
from joren.protect.audit import services as audit
from joren.understand.ranks import models, selectors
from joren.understand.ranks.contracts import RankRules
from joren.understand.ranks.rules import settings


@transaction.atomic
def change_rules(*, by: str = "command-line", **changes: Any) -> RankRules:
    """Set some of the bounds; they hold from the next refresh on."""
    known = [field.name for field in fields(RankRules)]
    if unknown := sorted(set(changes) - set(known)):
        raise BadInput(f"no bound {unknown[0]!r}", hint=f"known: {', '.join(known)}")
    before = selectors.rank_rules()
    wanted = _read({**asdict(before), **changes})
    settings.check(wanted)
    if wanted != before:
        row = models.RankRulesVersion.objects.create(
            changed_at=now(), changed_by=by, **asdict(wanted)
        )
        audit.record(
            "ranks.rules_changed", actor=by, subject_kind="rank_rules", subject_id=row.pk, **changes
        )
    return wanted


def _read(values: dict[str, Any]) -> RankRules:
    try:
        return TypeAdapter(RankRules).validate_python(values)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0])
        raise BadInput(
            f"{name} is {values[name]!r}", hint=f"expected there: {first['msg']}"
        ) from None
