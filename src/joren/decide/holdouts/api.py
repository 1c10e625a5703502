"""Holdouts for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.decide.holdouts import selectors, services
from joren.decide.holdouts.contracts import (
    Arm,
    Assigned,
    GlobalRule,
    Holdout,
    Kind,
    StratumCount,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import encode, number_in
from joren.plumbing.http import Listing, file_answer

router = Router()


class HoldoutOut(Schema):
    """Customers divided by lot; ``share`` is each one's chance to be left out.

    Segment, snapshot and ``as_of`` are those of an audience that was drawn at once.
    """

    id: int
    name: str
    kind: Kind
    segment_id: int | None
    segment_version: int | None
    share: float
    block: int
    salt: str
    snapshot_id: int | None
    as_of: date | None
    drawn_at: datetime
    drawn_by: str
    note: str
    treated: int
    held_out: int
    treated_on: date | None
    until: date | None
    closed_at: datetime | None


class HoldoutIn(Schema):
    name: str
    share: float = 0.1
    note: str = ""


class GlobalIn(Schema):
    share: float
    reason: str = ""


class ReachedIn(Schema):
    on: date


@router.get("/holdouts", response=Listing[HoldoutOut])
def holdouts(request: HttpRequest) -> Any:
    """All holdouts, newest first."""
    return [_shown(one) for one in selectors.holdouts()]


@router.post("/segments/{number}/holdouts", response={201: HoldoutOut}, auth=Scope("treat"))
def divide(request: HttpRequest, number: int, body: HoldoutIn) -> Any:
    """Leave a share of the segment's members out, by lot within deciles of value."""
    made = services.divide(
        number, name=body.name, share=body.share, by=caller(request).name, note=body.note
    )
    return Status(201, _shown(made))


@router.get("/holdouts/global", response=GlobalRule)
def global_rule(request: HttpRequest) -> Any:
    """The share of all customers that is left out of everything that the shop sends."""
    return selectors.global_rule()


@router.put("/holdouts/global", response=GlobalRule, auth=Scope("treat"))
def set_global(request: HttpRequest, body: GlobalIn) -> Any:
    """Choose it; 0, with a reason, for none. Another share holds from the next cohort on."""
    return services.set_global(body.share, by=caller(request).name, reason=body.reason)


@router.get("/holdouts/{number}", response=HoldoutOut)
def holdout(request: HttpRequest, number: int) -> Any:
    """One holdout."""
    return _shown(selectors.holdout(number))


@router.get("/holdouts/{number}/strata", response=Listing[StratumCount])
def strata(request: HttpRequest, number: int) -> Any:
    """How many of each decile fell into each arm; stratum 0 has not bought yet."""
    return selectors.strata(number)


@router.get("/holdouts/{number}/customers", response=Listing[int])
def customers(
    request: HttpRequest, number: int, arm: Arm, after: str = "", limit: int = 1000
) -> Any:
    """The numbers of the customers of one arm."""
    limit = max(1, min(limit, 10_000))
    found = selectors.customers_of(number, arm, after=number_in(after), limit=limit)
    return {"items": found, "next": encode(found[-1]) if len(found) == limit else ""}


@router.get("/holdouts/{number}/log", response=Listing[Assigned])
def log(
    request: HttpRequest, number: int, after: str = "", limit: int = 1000,
    form: Literal["json", "csv", "parquet"] = "json",
) -> Any:  # fmt: skip
    """The log of the lot: unit, stratum, place, arm and propensity of each customer, when they were
    drawn, and when what is sent was first asked for, let through (those left out: as ghosts) and
    got. ``form`` csv or parquet answers with all of it as a file."""
    if form != "json":
        return file_answer(selectors.log_file(number, form), form, f"holdout-{number}-log")
    limit = max(1, min(limit, 10_000))
    found = selectors.log_rows(number, after=number_in(after), limit=limit)
    return {"items": found, "next": encode(found[-1].customer_id) if len(found) == limit else ""}


@router.post("/holdouts/{number}/reached", response=HoldoutOut, auth=Scope("treat"))
def reached(request: HttpRequest, number: int, body: ReachedIn) -> Any:
    """Say on which day the treated were reached."""
    return _shown(services.reached(number, on=body.on, by=caller(request).name))


@router.post("/holdouts/{number}/close", response=HoldoutOut, auth=Scope("treat"))
def close(request: HttpRequest, number: int) -> Any:
    """End it; the log of who was in which arm stays."""
    return _shown(services.close(number, by=caller(request).name))


def _shown(one: Holdout) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "kind": one.kind, "segment_id": one.segment_id,
        "segment_version": one.segment_version, "share": one.design.share,
        "block": one.design.block, "salt": one.salt, "snapshot_id": one.snapshot_id,
        "as_of": one.as_of, "drawn_at": one.drawn_at, "drawn_by": one.drawn_by, "note": one.note,
        "treated": one.treated, "held_out": one.held_out, "treated_on": one.treated_on,
        "until": one.until, "closed_at": one.closed_at,
    }  # fmt: skip
