"""What is sent to many."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from joren.act.messages import models, selectors
from joren.act.messages.contracts import STOPPERS, TRANSACTIONAL, NoSuchTemplate
from joren.act.messages.services.gate.ending import ask_anew
from joren.core import clock


def errand(
    source: str, source_id: int, step: str, template: int,
    *, most: int | None = None, most_cost: int | None = None,
) -> int:  # fmt: skip
    """The number of what a step sends, which is kept when it is asked for the first time.

    Another template or budget than before is written over the old; the rows of the ledger that
    passed keep the version that they passed with. All that one source sends has one budget: the
    caller says the same for each of its steps. What is new of a source that is stopped is held
    back from the beginning, but for word of an order.
    """
    row = models.Template.objects.filter(pk=template, archived_at=None).first()
    if row is None:
        raise NoSuchTemplate(f"there is no template {template}", hint="joren messages list")
    content = selectors.template(template).content
    said = {
        "template": row, "channel": content.channel, "kind": content.kind,
        "most": most, "most_cost": most_cost,
    }  # fmt: skip
    now, stopped = clock.now(), content.kind != TRANSACTIONAL and _stopped(source, source_id)
    kept, _ = models.Errand.objects.update_or_create(
        source=source, source_id=source_id, step=step,
        defaults=said,
        create_defaults={**said, "made_at": now, "held_at": now if stopped else None},
    )  # fmt: skip
    return int(kept.pk)


def _stopped(source: str, source_id: int) -> bool:
    return any(stops(source, source_id) for stops in STOPPERS.values())


def hold_back(errand_ids: Sequence[int]) -> int:
    """Let nothing of these leave from now on. What waits keeps waiting, and ends with its time; a
    call that has begun goes on. Returns how many were not held before."""
    rows = models.Errand.objects.filter(pk__in=list(errand_ids), held_at=None)
    return rows.update(held_at=clock.now())


def let_go(errand_ids: Sequence[int]) -> int:
    """Let it leave again. The gate is asked anew for what waited: others have left meanwhile, and
    it counted in no cap while it was held."""
    held = models.Errand.objects.filter(pk__in=list(errand_ids)).exclude(held_at=None)
    numbers = list(held.values_list("pk", flat=True))
    with transaction.atomic():
        ask_anew(numbers)
        return held.filter(pk__in=numbers).update(held_at=None)
