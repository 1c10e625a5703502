"""People found by words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from django.db import connection

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.people import customers_among
from joren.collect.customers.selectors.stores import stores
from joren.core.ids import CustomerId

_LAST = "\U0010ffff"
_PUNCTUATION = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")  # what SQLite's tokenizer leaves out
_COMPARED = {"sqlite": (">=", "<", ""), "postgresql": ("~>=~", "~<~", "USING ~<~")}  # by code point
_ORDERED_AT_ONCE = 20_000


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
