"""Customers made one, many at once: what moves is written down, so that it can be undone exactly.

The loser stays as they were, but for their identities and a note of whom they are part of now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db import transaction

from joren.collect.customers import models
from joren.collect.customers.services.fields import FIELDS, fields_of, write_fields
from joren.core import clock

_AT_ONCE: Final = 500


class Pair(NamedTuple):
    """``identities`` are the loser's."""

    winner: int
    loser: int
    identities: Sequence[int]


@transaction.atomic
def merge_pairs(
    pairs: Sequence[Pair],
    *,
    by: str,
    evidence: Sequence[str],
    why: str = "",
    import_id: int | None = None,
) -> list[int]:
    """Make each loser part of their winner; returns the numbers of the merges."""
    known = fields_of({one for pair in pairs for one in (pair.winner, pair.loser)})
    filled = [_filled(known, pair) for pair in pairs]
    made = models.Merge.objects.bulk_create(
        models.Merge(
            import_id=import_id,
            winner_id=pair.winner,
            loser_id=pair.loser,
            identities=list(pair.identities),
            filled=names,
            by=by,
            why=why,
            evidence=list(evidence),
            at=clock.now(),
        )
        for pair, names in zip(pairs, filled, strict=True)
    )
    write_fields({pair.winner: known[pair.winner] for pair in pairs if pair.winner in known})
    for pair in pairs:
        move_identities(pair.identities, to=pair.winner)
        models.Customer.objects.filter(pk=pair.loser).update(merged_into_id=pair.winner)
    return [merge.pk for merge in made]


def move_identities(ids: Sequence[int], *, to: int, at: int | None = None) -> None:
    """Give the identities to that customer; with ``at`` those alone that are that one's now."""
    for start in range(0, len(ids), _AT_ONCE):
        there = models.Identity.objects.filter(pk__in=ids[start : start + _AT_ONCE])
        there = there if at is None else there.filter(customer_id=at)
        there.update(customer_id=to)


def take_back_fields(merge: models.Merge) -> None:
    """Empty what the winner had from the loser, unless it has become something else since.

    Whoever the winner was made part of may have had it from there; and another loser may have what
    the winner lacks now: all is as if this merge had never been.
    """
    known = fields_of({merge.winner_id, merge.loser_id})
    theirs, names = known[merge.loser_id], list(merge.filled)
    while merge.undone_at is None and names:
        _take_back(merge.winner_id, theirs, names)
        upper = models.Merge.objects.filter(
            loser_id=merge.winner_id, undone_at__isnull=True
        ).first()
        if upper is None:
            return
        had, merge = names, upper
        names = [name for name in had if name in upper.filled]
        upper.filled = [name for name in upper.filled if name not in had]
        upper.save(update_fields=["filled"])


def _take_back(winner: int, theirs: Mapping[str, Any], names: Sequence[str]) -> None:
    ours = fields_of({winner})[winner]
    ours |= {name: FIELDS[name] for name in names if ours[name] == theirs[name]}
    write_fields({winner: ours})


def fill_again(winner: int) -> None:
    """Fill what the winner lacks from those who are part of them still, oldest merge first."""
    merges = models.Merge.objects.filter(winner_id=winner, undone_at__isnull=True).order_by("pk")
    for merge in merges:
        known = fields_of({winner, merge.loser_id})
        if names := _filled(known, Pair(winner, merge.loser_id, ())):
            merge.filled = [*merge.filled, *names]
            merge.save(update_fields=["filled"])
            write_fields({winner: known[winner]})


def _filled(known: Mapping[int, dict[str, Any]], pair: Pair) -> list[str]:
    """Fill what the winner lacks and the loser has; returns the names of those fields."""
    ours, theirs = known.get(pair.winner), known.get(pair.loser)
    if ours is None or theirs is None:
        return []
    names = [name for name, empty in FIELDS.items() if ours[name] == empty != theirs[name]]
    ours |= {name: theirs[name] for name in names}
    return names
