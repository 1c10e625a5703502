"""People found by words, of which the database knows keyed hashes only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.keyring import hashed_key, opened, vault
from joren.collect.customers.selectors.people import customers_among
from joren.collect.customers.selectors.stores import stores
from joren.core.ids import CustomerId

_AT_ONCE: Final = 2_000
_LOOKED_AT: Final = 20_000
"""Of more people who have the same characters in another order, the rest is not looked at."""
_LAST_DIGITS: Final = 4

_Fits = Callable[[pa.Table], pa.Array]  # of some people's contacts, which of them it is
_Question = Callable[[int], list[int]]


def found(words: str, *, limit: int) -> list[CustomerId]:
    """Whoever the words find, at most so many: first those whose number, id or e-mail they are or
    were, then those whose name or kana begins or whose phone ends so, then those with them inside
    a name or kana; each in the order in which people came. Whoever was merged into another is
    found as that one.
    """
    words = words.replace("\0", "")  # which PostgreSQL keeps in no text
    text = rules.searchable(words)
    if not text:
        return []
    ids: dict[int, None] = {}
    for ask in _questions(text, words.strip()):
        ids |= dict.fromkeys(_as_they_are_now(ask(limit)))
        if len(ids) >= limit:
            break
    return [CustomerId(pk) for pk in islice(ids, limit)]


def search(words: str, *, limit: int = 50) -> list[contracts.Customer]:
    """The first of those whom the words find."""
    ids = found(words, limit=limit)
    known = customers_among(ids)
    return [known[one] for one in ids]


def _questions(text: str, words: str) -> Iterator[_Question]:
    yield partial(_known_as, words, text)
    yield partial(
        _by_token, "email_token", text, lambda contacts: pc.equal(contacts["email"], text)
    )
    yield partial(_with_pairs, vault().pairs(text, begins=True), _begins(text))
    tail = rules.phone_tail(text)
    if len(tail) >= _LAST_DIGITS:
        # 090… is kept as +8190…
        asked = tail[:-1] if tail.endswith("0") and len(tail) > _LAST_DIGITS else tail
        yield partial(_by_token, "tail_token", tail[:_LAST_DIGITS], _ends(asked))
    if pairs := vault().pairs(text, begins=False):
        yield partial(_with_pairs, pairs, _inside(text))


def _begins(text: str) -> _Fits:
    return _named(lambda names: pc.starts_with(names, text))


def _inside(text: str) -> _Fits:
    return _named(lambda names: pc.match_substring(names, text))


def _ends(tail: str) -> _Fits:
    return lambda contacts: pc.starts_with(rules.phone_tail_column(contacts["phone"]), tail)


def _named(fits: Callable[[pa.Array], pa.Array]) -> _Fits:
    """By the name or by its kana, as these are searched."""

    def either(contacts: pa.Table) -> pa.Array:
        names, kana = (
            fits(rules.searchable_column(contacts[column])) for column in ("name", "name_kana")
        )
        return pc.or_(names, kana)

    return either


def _as_they_are_now(ids: Sequence[int]) -> list[int]:
    """Of the merged, the people whom they were found to be."""
    now, merged = list(ids), models.Customer.objects.filter(merged_into__isnull=False)
    while into := dict(merged.filter(pk__in=set(now)).values_list("pk", "merged_into_id")):
        now = [into.get(pk, pk) or pk for pk in now]
    return now


def _known_as(words: str, text: str, limit: int) -> list[int]:
    """By what is kept of each way in which somebody was ever known: numbers, ids, addresses."""
    keys = [f"{kind}:{row.id}:{words}" for row in stores() for kind in "nu"]
    keys = [hashed_key(key) for key in (*keys, f"l:{words}", f"e:{text}")]
    owners = models.Identity.objects.filter(key__in=keys).values("customer_id")
    there = models.Customer.objects.filter(pk__in=owners, merged_into__isnull=True)
    return list(there.order_by("pk").values_list("pk", flat=True)[:limit])


def _by_token(column: str, text: str, fits: _Fits, limit: int) -> list[int]:
    token = vault().token(text)

    def after(last: int) -> list[int]:
        there = models.Customer.objects.filter(**{column: token}, pk__gt=last)
        return list(there.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])

    return _fitting(after, fits, limit)


def _with_pairs(pairs: Sequence[str], fits: _Fits, limit: int) -> list[int]:
    """Whoever has each of the pairs, and of those who has them in this order."""
    if connection.vendor == "sqlite":
        query = (
            "SELECT id FROM customers_grams CROSS JOIN customers_customer "
            "ON customers_customer.id = customers_grams.rowid "
            "WHERE customers_grams MATCH %s AND customers_grams.rowid > %s "
            "ORDER BY customers_grams.rowid LIMIT %s"
        )
        asked: str | list[str] = " AND ".join(f'"{pair}"' for pair in pairs)
    else:
        query = (
            "SELECT id FROM customers_customer WHERE string_to_array(search_grams, ' ') @> %s "
            "AND id > %s ORDER BY id LIMIT %s"
        )
        asked = list(pairs)

    def after(last: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(query, [asked, last, _AT_ONCE])
            return [row[0] for row in cursor.fetchall()]

    return _fitting(after, fits, limit)


def _fitting(after: Callable[[int], list[int]], fits: _Fits, limit: int) -> list[int]:
    """Those among them who fit, opened some at a time."""
    kept: list[int] = []
    last, looked = -(2**62), 0
    while len(kept) < limit and looked < _LOOKED_AT and (ids := after(last)):
        rows = models.Customer.objects.filter(pk__in=ids).order_by("pk")
        numbers, sealed = zip(*rows.values_list("pk", "sealed"), strict=True)
        there = pa.array(numbers, pa.int64())
        contacts = opened(pa.table({"id": there, "sealed": pa.array(sealed)}))
        kept += there.filter(pa.chunked_array(fits(contacts)).combine_chunks()).to_pylist()
        last, looked = ids[-1], looked + len(ids)
    return kept[:limit]
