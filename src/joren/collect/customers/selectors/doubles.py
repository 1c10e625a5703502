"""Questions about people who may be one, and about those who are not."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from django.db import connection
from django.db.models import Count, Q, QuerySet

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.facts import as_now, replaced
from joren.core.ids import CustomerId
from joren.plumbing.bulk import columns_of
from joren.plumbing.cursor import Slice, decode, encode

_APART = """
    SELECT one.customer_id, other.customer_id FROM customers_apart
    JOIN customers_identity AS one ON one.key = one_key
    JOIN customers_identity AS other ON other.key = other_key
    WHERE one.customer_id <> other.customer_id
"""


_HOUSEHOLDS: Final = pa.schema([("customer_id", pa.int64()), ("household", pa.int64())])


def households() -> pa.Table:
    """(customer_id, household) of those who may be one person with somebody, or live with them, as
    pairs that wait say; by number. The household is the number of its oldest.

    Nobody is merged by it: it is for what has to fall upon all of them alike. What more people
    hang together by than ``MOST_ALIKE`` is no household.
    """
    parts = [*columns_of(models.Double, ["one_id", "other_id"])]
    if not parts:
        return _HOUSEHOLDS.empty_table()
    pairs = pa.concat_tables(parts)
    ends = np.concatenate([pairs["one_id"].to_numpy(), pairs["other_id"].to_numpy()])
    ids, places = np.unique(as_now(ends), return_inverse=True)
    left, right = np.split(places, 2)
    _, first, group, size = np.unique(
        rules.groups(ids.size, left, right),
        return_index=True, return_inverse=True, return_counts=True,
    )  # fmt: skip
    small = (size[group] > 1) & (size[group] <= rules.MOST_ALIKE)
    return pa.table([ids[small], ids[first][group][small]], schema=_HOUSEHOLDS)


def household_of(ids: rules.Ints, known: pa.Table) -> rules.Ints:
    """The household of each customer, or themselves; ``known`` is ``households``."""
    return replaced(ids, known, "household")


def kept_apart() -> frozenset[tuple[int, int]]:
    """The pairs of customers of whom somebody said that they are two; the older first."""
    with connection.cursor() as cursor:
        cursor.execute(_APART)
        return frozenset((min(pair), max(pair)) for pair in cursor.fetchall())


def doubles(
    *, likelihood: contracts.Likelihood | None = None, after: str = "", limit: int = 50
) -> Slice[contracts.Double]:
    """Pairs that wait for somebody's decision, those first for whom most speaks."""
    rows = _waiting() if likelihood is None else _waiting().filter(_likely(likelihood))
    if after:
        score, number = decode(after, size=2)
        rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=number))
    found = list(rows.order_by("-score", "pk")[: limit + 1])
    shown = tuple(map(_double, found[:limit]))
    more = len(found) > limit
    return Slice(shown, encode(found[limit - 1].score, found[limit - 1].pk) if more else "")


def doubles_waiting() -> dict[contracts.Likelihood, int]:
    """How many pairs wait, by how likely they are one."""
    counts = {kind: Count("pk", filter=_likely(kind)) for kind in rules.LIKELIHOODS}
    found = _waiting().aggregate(**counts)
    return {kind: found[kind] for kind in rules.LIKELIHOODS}


def doubles_of(customer_id: CustomerId) -> list[contracts.Double]:
    """Whom this customer may be one with, or share a household with."""
    mine = _waiting().filter(Q(one_id=customer_id) | Q(other_id=customer_id))
    return [_double(row) for row in mine.order_by("-score", "pk")]


def double(number: int) -> contracts.Double:
    """One pair."""
    row = _waiting().filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchDouble(f"no pair {number} waits")
    return _double(row)


def _waiting() -> QuerySet[models.Double]:
    # Whoever was merged is asked for, and not each pair's two, whose rows lie all over the table.
    gone = models.Customer.objects.filter(merged_into__isnull=False).values("pk")
    return models.Double.objects.exclude(one__in=gone).exclude(other__in=gone)


def _likely(likelihood: contracts.Likelihood) -> Q:
    household = Q(evidence=rules.BITS["family_postal"])
    match likelihood:
        case "household":
            return household
        case "very_likely":
            return ~household & Q(score__gte=rules.VERY_LIKELY)
        case "likely":
            return ~household & Q(score__gte=rules.LIKELY, score__lt=rules.VERY_LIKELY)
        case "perhaps":
            return ~household & Q(score__lt=rules.LIKELY)


def _double(row: models.Double) -> contracts.Double:
    evidence = rules.evidence_in(row.evidence)
    return contracts.Double(
        row.pk,
        CustomerId(row.one_id),
        CustomerId(row.other_id),
        evidence,
        row.score,
        rules.likelihood(evidence, row.score),
        row.found_at,
    )
