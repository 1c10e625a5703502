"""People of these tests: as the room of customers keeps them, and merged as it merges them."""

from __future__ import annotations

from django.utils import timezone

from joren.collect.customers import models
from joren.collect.customers.selectors.keyring import hashed_key
from tests.collect.customers.arriving import add_person


def people(*numbers: int) -> None:
    """Customers of these numbers, each with an address and a number of the own shop."""
    store, _ = models.Store.objects.get_or_create(name="own")
    for number in numbers:
        add_person(number, name=f"客{number}", email=f"c{number}@shop.example")
        models.Identity.objects.create(
            id=10 * number, key=hashed_key(f"e:c{number}@shop.example"), customer_id=number
        )
        models.Identity.objects.create(
            id=10 * number + 1, key=f"n:{store.pk}:K{number}", customer_id=number, store=store
        )


def merge(loser: int, winner: int) -> models.Merge:
    """The loser is found to be the winner."""
    theirs = models.Identity.objects.filter(customer_id=loser)
    made = models.Merge.objects.create(
        winner_id=winner,
        loser_id=loser,
        identities=list(theirs.values_list("pk", flat=True)),
        import_id=loser,
        at=timezone.now(),
    )
    theirs.update(customer_id=winner)
    models.Customer.objects.filter(pk=loser).update(merged_into_id=winner)
    return made
