"""People whom one import brought, taken back with it: each step may be repeated after a crash.

Whom live events met in the meantime stays: those events carry the identity.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from joren.collect.customers import models
from joren.collect.customers.services.agreeing import forget_agreed
from joren.collect.customers.services.joining import part_again
from joren.collect.life_stages.services import forget_import

_AT_ONCE = 10_000
_MERGES_AT_ONCE = 200


def forget_people(import_id: int) -> None:
    """Part whom it merged, and remove who came with it. No other file may have met them since."""
    _part(import_id)
    models.Address.objects.filter(import_id=import_id).delete()
    forget_import(import_id)
    forget_agreed(import_id)
    arrival = models.Arrival.objects.filter(pk=import_id).first()
    if arrival is None:
        return
    _remove_identities(arrival.first_identity, arrival.last_identity)
    _remove_customers(arrival.first_customer, arrival.last_customer)
    arrival.delete()


def _part(import_id: int) -> None:
    """As before the import: the same pair may be found again. What was parted by hand stays.

    Some at a time, since SQLite has one writer: live events and pages are written in between.
    """
    left = models.Merge.objects.filter(import_id=import_id, undone_at__isnull=True).order_by("pk")
    while True:
        with transaction.atomic():
            some = list(left[:_MERGES_AT_ONCE])
            for merge in some:
                part_again(merge)
                merge.delete()
        if len(some) < _MERGES_AT_ONCE:
            return


def _remove_identities(first: int | None, last: int | None) -> None:
    for ends in _parts(first, last):
        heard = models.Heard.objects.filter(pk__range=ends).values("pk")
        models.Identity.objects.filter(pk__range=ends).exclude(pk__in=heard).delete()


def _remove_customers(first: int | None, last: int | None) -> None:
    for ends in _parts(first, last):
        models.Customer.objects.filter(pk__range=ends, identities=None).delete()


def _parts(first: int | None, last: int | None) -> Iterator[tuple[int, int]]:
    if first is not None and last is not None:
        for start in range(first, last + 1, _AT_ONCE):
            yield start, min(start + _AT_ONCE - 1, last)
