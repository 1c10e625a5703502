"""Questions about single people and the ways in which they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa
from django.db.models import Min

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.housing import newest_addresses
from joren.collect.customers.selectors.keyring import (
    contacts_in,
    hashed_key,
    keys_in,
    opened,
)
from joren.collect.customers.selectors.stores import stores
from joren.core.ids import CustomerId, IdentityId, StoreId


def customer(customer_id: CustomerId) -> contracts.Customer:
    """One person; of one who was merged away, the person they are now."""
    row = models.Customer.objects.filter(pk=customer_id).first()
    if row is None:
        raise contracts.NoSuchCustomer(f"no customer {customer_id}")
    if row.merged_into_id:
        return customer(CustomerId(row.merged_into_id))
    return _customers([row])[0]


def customers_among(ids: Sequence[int]) -> dict[int, contracts.Customer]:
    """These customers by id; for the rows of one page."""
    rows = list(models.Customer.objects.filter(pk__in=list(ids)))
    return {row.pk: person for row, person in zip(rows, _customers(rows), strict=True)}


def contacts_of(ids: Sequence[int]) -> pa.Table:
    """(customer_id, name, name_kana, email, phone, and the address in its parts), in columns."""
    rows = models.Customer.objects.filter(pk__in=list(ids)).values_list(
        "id", "sealed", "prefecture"
    )
    columns = list(zip(*rows, strict=True)) or [()] * 3
    kinds = (pa.int64(), pa.string(), pa.string())
    table = pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)],
        names=["id", "sealed", "prefecture"],
    )
    names = ["id", "name", "name_kana", "email", "phone"]
    people = opened(table)
    living = newest_addresses(ids)
    where = [
        living.get(one) or {"postal_code": postal, "prefecture": prefecture}
        for one, postal, prefecture in zip(
            *(people[name].to_pylist() for name in ("id", "postal_code", "prefecture")), strict=True
        )
    ]
    rows = people.select(names).rename_columns(["customer_id", *names[1:]])
    for part in rules.PARTS:
        column = pa.array([one.get(part, "") for one in where], pa.string())
        rows = rows.append_column(part, column)
    return rows


def identities_of(customer_id: CustomerId) -> list[contracts.KnownAs]:
    """Every way in which a customer is known."""
    return identities_among([customer_id])[customer_id]


def identities_among(ids: Sequence[CustomerId]) -> dict[CustomerId, list[contracts.KnownAs]]:
    """Every way in which these customers are known; for the rows of one page."""
    names = {row.id: row.name for row in stores()}
    found: dict[CustomerId, list[contracts.KnownAs]] = {one: [] for one in ids}
    rows = list(models.Identity.objects.filter(customer_id__in=list(ids)).order_by("id"))
    for row, key in zip(rows, keys_in(rows), strict=True):
        found[CustomerId(row.customer_id)].append(_known_as(row, key, names))
    return found


def _known_as(row: models.Identity, key: str, names: Mapping[StoreId, str]) -> contracts.KnownAs:
    kind = _KINDS[key[0]]
    return contracts.KnownAs(
        IdentityId(row.pk),
        kind,
        names.get(StoreId(row.store_id or 0), ""),
        _value(key),
        None if row.store_id is None else StoreId(row.store_id),
        rules.CONFIDENCE[kind],
        row.import_id,
        row.first_seen_on,
        row.last_seen_on,
    )


def identity_ids_of(customer_id: CustomerId) -> list[IdentityId]:
    """What the facts of this customer carry."""
    found = models.Identity.objects.filter(customer_id=customer_id).order_by("id")
    return [IdentityId(pk) for pk in found.values_list("pk", flat=True)]


def identities_with_owners(customers: Sequence[CustomerId]) -> dict[IdentityId, CustomerId]:
    """Whose each identity is, of all that these few have."""
    rows = models.Identity.objects.filter(customer_id__in=list(customers)).order_by("id")
    pairs = rows.values_list("pk", "customer_id")
    return {IdentityId(identity): CustomerId(customer) for identity, customer in pairs}


def identities_still_there(numbers: Sequence[int]) -> frozenset[int]:
    """Those of the identities that nobody has erased."""
    found: set[int] = set()
    for start in range(0, len(numbers), 500):
        rows = models.Identity.objects.filter(pk__in=numbers[start : start + 500])
        found.update(rows.values_list("pk", flat=True))
    return frozenset(found)


def an_identity_of(customers: Sequence[int]) -> dict[int, int]:
    """The oldest identity of each, by which joren names them to itself; none: they have none."""
    found: dict[int, int] = {}
    for start in range(0, len(customers), 500):
        rows = models.Identity.objects.filter(customer_id__in=customers[start : start + 500])
        first = rows.order_by().values("customer_id").annotate(first=Min("pk"))
        found.update(first.values_list("customer_id", "first"))
    return found


def customer_of(identity_id: IdentityId) -> CustomerId | None:
    """Whose identity that is."""
    found = models.Identity.objects.filter(pk=identity_id).values_list("customer_id", flat=True)
    first = found.first()
    return None if first is None else CustomerId(first)


def known_as(kind: contracts.Kind, value: str) -> CustomerId | None:
    """Who is known by that LINE id, e-mail or phone, written as identities are."""
    found = models.Identity.objects.filter(key=key_of(kind, value))
    first = found.values_list("customer_id", flat=True).first()
    return None if first is None else CustomerId(first)


def key_of(kind: contracts.Kind, value: str) -> str:
    """How that LINE id, e-mail or phone is written down, of which nobody can read what it is."""
    (letter,) = (letter for letter, one in _KINDS.items() if one == kind)
    return hashed_key(f"{letter}:{value}")


def owners_by_key_sql() -> str:
    """SQL of both databases, to stand behind FROM in brackets: (key, customer_id) of identities."""
    return "SELECT key, customer_id FROM customers_identity"


def merges_of(customer_id: CustomerId) -> list[contracts.Joined]:
    """Merges that made this customer, newest first."""
    rows = models.Merge.objects.filter(winner_id=customer_id).order_by("-id")
    return [
        contracts.Joined(
            m.pk,
            CustomerId(m.winner_id),
            CustomerId(m.loser_id),
            m.at,
            m.undone_at,
            m.by,
            m.why,
            tuple(m.evidence),
            m.undone_by,
            m.import_id,
        )
        for m in rows
    ]


def everybody(*, limit: int, after: int = 0) -> list[contracts.Customer]:
    """Some of all people, in the order in which they were first seen."""
    there = models.Customer.objects.filter(merged_into__isnull=True, pk__gt=after)
    return _customers(list(there.order_by("pk")[:limit]))


def newest_identity() -> int:
    """The highest number that an identity was ever given; 0 before the first."""
    following = models.NextId.objects.filter(kind="identity").values_list("next", flat=True)
    return (following.first() or 1) - 1


def count() -> int:
    """How many people there are."""
    return models.Customer.objects.filter(merged_into__isnull=True).count()


_KINDS: Final[Mapping[str, contracts.Kind]] = {
    "n": "number",
    "u": "user",
    "l": "line",
    "e": "email",
    "p": "phone",
}


def _value(key: str) -> str:
    if key[0] in "nu":
        return key.split(":", 2)[2]
    return key.split(":", 1)[1].split("|")[0]


def _customers(rows: Sequence[models.Customer]) -> list[contracts.Customer]:
    living = newest_addresses([row.pk for row in rows])
    return [
        _customer(row, contacts, living.get(row.pk, {}))
        for row, contacts in zip(rows, contacts_in(rows), strict=True)
    ]


def _customer(
    row: models.Customer, contacts: Mapping[str, str], living: Mapping[str, str]
) -> contracts.Customer:
    return contracts.Customer(
        CustomerId(row.pk),
        contacts["name"],
        contacts["name_kana"],
        contacts["email"],
        contacts["phone"],
        living.get("postal_code", contacts["postal_code"]),
        living.get("prefecture", row.prefecture),
        row.birthday,
        row.gender,
        row.acquisition_source,
        row.registered_at,
        living.get("city", ""),
        living.get("street", ""),
        living.get("building", ""),
        row.language,
        row.time_zone,
    )
