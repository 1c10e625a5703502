"""People whom one import brought, taken back with it: each step may be repeated after a crash."""

from __future__ import annotations

from django.db import transaction

from joren.collect.customers import models

_AT_ONCE = 10_000


def forget_people(import_id: int) -> None:
    """Part whom it merged, and remove who came with it. Nobody else may have met them since."""
    _part(import_id)
    arrival = models.Arrival.objects.filter(pk=import_id).first()
    if arrival is None:
        return
    _remove(models.Identity, arrival.first_identity, arrival.last_identity)
    _remove(models.Customer, arrival.first_customer, arrival.last_customer)
    arrival.delete()


@transaction.atomic
def _part(import_id: int) -> None:
    """As before the import: the same pair may be found again. What was parted by hand stays."""
    for merge in models.Merge.objects.filter(import_id=import_id, undone_at__isnull=True):
        moved = models.Identity.objects.filter(pk__in=merge.identities)
        moved.update(customer_id=merge.loser_id)
        models.Customer.objects.filter(pk=merge.loser_id).update(merged_into=None)
        merge.delete()


def _remove(
    model: type[models.Identity | models.Customer], first: int | None, last: int | None
) -> None:
    if first is None or last is None:
        return
    for start in range(first, last + 1, _AT_ONCE):
        end = min(start + _AT_ONCE - 1, last)
        model.objects.filter(pk__range=(start, end)).delete()
