"""Merges can be undone exactly: the log knows which identities moved."""

from __future__ import annotations

from django.db import transaction

from joren.collect.customers import contracts, models
from joren.core import clock
from joren.plumbing import outbox


@transaction.atomic
def undo_merge(merge_id: int, *, by: str) -> None:
    """Give the loser back what was theirs; the pair is not merged again by itself."""
    merge = models.Merge.objects.select_for_update().filter(pk=merge_id).first()
    if merge is None:
        raise contracts.NoSuchMerge(f"no merge {merge_id}")
    if merge.undone_at is not None:
        raise contracts.AlreadyUndone(f"merge {merge_id} was undone at {merge.undone_at:%Y-%m-%d}")
    models.Identity.objects.filter(pk__in=merge.identities).update(customer_id=merge.loser_id)
    models.Customer.objects.filter(pk=merge.loser_id).update(merged_into=None)
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    outbox.put("customers.merge_undone", customer=merge.winner_id, merge=merge_id, by=by)
