"""Questions about stores, customers and identities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import F, Q

from joren.collect.customers import contracts, models, rules
from joren.core.ids import CustomerId, IdentityId, StoreId
from joren.plumbing.bulk import columns_of
from joren.warehouse import Warehouse

_LAST = "\U0010ffff"


def stores() -> list[contracts.Store]:
    """All stores, oldest first."""
    return [_store(row) for row in models.Store.objects.order_by("id")]


def store(store_id: StoreId) -> contracts.Store:
    """One store."""
    row = models.Store.objects.filter(pk=store_id).first()
    if row is None:
        raise contracts.NoSuchStore(f"no store {store_id}")
    return _store(row)


def person_of(_warehouse: Warehouse) -> pa.Table:
    """(identity_id, customer_id): which person each source identity belongs to now."""
    return _identities(["id", "customer_id"]).rename_columns(["identity_id", "customer_id"])


def store_numbers(_warehouse: Warehouse) -> pa.Table:
    """(customer_id, store_customer_number): the number of the first store that gave one."""
    known = _identities(["id", "customer_id", "key"], where="key LIKE 'n:%%'").sort_by("id")
    # In the order of the rows, which many threads would not keep.
    first = known.group_by("customer_id", use_threads=False).aggregate([("key", "first")])
    number = pc.replace_substring_regex(first["key_first"], pattern="^n:[0-9]+:", replacement="")
    return pa.table({"customer_id": first["customer_id"], "store_customer_number": number})


def _identities(names: list[str], *, where: str = "TRUE") -> pa.Table:
    parts = list(columns_of(models.Identity, names, where=where))
    if not parts:
        kinds = [pa.string() if name == "key" else pa.int64() for name in names]
        return pa.schema(zip(names, kinds, strict=True)).empty_table()
    return pa.concat_tables(parts)


def customer(customer_id: CustomerId) -> contracts.Customer:
    """One person; of one who was merged away, the person they are now."""
    row = models.Customer.objects.filter(pk=customer_id).first()
    if row is None:
        raise contracts.NoSuchCustomer(f"no customer {customer_id}")
    return customer(CustomerId(row.merged_into_id)) if row.merged_into_id else _customer(row)


def customers_among(ids: Sequence[int]) -> dict[int, contracts.Customer]:
    """These customers by id; for the rows of one page."""
    return {row.pk: _customer(row) for row in models.Customer.objects.filter(pk__in=list(ids))}


def contacts_of(ids: Sequence[int]) -> pa.Table:
    """(customer_id, name, name_kana, email, phone, prefecture) of these; for files, in columns."""
    names = ("id", "name", "name_kana", "email", "phone", "prefecture")
    rows = models.Customer.objects.filter(pk__in=list(ids)).values_list(*names)
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    kinds = (pa.int64(), *[pa.string()] * 5)
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)],
        names=["customer_id", *names[1:]],
    )


def identities_of(customer_id: CustomerId) -> list[contracts.KnownAs]:
    """Every way in which a customer is known."""
    names = {row.id: row.name for row in stores()}
    return [
        contracts.KnownAs(
            IdentityId(row.pk),
            _KINDS[row.key[0]],
            names.get(StoreId(row.store_id or 0), ""),
            _value(row),
        )
        for row in models.Identity.objects.filter(customer_id=customer_id).order_by("id")
    ]


def identity_ids_of(customer_id: CustomerId) -> list[IdentityId]:
    """What the facts of this customer carry."""
    found = models.Identity.objects.filter(customer_id=customer_id).order_by("id")
    return [IdentityId(pk) for pk in found.values_list("pk", flat=True)]


def customer_of(identity_id: IdentityId) -> CustomerId | None:
    """Whose identity that is."""
    found = models.Identity.objects.filter(pk=identity_id).values_list("customer_id", flat=True)
    first = found.first()
    return None if first is None else CustomerId(first)


def merges_of(customer_id: CustomerId) -> list[contracts.Joined]:
    """Merges that made this customer, newest first."""
    rows = models.Merge.objects.filter(winner_id=customer_id).order_by("-id")
    return [
        contracts.Joined(m.pk, CustomerId(m.winner_id), CustomerId(m.loser_id), m.at, m.undone_at)
        for m in rows
    ]


def search(words: str, *, limit: int = 50, after: int = 0) -> list[contracts.Customer]:
    """Customers whose name, kana, e-mail or number begins so, or whose phone ends so."""
    text = rules.searchable(words)
    there = models.Customer.objects.filter(merged_into__isnull=True, pk__gt=after)
    if not text:
        return [_customer(row) for row in there.order_by("pk")[:limit]]
    # One question to each index: a database that is asked all at once reads every customer. The
    # same if it may walk along the keys until it has met enough, hence the sum.
    in_order = F("pk") + 0
    ids = {
        pk
        for wanted in _matching(text, words.strip())
        for pk in there.filter(wanted).order_by(in_order).values_list("pk", flat=True)[:limit]
    }
    return [
        _customer(row)
        for row in models.Customer.objects.filter(pk__in=sorted(ids)[:limit]).order_by("pk")
    ]


def count() -> int:
    """How many people there are."""
    return models.Customer.objects.filter(merged_into__isnull=True).count()


def _matching(text: str, words: str) -> Iterator[Q]:
    yield _begins("email", text)
    yield _begins("search_name", text)
    yield _begins("search_kana", text)
    tail = rules.phone_tail(text)
    if len(tail) >= 4:
        # 090… is kept as +8190…
        yield _begins("search_phone", tail[:-1] if tail.endswith("0") else tail)
    numbers = [f"n:{row.id}:{words}" for row in stores()]
    yield Q(pk__in=models.Identity.objects.filter(key__in=numbers).values("customer_id"))


def _begins(column: str, text: str) -> Q:
    """The beginning of a text, as each database finds it by its index."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": text})
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + _LAST})


_KINDS = {"n": "number", "e": "email", "p": "phone"}


def _value(row: models.Identity) -> str:
    return row.key.split(":", 2)[2] if row.key[0] == "n" else row.key.split(":", 1)[1].split("|")[0]


def _store(row: models.Store) -> contracts.Store:
    return contracts.Store(StoreId(row.pk), row.name, row.currency or None, row.default_tax_rate)


def _customer(row: models.Customer) -> contracts.Customer:
    return contracts.Customer(
        CustomerId(row.pk),
        row.name,
        row.name_kana,
        row.email,
        row.phone,
        row.postal_code,
        row.prefecture,
        row.birthday,
        row.gender,
        row.acquisition_source,
        row.registered_at,
    )
