"""People whom one import brought, taken back with it: each step may be repeated after a crash.

Whom live events met in the meantime stays: those events carry the identity. Who stays is parted
from whoever goes, by whomever they were made one.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from joren.collect.customers import models
from joren.collect.customers.services.agreeing import forget_agreed
from joren.collect.customers.services.joining import part_again
from joren.collect.customers.services.merging import fill_again
from joren.collect.life_stages.services import forget_import
from joren.core.people import moved
from joren.protect.consent.services import hand_on_refusals

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
    for ends in _parts(arrival.first_customer, arrival.last_customer):
        _part_those_who_go(ends)
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


def _part_those_who_go(ends: tuple[int, int]) -> None:
    """No merge may name them any more, not even one that was undone. Two who both stay stay one."""
    first, last = ends
    named = models.Merge.objects.filter(
        Q(winner_id__gte=first, winner_id__lte=last) | Q(loser_id__gte=first, loser_id__lte=last)
    )
    stay = _staying(named.filter(undone_at=None), ends)

    def goes(one: int) -> bool:
        return first <= one <= last and one not in stay

    pairs = named.order_by("pk").values_list("pk", "winner_id", "loser_id")
    going = [pk for pk, *pair in pairs.iterator() if any(map(goes, pair))]
    for start in range(0, len(going), _MERGES_AT_ONCE):
        with transaction.atomic():
            for merge in named.filter(pk__in=going[start : start + _MERGES_AT_ONCE]).order_by("pk"):
                if merge.undone_at is None:
                    # They were one when it was said: neither is written to because they are two.
                    pair = (merge.loser_id, merge.winner_id)
                    for one, other in (pair, pair[::-1]):
                        if not goes(other):
                            hand_on_refusals(one, to=other)
                    part_again(merge)
                merge.delete()
                fill_again(merge.winner_id)


def _staying(merges: QuerySet[models.Merge], ends: tuple[int, int]) -> set[int]:
    """Who of the block has an identity of their own still, wherever merges have brought it."""
    first, last = ends
    own = models.Identity.objects.filter(customer_id__gte=first, customer_id__lte=last)
    home: dict[int, int] = {}
    for loser, identities in merges.order_by("pk").values_list("loser_id", "identities").iterator():
        for identity in identities:
            home.setdefault(identity, loser)  # the earliest merge says whose it was
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT customer_id, person_id FROM ({moved()}) AS m "
            "WHERE customer_id BETWEEN %s AND %s",
            ends,
        )
        now = dict(cursor.fetchall())
    stay = {owner for pk, owner in own.values_list("pk", "customer_id") if pk not in home}
    there = list(home)
    for start in range(0, len(there), _AT_ONCE):
        found = models.Identity.objects.filter(pk__in=there[start : start + _AT_ONCE])
        stay |= {
            home[pk]
            for pk, owner in found.values_list("pk", "customer_id")
            if owner == now.get(home[pk])
        }
    return stay


def _remove_identities(first: int | None, last: int | None) -> None:
    for ends in _parts(first, last):
        heard = models.Heard.objects.filter(pk__range=ends).values("pk")
        models.Identity.objects.filter(pk__range=ends).exclude(pk__in=heard).delete()


def _remove_customers(first: int | None, last: int | None) -> None:
    for ends in _parts(first, last):
        gone = models.Customer.objects.filter(pk__range=ends, identities=None, merged_into=None)
        gone.delete()


def _parts(first: int | None, last: int | None) -> Iterator[tuple[int, int]]:
    if first is not None and last is not None:
        for start in range(first, last + 1, _AT_ONCE):
            yield start, min(start + _AT_ONCE - 1, last)
