"""Questions about stores, customers and identities."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.collect.customers import contracts, models, rules
from joren.core.ids import CustomerId, IdentityId, StoreId
from joren.plumbing.bulk import columns_of
from joren.warehouse import Warehouse

_LAST = "\U0010ffff"
_PUNCTUATION = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")  # what SQLite's tokenizer leaves out
_COMPARED = {"sqlite": (">=", "<", ""), "postgresql": ("~>=~", "~<~", "USING ~<~")}  # by code point
_ORDERED_AT_ONCE = 20_000


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
    known = _identities(["id", "customer_id"]).rename_columns(["identity_id", "customer_id"])
    return pa.concat_tables([known, _devices()])


def traits(_warehouse: Warehouse, zone: str) -> pa.Table:
    """TRAITS of everybody; days are those of the business's zone."""
    names = ["id", "birthday", "prefecture", "acquisition_source", "registered_at"]
    parts = [*columns_of(models.Customer, names, where="merged_into_id IS NULL")]
    every = pa.concat_tables(parts) if parts else None
    if every is None:
        kinds = (pa.int64(), pa.string(), pa.string(), pa.string(), pa.date32())
        return pa.schema(zip(contracts.TRAITS.columns, kinds, strict=True)).empty_table()
    moments = every["registered_at"].cast(pa.timestamp("us", zone))
    return pa.table(
        {
            "customer_id": every["id"],
            "birth_day": pc.strftime(every["birthday"], "%m-%d"),
            "prefecture": _said(every["prefecture"]),
            "acquisition_source": _said(every["acquisition_source"]),
            "registered_on": pc.local_timestamp(moments).cast(pa.date32()),
        }
    )


def _said(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Null where nobody said anything."""
    return pc.if_else(pc.equal(texts, ""), None, texts)


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


_OF_ONE = """
    SELECT link.device_id, MIN(who.customer_id) FROM customers_devicelink AS link
    JOIN customers_identity AS who ON who.id = link.identity_id {where}
    GROUP BY link.device_id HAVING COUNT(DISTINCT who.customer_id) = 1
"""
_THEIRS = """
    WHERE link.device_id IN (
        SELECT device_id FROM customers_devicelink AS mine
        JOIN customers_identity AS i ON i.id = mine.identity_id WHERE i.customer_id = %s
    )
"""


def _devices() -> pa.Table:
    """The devices that one customer alone uses."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE.format(where=""))
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) or [(), ()]
    return pa.table(
        {
            "identity_id": pa.array(columns[0], pa.int64()),
            "customer_id": pa.array(columns[1], pa.int64()),
        }
    )


def owners_of(identities: Sequence[int]) -> dict[int, CustomerId]:
    """Whose these identities and devices are, where that is known; for the rows of one page."""
    ids = list({*identities})
    known = models.Identity.objects.filter(pk__in=ids).values_list("pk", "customer_id")
    found = {pk: CustomerId(customer) for pk, customer in known}
    if rest := [one for one in ids if one not in found]:
        marks = ", ".join(["%s"] * len(rest))
        with connection.cursor() as cursor:
            cursor.execute(_OF_ONE.format(where=f"WHERE link.device_id IN ({marks})"), rest)
            found |= {device: CustomerId(owner) for device, owner in cursor.fetchall()}
    return found


def devices_of(customer_id: CustomerId) -> dict[str, IdentityId]:
    """The devices that this customer alone uses: anonymous id and what facts carry."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE.format(where=_THEIRS), [customer_id])
        ids = [device for device, owner in cursor.fetchall() if owner == customer_id]
    found = models.Device.objects.filter(pk__in=ids).order_by("pk")
    return {row.anonymous_id: IdentityId(row.pk) for row in found}


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
            None if row.store_id is None else StoreId(row.store_id),
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


def found(words: str, *, limit: int) -> list[CustomerId]:
    """Whoever the words find, at most so many: first those whose number they are, then those whose
    e-mail, name or kana begins or whose phone ends so, then those with them inside a name or kana.
    """
    words = words.replace("\0", "")  # which PostgreSQL keeps in no text
    text = rules.searchable(words)
    if not text:
        return []
    ids: dict[int, None] = {}
    # One question to each index: a database that is asked all at once reads every customer.
    for ask in _questions(text, words.strip()):
        ids |= dict.fromkeys(ask(limit))
        if len(ids) >= limit:
            break
    return [CustomerId(pk) for pk in islice(ids, limit)]


def search(words: str, *, limit: int = 50) -> list[contracts.Customer]:
    """The first of those whom the words find."""
    ids = found(words, limit=limit)
    known = customers_among(ids)
    return [known[one] for one in ids]


def everybody(*, limit: int, after: int = 0) -> list[contracts.Customer]:
    """Some of all people, in the order in which they were first seen."""
    there = models.Customer.objects.filter(merged_into__isnull=True, pk__gt=after)
    return [_customer(row) for row in there.order_by("pk")[:limit]]


def newest_identity() -> int:
    """The highest number that an identity was ever given; 0 before the first."""
    following = models.NextId.objects.filter(kind="identity").values_list("next", flat=True)
    return (following.first() or 1) - 1


def count() -> int:
    """How many people there are."""
    return models.Customer.objects.filter(merged_into__isnull=True).count()


_Question = Callable[[int], list[int]]


def _questions(text: str, words: str) -> Iterator[_Question]:
    yield partial(_numbered, words)
    for column in ("email", "search_name", "search_kana"):
        yield partial(_beginning, column, text)
    tail = rules.phone_tail(text)
    if len(tail) >= 4:
        # 090… is kept as +8190…
        yield partial(_beginning, "search_phone", tail[:-1] if tail.endswith("0") else tail)
    if pairs := [pair for pair in rules.grams(text) if not _PUNCTUATION.fullmatch(pair)]:
        yield partial(_inside, text, sorted(set(pairs)))


def _numbered(number: str, limit: int) -> list[int]:
    keys = [f"n:{row.id}:{number}" for row in stores()]
    owners = models.Identity.objects.filter(key__in=keys).values("customer_id")
    there = models.Customer.objects.filter(pk__in=owners, merged_into__isnull=True)
    return list(there.order_by("pk").values_list("pk", flat=True)[:limit])


def _beginning(column: str, text: str, limit: int) -> list[int]:
    """In the order of the index, so that the database stops when it has enough."""
    least, below, order = _COMPARED[connection.vendor]
    # The column is one of four of our own.
    query = f"""
        SELECT id FROM customers_customer
        WHERE {column} {least} %s AND {column} {below} %s AND merged_into_id IS NULL
        ORDER BY {column} {order}, id LIMIT %s
    """  # noqa: S608
    return _ids(query, text, text + _LAST, limit)


def _inside(text: str, pairs: list[str], limit: int) -> list[int]:
    """Whoever has each of the pairs, and of those who has them in this order."""
    if connection.vendor == "sqlite":
        quoted = ('"' + pair.replace('"', '""') + '"' for pair in pairs)
        return _ids(
            "SELECT id FROM customers_grams CROSS JOIN customers_customer "
            "ON customers_customer.id = customers_grams.rowid "
            "WHERE customers_grams MATCH %s AND merged_into_id IS NULL "
            "AND (instr(search_name, %s) OR instr(search_kana, %s)) "
            "ORDER BY customers_grams.rowid LIMIT %s",
            " AND ".join(quoted),
            text,
            text,
            limit,
        )
    # The inner limit: of a pair that a tenth of all people have, not all are put in order.
    return _ids(
        "SELECT id FROM (SELECT id FROM customers_customer "
        "WHERE string_to_array(search_grams, ' ') @> %s AND merged_into_id IS NULL "
        "AND (strpos(search_name, %s) > 0 OR strpos(search_kana, %s) > 0) LIMIT %s"
        ") AS those ORDER BY id LIMIT %s",
        pairs,
        text,
        text,
        _ORDERED_AT_ONCE,
        limit,
    )


def _ids(query: str, *values: str | int | list[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


_KINDS = {"n": "number", "u": "user", "e": "email", "p": "phone"}


def _value(row: models.Identity) -> str:
    if row.key[0] in "nu":
        return row.key.split(":", 2)[2]
    return row.key.split(":", 1)[1].split("|")[0]


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
