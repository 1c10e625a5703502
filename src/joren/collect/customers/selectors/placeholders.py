"""Questions about contacts that name nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import pyarrow as pa

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.keyring import hashed_key, unseal_texts, vault
from joren.collect.customers.selectors.people import customers_among
from joren.plumbing.bulk import rows_with
from joren.plumbing.cursor import Slice, decode, encode

_TAIL: Final = 4
_MANY: Final = 500


def placeholders() -> tuple[contracts.Placeholder, ...]:
    """All that are listed, newest first; those too of which somebody said that they are real."""
    return _told(list(models.Placeholder.objects.order_by("-at", "-pk")))


def placeholders_page(*, after: str = "", limit: int = 50) -> Slice[contracts.Placeholder]:
    """The same, some at a time; those first that came upon the list last."""
    rows = models.Placeholder.objects.order_by("-pk")
    if after:
        (number,) = decode(after, size=1)
        rows = rows.filter(pk__lt=number)
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return Slice(_told(found[:limit]), encode(found[limit - 1].pk) if more else "")


def placeholders_of(contacts: Iterable[str], *, but: Collection[int]) -> set[int]:
    """The numbers of those listed (``e:``, ``p:``) that nobody has but these customers."""
    hashed = {hashed_key(one): one for one in contacts}
    rows = models.Placeholder.objects.filter(key__in=hashed)
    return {row.pk for row in rows if not _others_have(hashed[row.key], but)}


def _others_have(key: str, but: Collection[int]) -> bool:
    kind, _, contact = key.partition(":")
    if kind == "e":
        token = {"email_token": vault().token(contact.lower())}
    else:
        token = {"tail_token": vault().token(rules.phone_tail(contact)[:_TAIL])}
    rows = models.Customer.objects.filter(**token).exclude(pk__in=but).order_by("pk")
    if kind == "e":
        return rows.exists()
    # Of a phone the last digits are indexed alone; what very many end in is nobody's own.
    some = list(rows.values_list("pk", flat=True)[: _MANY + 1])
    return len(some) > _MANY or any(one.phone == contact for one in customers_among(some).values())


def _told(rows: Sequence[models.Placeholder]) -> tuple[contracts.Placeholder, ...]:
    said = unseal_texts([row.key for row in rows], [row.sealed for row in rows])
    return tuple(
        contracts.Placeholder(key, row.real, row.numbers, row.by, row.why, row.at)
        for row, key in zip(rows, said, strict=True)
    )


def placeholders_found() -> int:
    """How many of them joren came upon by itself, and nobody says otherwise."""
    return models.Placeholder.objects.filter(real=False, numbers__isnull=False).count()


def those_who_name_nobody(keys: Iterable[str]) -> set[str]:
    """Which of these (``e:``, ``p:``) are nobody's, by the list or by their looks."""
    hashed = {hashed_key(key): key for key in keys}
    wanted = pa.array(list(hashed), pa.string())
    listed = rows_with(models.Placeholder, "key", wanted, ["key", "real"])
    said = zip(listed["key"].to_pylist(), listed["real"].to_pylist(), strict=True)
    real = {hashed[key]: one for key, one in said}
    return {key for key in hashed.values() if not real.get(key, not rules.names_nobody(key))}
