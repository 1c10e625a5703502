"""Ranks for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from joren.collect.quality.contracts import Verdict
from joren.collect.quality.selectors import verdicts_in
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import encode, number_in
from joren.plumbing.http import FigureListing, Listing
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.understand.ranks import selectors, services
from joren.understand.ranks.contracts import (
    Four,
    RankMovement,
    RankReport,
    RankRules,
    RankRulesSince,
    Standing,
)

router = Router()
_MAY_BE_UNSET = ("spend", "big_spend")  # then they follow from the shop's own figures


class RankRulesIn(Schema):
    rfm: Literal["quantiles", "thresholds"] | None = None
    recency_days: Four | None = None
    purchases: Four | None = None
    spend: Four | None = None
    active_days: int | None = None
    settled_days: int | None = None
    loyal_days: int | None = None
    big_spend: int | None = None
    vip_enter: int | None = None
    vip_keep: int | None = None
    vip_share_alarm: int | None = None
    vip_share_fall: int | None = None
    f2_days: int | None = None


class GroupsIn(Schema):
    rfm_r: int | None = None
    rfm_f: int | None = None
    rfm_m: int | None = None
    decile: int | None = None
    cpm: str | None = None
    stage: str | None = None


@router.get("/ranks", response=RankReport)
def ranks(request: HttpRequest, snapshot: int | None = None) -> Any:
    """RFM, decile, CPM, stages, F2 rate and VIP of a snapshot."""
    return selectors.rank_report(values.snapshot(snapshot))


@router.get("/ranks/movement", response=RankMovement)
def movement(request: HttpRequest, before: int, after: int | None = None) -> Any:
    """Who went from which group to which between two snapshots."""
    return selectors.movement(values.snapshot(before), values.snapshot(after))


@router.get("/ranks/customers", response=FigureListing[Standing, Verdict])
def members(
    request: HttpRequest,
    groups: Query[GroupsIn],
    after: str = "",
    limit: int = 100,
    snapshot: int | None = None,
) -> Any:
    """Who stands in the groups that are named, by customer id."""
    limit = max(1, min(limit, 1000))
    chosen = values.snapshot(snapshot)
    found = selectors.members_of(
        chosen,
        groups.dict(exclude_none=True),
        after=number_in(after),
        limit=limit,
    )
    more = encode(found[-1].customer_id) if len(found) == limit else ""
    return {"items": found, "next": more, "verdicts": verdicts_in(warehouse(), chosen, "rfm")}


@router.get("/ranks/rules", response=RankRules)
def rules(request: HttpRequest) -> Any:
    """The bounds that the next refresh ranks by."""
    return selectors.rank_rules()


@router.get("/ranks/rules/history", response=Listing[RankRulesSince])
def history(request: HttpRequest) -> Any:
    """Every version of the bounds, newest first."""
    return list(selectors.rules_history())


@router.put("/ranks/rules", response=RankRules, auth=Scope("change_settings"))
def change_rules(request: HttpRequest, body: RankRulesIn) -> Any:
    """Set the bounds that are named; the others stay."""
    sent = body.dict(exclude_unset=True)
    changes = {name: one for name, one in sent.items() if one is not None or name in _MAY_BE_UNSET}
    return services.change_rules(by=caller(request).name, **changes)
