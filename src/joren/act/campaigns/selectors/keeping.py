"""Questions about campaigns: which there are, what became of them, and which are too close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

import pyarrow as pa
from django.db.models import F

from joren.act.campaigns import models, rules
from joren.act.campaigns.contracts import (
    SOURCE,
    Campaign,
    Collision,
    NoSuchCampaign,
    Plan,
    Variant,
)
from joren.act.messages import selectors as messages
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import All

CLOSE: Final = timedelta(days=7)


def campaigns(*, limit: int = 200) -> list[Campaign]:
    """The newest of them, by the moment of sending; drafts without one first."""
    newest = F("send_at").desc(nulls_first=True)
    return [read(row) for row in models.Campaign.objects.order_by(newest, "-pk")[:limit]]


def campaign(number: int) -> Campaign:
    """One of them."""
    row = models.Campaign.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchCampaign(f"there is no campaign {number}", hint="joren campaigns list")
    return read(row)


def that_send(template: int) -> list[str]:
    """The names of campaigns that are scheduled or under way and send it."""
    rows = models.Campaign.objects.filter(state__in=("scheduled", "sending", "testing"))
    return [
        row.name
        for row in rows.order_by("pk")
        if any(one.template == template for one in read(row).plan.variants)
    ]


def under(holdouts: Sequence[int]) -> dict[int, tuple[int, str]]:
    """(number, name) of the campaign of each of these holdouts that has one."""
    rows = models.Campaign.objects.filter(holdout_id__in=list(holdouts)).order_by("pk")
    found = rows.values_list("holdout_id", "pk", "name")
    return {lot: (pk, name) for lot, pk, name in found if lot is not None}


def messages_under(holdouts: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The numbers of the messages of the campaign of each of these holdouts that has one."""
    rows = models.Campaign.objects.filter(holdout_id__in=list(holdouts)).order_by("pk")
    return {
        row.holdout_id: tuple(sorted({one.template for one in read(row).plan.variants}))
        for row in rows
        if row.holdout_id is not None
    }


def compared() -> list[Campaign]:
    """Those that tried several messages beside each other, the newest first."""
    rows = models.Campaign.objects.exclude(begun_at=None).order_by("-begun_at", "-pk")
    return [one for one in map(read, rows) if len(one.plan.variants) > 1]


def tried(number: int) -> pa.Table:
    """(customer_id, variant from 1 on) of everybody in the test who was not left out by lot, as
    they were drawn: whether or not anything reached them."""
    row = models.Campaign.objects.get(pk=number)
    asked = messages.asked_by_step(SOURCE, number)
    mine = rules.in_test(asked["asked_as"].to_pylist(), row.test_share, row.salt)
    named = asked.select(["customer_id", "step"]).rename_columns(["customer_id", "variant"])
    return named.filter(pa.array(mine, pa.bool_()))


def timed(number: int) -> pa.Table:
    """(customer_id, variant, waited) of everybody who was not left out by lot: 1 got it at the
    usual hour, 2 at one of their own; ``waited`` while a part tried its messages."""
    row = models.Campaign.objects.get(pk=number)
    asked = messages.asked_by_step(SOURCE, number)
    who = asked["asked_as"].to_pylist()
    usual = rules.at_usual_hour(who, row.usual_part, row.salt)
    first = rules.in_test(who, row.test_share, row.salt)
    return pa.table(
        {
            "customer_id": asked["customer_id"],
            "variant": pa.array([1 if one else 2 for one in usual], pa.int64()),
            "waited": pa.array([not one for one in first], pa.bool_()),
        }
    )


def waited(holdout: int, customers: Sequence[int]) -> tuple[list[bool], datetime | None] | None:
    """Who of these, as they were drawn, waited while a part of the audience tried the messages, in
    either arm; and since when the rest gets them. None where everybody got them at once."""
    row = models.Campaign.objects.filter(holdout_id=holdout, test_share__lt=1).first()
    if row is None:
        return None
    first = rules.in_test(customers, row.test_share, row.salt)
    return [not one for one in first], row.rest_begun_at


def counts(number: int) -> dict[tuple[str, str, str], int]:
    """(variant, state, reason) of all rows that the ledger has of it, with how many."""
    return messages.counts_of(SOURCE, number)


def collisions(among: Sequence[Campaign]) -> list[Collision]:
    """Pairs within a week of each other whose audiences share customers now, most first."""
    timed = [(one.plan.send_at, one) for one in among if one.plan.send_at]
    timed = [(at, one) for at, one in timed if one.state != "cancelled"]
    found = []
    shared: dict[frozenset[int], int] = {}  # asked of the warehouse once for two segments
    for (at, one), (later, other) in combinations(sorted(timed, key=lambda each: each[0]), 2):
        apart = later - at
        if apart > CLOSE:
            continue
        pair = frozenset((one.plan.segment, other.plan.segment))
        if pair not in shared:
            rules = [segments.rule_of(segments.segment(number)) for number in sorted(pair)]
            shared[pair] = segments.size(All(tuple(rules)))
        if both := shared[pair]:
            found.append(Collision(one, other, both, apart.total_seconds() / 3600))
    return sorted(found, key=lambda each: -each.customers)


def read(row: models.Campaign) -> Campaign:
    """A row in the words of this room."""
    return Campaign(
        id=row.pk,
        plan=Plan(
            row.name, row.segment_id, tuple(Variant(**one) for one in row.variants), row.send_at,
            row.expires_hours, row.share, row.reason, row.test_share, row.look_days,
            row.sends_winner, row.own_hour, row.usual_part,
            row.their_clock, row.most, row.most_cost,
        ),
        state=row.state,  # type: ignore[arg-type]  # the database keeps to STATES
        made_by=row.made_by,
        changed_at=row.changed_at,
        holdout=row.holdout_id,
        asked=row.asked,
        begun_at=row.begun_at,
        done_at=row.done_at,
        trouble=row.trouble,
        winner=row.winner,
        rest_begun_at=row.rest_begun_at,
    )  # fmt: skip
