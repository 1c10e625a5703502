"""Two customers made one by a person, or parted again exactly; what a person said is remembered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import models as orm
from django.db import transaction

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.services.merging import (
    Pair,
    fill_again,
    merge_pairs,
    move_identities,
    take_back_fields,
)
from joren.core import clock
from joren.core.ids import CustomerId
from joren.plumbing import outbox
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.protect.consent.services import hand_on_refusals

PATIENCE: Final = 20.0
"""Seconds that somebody waits for an import to end."""


@contextmanager
def _alone() -> Iterator[None]:
    """One transaction, while no import decides whose an identity is."""
    with warehouse().journal.pen(wait=PATIENCE), transaction.atomic():
        yield


@_alone()
def merge_customers(one: CustomerId, other: CustomerId, *, by: str, why: str = "") -> int:
    """Make the younger of two part of the older; returns the number of the merge."""
    winner, loser = _two(one, other)
    _lift(winner, loser)
    double = models.Double.objects.filter(one_id=winner, other_id=loser).first()
    evidence = rules.evidence_in(double.evidence) if double else ()
    moved = list(models.Identity.objects.filter(customer_id=loser).values_list("pk", flat=True))
    (number,) = merge_pairs([Pair(winner, loser, moved)], by=by, why=why, evidence=evidence)
    audit.record(
        "customers.merged",
        actor=by,
        subject_kind="customer",
        subject_id=winner,
        loser=loser,
        merge=number,
    )
    outbox.put("customers.merged", customer=winner, loser=loser, merge=number, by=by)
    return number


@_alone()
def undo_merge(merge_id: int, *, by: str) -> None:
    """Give the loser back what was theirs; the pair is not merged again by itself."""
    merge = models.Merge.objects.select_for_update().filter(pk=merge_id).first()
    if merge is None:
        raise contracts.NoSuchMerge(f"no merge {merge_id}")
    if merge.undone_at is not None:
        raise contracts.AlreadyUndone(f"merge {merge_id} was undone at {merge.undone_at:%Y-%m-%d}")
    part_again(merge)
    merge.undone_at, merge.undone_by = clock.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    fill_again(merge.winner_id)
    _remember(merge.winner_id, merge.loser_id, by=by, why=f"merge {merge_id} was undone")
    audit.record(
        "customers.merge_undone",
        actor=by,
        subject_kind="customer",
        subject_id=merge.winner_id,
        merge=merge_id,
    )
    outbox.put("customers.merge_undone", customer=merge.winner_id, merge=merge_id, by=by)


@_alone()
def keep_apart(one: CustomerId, other: CustomerId, *, by: str, why: str = "") -> None:
    """Remember for ever that these are two people; said again, nothing changes."""
    older, younger = _two(one, other)
    _remember(older, younger, by=by, why=why)
    audit.record(
        "customers.kept_apart",
        actor=by,
        subject_kind="customer",
        subject_id=older,
        other=younger,
    )


def part_again(merge: models.Merge) -> None:
    """As before that merge, whatever was merged or parted in the meantime."""
    # The winner may be part of somebody else by now, who has the identities.
    now = _now(merge.winner_id)
    for one in {now, merge.winner_id}:  # nobody knows which of the two refused it
        hand_on_refusals(one, to=merge.loser_id, since=merge.at)
    move_identities(merge.identities, to=merge.loser_id, at=now)
    take_back_fields(merge)
    models.Customer.objects.filter(pk=merge.loser_id).update(merged_into=None)


def _two(one: CustomerId, other: CustomerId) -> tuple[int, int]:
    """The older and the younger of the two, as they are now; nobody else changes them meanwhile."""
    ids = sorted({_now(one), _now(other)})
    if len(ids) < 2:
        raise contracts.SameCustomer(f"customers {one} and {other} are one already")
    locked = models.Customer.objects.select_for_update().filter(pk__in=ids)
    if len(locked.values_list("pk")) < 2:
        raise contracts.NoSuchCustomer(f"no customer {one} or {other}")
    return ids[0], ids[1]


def _now(customer_id: int) -> int:
    """Who that is now."""
    into: int | None = customer_id
    while into is not None:
        customer_id = into
        row = models.Customer.objects.filter(pk=customer_id)
        into = row.values_list("merged_into_id", flat=True).first()
    return customer_id


def _own_key(customer_id: int) -> str | None:
    """The first of theirs, which another has now if they were made part of that one."""
    now = _now(customer_id)
    theirs = models.Identity.objects.filter(customer_id=now).order_by("pk")
    keys = theirs.values_list("key", flat=True)
    if now != customer_id:
        merge = models.Merge.objects.filter(loser_id=customer_id, undone_at=None).last()
        if merge and (own := keys.filter(pk__in=merge.identities).first()):
            return own
    return keys.first()


def _remember(one: int, other: int, *, by: str, why: str) -> None:
    """The winner of a merge may be part of somebody else by now, and a pair is of who they are."""
    older, younger = sorted(map(_now, (one, other)))
    models.Double.objects.filter(one_id=older, other_id=younger).delete()
    keys = sorted(key for key in map(_own_key, (one, other)) if key)
    if len(keys) == 2:
        models.Apart.objects.get_or_create(
            one_key=keys[0],
            other_key=keys[1],
            defaults={"by": by, "why": why, "at": clock.now()},
        )


def _lift(one: int, other: int) -> None:
    """Whoever joins two that were kept apart knows better now."""
    ours, theirs = _keys(one), _keys(other)
    between = orm.Q(one_key__in=ours, other_key__in=theirs) | orm.Q(
        one_key__in=theirs, other_key__in=ours
    )
    models.Apart.objects.filter(between).delete()


def _keys(customer_id: int) -> Sequence[str]:
    return list(
        models.Identity.objects.filter(customer_id=customer_id).values_list("key", flat=True)
    )
