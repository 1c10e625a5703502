"""Questions about relations, and about the one product that goes with what somebody bought."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db.models import Q

from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import PRODUCTS
from joren.collect.products import models
from joren.collect.products.contracts import NoSuchRelation, Pair, Relation, Suggestion
from joren.collect.products.rules import suggested
from joren.plumbing.warehouse import warehouse

_AT_ONCE: Final = 500


def relations(*, search: str = "", after: int = 0, limit: int = 100) -> list[Relation]:
    """Some of them in the order in which they were kept; ``search`` is part of a code of either."""
    rows = models.Relation.objects.filter(pk__gt=after).order_by("pk")
    if search := search.strip():
        rows = rows.filter(Q(sku__icontains=search) | Q(other__icontains=search))
    return _told(list(rows[:limit]))


def relation(number: int) -> Relation:
    row = models.Relation.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchRelation(f"there is no relation {number}", hint="joren products relations")
    return _told([row])[0]


def count() -> int:
    return models.Relation.objects.count()


def pairs_about(skus: Collection[str]) -> list[Pair]:
    """Every pair that one of these products is in."""
    ids, found = sorted({*skus}), []
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        rows = models.Relation.objects.filter(Q(sku__in=some) | Q(other__in=some)).order_by("pk")
        found += [_pair(row) for row in rows]
    return list(dict.fromkeys(found))


def suggestions(
    bought: Mapping[int, Sequence[str]], owned: Mapping[int, Collection[str]]
) -> dict[int, Suggestion]:
    """By customer the one product for them; whoever has none is left out."""
    by_sku: dict[str, list[Pair]] = {}
    for pair in pairs_about({one for some in bought.values() for one in some}):
        for one in (pair.sku, pair.other):
            by_sku.setdefault(one, []).append(pair)
    found = {}
    for customer, skus in bought.items():
        theirs = dict.fromkeys(pair for sku in skus for pair in by_sku.get(sku, ()))
        if best := suggested(skus, owned.get(customer, ()), theirs):
            found[customer] = best
    return found


def names_of(skus: Collection[str]) -> dict[str, str]:
    """What the catalogue calls them; who is not in it is left out."""
    house = warehouse()
    if not skus or not house.lake.files(PRODUCTS):
        return {}

    def named() -> Any:
        every = facts.products(house)
        theirs = every.semi_join(house.questions.given("sku", "string"), "sku")
        return theirs.filter(theirs.name.notnull()).select("sku", "name")

    rows = house.questions.rows("names_of_products", named, sku=sorted({*skus}))
    return {row["sku"]: row["name"] for row in rows}


def _told(rows: Sequence[models.Relation]) -> list[Relation]:
    names = names_of({sku for row in rows for sku in (row.sku, row.other)})
    return [
        Relation(
            row.pk, _pair(row),
            row.source,  # type: ignore[arg-type]  # the constraint keeps it to these
            row.made_by, row.made_at, names.get(row.sku, ""), names.get(row.other, ""),
        )
        for row in rows
    ]  # fmt: skip


def _pair(row: models.Relation) -> Pair:
    return Pair(row.sku, row.kind, row.other, row.place)  # type: ignore[arg-type]  # the constraint keeps it to the kinds
