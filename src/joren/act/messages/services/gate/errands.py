"""What is sent to many."""

from __future__ import annotations

from joren.act.messages import models, selectors
from joren.act.messages.contracts import NoSuchTemplate
from joren.core import clock


def errand(
    source: str, source_id: int, step: str, template: int,
    *, most: int | None = None, most_cost: int | None = None,
) -> int:  # fmt: skip
    """The number of what a step sends, which is kept when it is asked for the first time.

    Another template or budget than before is written over the old; the rows of the ledger that
    passed keep the version that they passed with.
    """
    row = models.Template.objects.filter(pk=template, archived_at=None).first()
    if row is None:
        raise NoSuchTemplate(f"there is no template {template}", hint="joren messages list")
    content = selectors.template(template).content
    said = {
        "template": row, "channel": content.channel, "kind": content.kind,
        "most": most, "most_cost": most_cost,
    }  # fmt: skip
    kept, _ = models.Errand.objects.update_or_create(
        source=source, source_id=source_id, step=step,
        defaults=said, create_defaults={**said, "made_at": clock.now()},
    )  # fmt: skip
    return int(kept.pk)
