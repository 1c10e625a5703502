"""Questions about campaigns: which there are, what became of them, and which are too close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final

from joren.act.campaigns import models
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
    rows = models.Campaign.objects.order_by("-send_at", "-pk")[:limit]
    return [read(row) for row in sorted(rows, key=lambda row: row.send_at is not None)]


def campaign(number: int) -> Campaign:
    """One of them."""
    row = models.Campaign.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchCampaign(f"there is no campaign {number}", hint="joren campaigns list")
    return read(row)


def counts(number: int) -> dict[tuple[str, str, str], int]:
    """(variant, state, reason) of all rows that the ledger has of it, with how many."""
    return messages.counts_of(SOURCE, number)


def collisions(among: Sequence[Campaign]) -> list[Collision]:
    """Pairs within a week of each other whose audiences share customers now, most first."""
    timed = [one for one in among if one.plan.send_at and one.state != "cancelled"]
    found = []
    for one, other in combinations(sorted(timed, key=lambda each: str(each.plan.send_at)), 2):
        if one.plan.send_at is None or other.plan.send_at is None:
            continue
        apart = other.plan.send_at - one.plan.send_at
        if apart > CLOSE:
            continue
        rules = [segments.rule_of(segments.segment(each.plan.segment)) for each in (one, other)]
        both = segments.size(All(tuple(rules)))
        if both:
            found.append(Collision(one, other, both, apart.total_seconds() / 3600))
    return sorted(found, key=lambda each: -each.customers)


def read(row: models.Campaign) -> Campaign:
    """A row in the words of this room."""
    return Campaign(
        id=row.pk,
        plan=Plan(
            row.name, row.segment_id, tuple(Variant(**one) for one in row.variants), row.send_at,
            row.expires_hours, row.share, row.reason,
        ),
        state=row.state,  # type: ignore[arg-type]  # the database keeps to STATES
        made_by=row.made_by,
        changed_at=row.changed_at,
        holdout=row.holdout_id,
        asked=row.asked,
        begun_at=row.begun_at,
        done_at=row.done_at,
        trouble=row.trouble,
    )  # fmt: skip
