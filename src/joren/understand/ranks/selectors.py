"""Questions about ranks: what a snapshot says, who moved, which bounds hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter

from joren.collect.quality.selectors import verdicts_in
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.understand.ranks import models
from joren.understand.ranks.contracts import (
    CUSTOMER_RANKS,
    ROOM,
    WAYS,
    NoRanksYet,
    NoSuchGroup,
    RankMove,
    RankMovement,
    RankReport,
    RankRules,
    RankRulesSince,
    Standing,
    VipBounds,
    Way,
)
from joren.understand.ranks.rules import counting, settings
from joren.warehouse import Snapshot, Warehouse

REPORT = "ranks"
_reports = TypeAdapter(RankReport)
_rules = TypeAdapter(RankRules)
_standings = TypeAdapter(Standing)


def rank_report(snapshot: Snapshot) -> RankReport:
    """What a snapshot says of ranks."""
    found = report_in(warehouse(), snapshot)
    if found is None:
        raise NoRanksYet(f"the snapshot of {snapshot.as_of} holds no ranks", hint="joren refresh")
    return found


def report_in(house: Warehouse, snapshot: Snapshot) -> RankReport | None:
    """The same; None where the snapshot has none."""
    found = house.snapshots.figure(snapshot.id, ROOM, REPORT, _reports.validate_python)
    if found is None:
        return None
    enough = verdicts_in(house, snapshot, "rfm")
    moved = found.movement
    return replace(found, verdicts=enough, movement=moved and replace(moved, verdicts=enough))


def vip_bounds_in(document: Mapping[str, Any]) -> VipBounds:
    """What makes a VIP by the document of a refresh that goes on."""
    return _reports.validate_python(document).vip.bounds


def movement(before: Snapshot, after: Snapshot) -> RankMovement:
    """効果推移: who went where between two snapshots."""
    house = warehouse()
    files = house.lake.files(CUSTOMER_RANKS, snapshot=before.id)
    moves = house.snapshots.once(
        after.id, (CUSTOMER_RANKS,), ("movement", files), lambda: _moves(house, before, after)
    )
    return RankMovement(before.as_of, after.as_of, moves, verdicts_in(house, after, "rfm"))


def _moves(house: Warehouse, before: Snapshot, after: Snapshot) -> dict[Way, tuple[RankMove, ...]]:
    with house.engine.session() as session:
        pairs = session.hold(
            counting.paired(
                house.snapshots.table(before.id, CUSTOMER_RANKS),
                house.snapshots.table(after.id, CUSTOMER_RANKS),
            )
        )
        rows = house.engine.rows
        return {way: counting.as_moves(rows(counting.moves(pairs, way))) for way in WAYS}


def standing_of(customer: CustomerId, snapshot: Snapshot) -> Standing | None:
    """Where the customer stands; None for somebody without a purchase."""
    house = warehouse()
    rows = house.questions.rows(
        ("standing_of", snapshot.id),
        lambda: house.snapshots.table(snapshot.id, CUSTOMER_RANKS).semi_join(
            house.questions.given("customer_id"), "customer_id"
        ),
        customer_id=[customer],
    )
    return _standings.validate_python(rows[0]) if rows else None


def deciles_of(customers: Sequence[CustomerId]) -> dict[CustomerId, int]:
    """The decile of each of these by the newest snapshot; who has none is left out."""
    house = warehouse()
    snapshot = house.snapshots.latest()
    if snapshot is None or not customers:
        return {}
    rows = house.questions.rows(
        ("deciles_of", snapshot.id),
        lambda: (
            house.snapshots.table(snapshot.id, CUSTOMER_RANKS)
            .select("customer_id", "decile")
            .semi_join(house.questions.given("customer_id"), "customer_id")
        ),
        customer_id=customers,
    )
    return {row["customer_id"]: row["decile"] for row in rows if row["decile"] is not None}


def members_of(
    snapshot: Snapshot, groups: Mapping[str, str | int], *, after: int = 0, limit: int = 100
) -> tuple[Standing, ...]:
    """Who stands in all of these groups (``{"cpm": "優良離脱", "rfm_m": 5}``), by customer id."""
    house = warehouse()
    ranks = house.snapshots.table(snapshot.id, CUSTOMER_RANKS)
    kept = ranks.filter(ranks.customer_id > after)
    for way, code in groups.items():
        if way not in WAYS:
            raise NoSuchGroup(f"no way {way!r} to group", hint=f"known: {', '.join(WAYS)}")
        kept = kept.filter(kept[way].cast("string") == str(code))
    rows = house.engine.rows(kept.order_by("customer_id").limit(limit))
    return tuple(_standings.validate_python(row) for row in rows)


def rank_rules() -> RankRules:
    """The bounds that hold now."""
    return rules_history()[0].rules


def default_rules(currency: str) -> RankRules:
    """What joren came with, every amount of money filled in."""
    return settings.filled(RankRules(), currency)


def rules_history() -> tuple[RankRulesSince, ...]:
    """Every version of the bounds, newest first; the last one is what joren came with."""
    rows = models.RankRulesVersion.objects.order_by("-pk")
    return (
        *(RankRulesSince(_rules_of(row), row.changed_at, row.changed_by) for row in rows),
        RankRulesSince(RankRules(), None, ""),
    )


def _rules_of(row: models.RankRulesVersion) -> RankRules:
    return _rules.validate_python(
        {field.name: getattr(row, field.name) for field in fields(RankRules)}
    )
