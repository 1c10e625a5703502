"""Questions to the book of deeds."""

from __future__ import annotations

from collections.abc import Collection

from joren.plumbing.cursor import Slice, decode, encode
from joren.protect.audit import contracts, models


def entries(
    *, after: str = "", limit: int = 50, actor: str = "", action: str = "", subject_kind: str = ""
) -> Slice[contracts.Entry]:
    """Entries, newest first; ``action`` also as the beginning of a name."""
    rows = models.Entry.objects.order_by("-id")
    if after:
        rows = rows.filter(id__lt=decode(after, size=1)[0])
    if actor:
        rows = rows.filter(actor=actor)
    if action:
        rows = rows.filter(action__startswith=action)
    if subject_kind:
        rows = rows.filter(subject_kind=subject_kind)
    found = list(rows[: limit + 1])
    shown = tuple(_entry(row) for row in found[:limit])
    return Slice(shown, encode(shown[-1].id) if len(found) > limit else "")


def entries_named(
    actions: Collection[str], *, kinds: Collection[str], limit: int
) -> tuple[contracts.Entry, ...]:
    """The newest of these very deeds, done to subjects of these kinds (by which they are found)."""
    rows = models.Entry.objects.filter(action__in=actions, subject_kind__in=kinds)
    return tuple(_entry(row) for row in rows.order_by("-id")[:limit])


def _entry(row: models.Entry) -> contracts.Entry:
    return contracts.Entry(
        row.pk, row.at, row.actor, row.action, row.subject_kind, row.subject_id, row.detail
    )
