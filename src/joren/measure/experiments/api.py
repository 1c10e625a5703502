"""Effects for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema

from joren.core.tested import EffectLift
from joren.measure.experiments import selectors, services
from joren.measure.experiments.contracts import (
    SPLIT_DAYS,
    USUAL_HORIZON,
    USUAL_LIFT,
    AdjustedEffect,
    BoardRow,
    CostKind,
    EffectDesign,
    EffectPlan,
    Horizon,
    HourTest,
    Point,
    Pool,
    Result,
    SplitTest,
    Targeting,
    VariantTest,
)
from joren.measure.experiments.contracts.checks import ArmsCheck
from joren.measure.experiments.contracts.exposure import Exposure
from joren.measure.experiments.contracts.ratios import RatioEffect
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing, file_answer

router = Router()


class EffectPlanIn(Schema):
    """``looks`` and ``customers`` are of those who come one after the other."""

    horizon_days: int = USUAL_HORIZON
    looks: int = 1
    customers: int | None = None
    lift: float = USUAL_LIFT


class EffectCostIn(Schema):
    """What it cost in all, in minor units; null takes back what was said."""

    amount: int | None


class TargetIn(Schema):
    """The name of the new segment; ``cost`` per customer treated, in minor units: where it is null,
    what the action is known to have cost."""

    name: str
    cost: float | None = None


class TargetOut(Schema):
    segment: int


class RestIn(Schema):
    what: Literal["winner", "all"] = "winner"


@router.get("/effects", response=Listing[Result])
def effects(request: HttpRequest) -> Any:
    """What every holdout says of what was done, that with most money at stake first."""
    return selectors.results()


@router.get("/effects/board", response=Listing[BoardRow])
def board(request: HttpRequest) -> Any:
    """Every early projection of incremental LTV beside what came in the year."""
    return selectors.board()


@router.get("/effects/pools", response=Listing[Pool])
def pools(request: HttpRequest) -> Any:
    """Actions of one kind (repeats of a journey or a message, the same kind of content) read
    together over their customers' first 90 days, each of them beside its kind."""
    return selectors.results_and_pools()[1]


@router.get("/effects/lifts", response=Listing[EffectLift])
def lifts(request: HttpRequest, form: Literal["json", "csv", "parquet"] = "json") -> Any:
    """Start, end, effect, interval and spend of all that was tried by lot (actions with a part left
    out, trials of practices, tests by area), flat, for a model of the media mix.

    ``form`` csv or parquet answers with a file. Money is in the major unit."""
    if form == "json":
        return selectors.lifts()
    return file_answer(selectors.lift_file(form), form, "lifts")


@router.get("/holdouts/{number}/result", response=Result)
def result(request: HttpRequest, number: int) -> Any:
    """What the treated did more than those left out, with intervals."""
    return selectors.result(number)


@router.get("/holdouts/{number}/horizons", response=Listing[Horizon])
def horizons(request: HttpRequest, number: int) -> Any:
    """The same over the first 30, 90, 180 and 365 days of each customer who has had them."""
    return selectors.horizons(number)


@router.get("/holdouts/{number}/arms", response=ArmsCheck)
def arms(request: HttpRequest, number: int) -> Any:
    """Are both arms as large as they were drawn, and if not: since which stage, in which decile, on
    which day, in which store, from which source."""
    return selectors.arms_check(number)


@router.get("/holdouts/{number}/exposure", response=Exposure)
def exposure(request: HttpRequest, number: int) -> Any:
    """Who of both arms was first reached by when: of the treated who got anything, of those left
    out who would have got it as ghosts; with warnings where both arms are not alike in it. The
    effect stays that of everybody who was drawn."""
    return selectors.exposure(number)


@router.get("/holdouts/{number}/adjusted", response=Listing[AdjustedEffect])
def adjusted(request: HttpRequest, number: int) -> Any:
    """The difference per customer as it is, and adjusted by what was known of each before."""
    return selectors.adjusted(number)


@router.get("/holdouts/{number}/ratios", response=Listing[RatioEffect])
def ratios(request: HttpRequest, number: int) -> Any:
    """What one order is like in both arms: average order value, margin rate, share of orders with a
    coupon, orders per buyer; difference and lift by the same limits."""
    return selectors.ratios(number)


@router.get("/holdouts/{number}/curve", response=Listing[Point])
def curve(request: HttpRequest, number: int) -> Any:
    """The difference over the first 7, 14 … 365 days of each customer who has had them."""
    return selectors.curve(number)


@router.get("/holdouts/{number}/targeting", response=Targeting)
def targeting(request: HttpRequest, number: int, cost: float | None = None) -> Any:
    """Who should get it: everybody, nobody, RFM, response and uplift raced on those whom the lot
    divided, by profit at a cost per customer treated (minor units)."""
    return selectors.who(number, cost=cost)


@router.post("/holdouts/{number}/targeting/segment", response={201: TargetOut}, auth=Scope("treat"))
def target(request: HttpRequest, number: int, body: TargetIn) -> Any:
    """Keep the policy that is to be used as a segment."""
    kept = services.target(number, name=body.name, cost=body.cost, by=caller(request).name)
    return 201, {"segment": kept}


@router.put("/holdouts/{number}/costs/{kind}", response=Result, auth=Scope("treat"))
def say_cost(request: HttpRequest, number: int, kind: CostKind, body: EffectCostIn) -> Any:
    """Say what the action cost: its messages, coupons, points, goods, or anything else.

    Coupons and points that the orders show as a discount are off their revenue already and must not
    be said again. Messages of another tool are unknown until somebody says them, if 0."""
    services.say_cost(number, kind=kind, amount=body.amount, by=caller(request).name)
    return selectors.result(number)


@router.put("/holdouts/{number}/plan", response=EffectPlan, auth=Scope("treat"))
def plan(request: HttpRequest, number: int, body: EffectPlanIn) -> Any:
    """Say when the effect is to be read, before anything of it can be seen."""
    return services.plan(
        number, by=caller(request).name, horizon_days=body.horizon_days, looks=body.looks,
        customers=body.customers, lift=body.lift,
    )  # fmt: skip


@router.get("/campaigns/{number}/variants", response=VariantTest)
def variants(request: HttpRequest, number: int) -> Any:
    """The messages of a campaign beside each other, by profit per customer."""
    return selectors.variant_test(number)


@router.get("/campaigns/{number}/hours", response=HourTest)
def hours(request: HttpRequest, number: int) -> Any:
    """What it brought to send a campaign at the hour of each, against the usual hour."""
    return selectors.hour_test(number)


@router.post("/campaigns/{number}/rest", response=VariantTest, auth=Scope("treat"))
def send_rest(request: HttpRequest, number: int, body: RestIn) -> Any:
    """Send the proven winner, or all messages in their shares, to those who wait."""
    by = caller(request).name
    if body.what == "winner":
        services.send_winner(number, by=by)
    else:
        services.send_all(number, by=by)
    return selectors.variant_test(number)


@router.get("/journeys/{number}/splits", response=Listing[SplitTest])
def splits(request: HttpRequest, number: int, days: int = SPLIT_DAYS[0]) -> Any:
    """The arms of each split of a journey beside each other, by profit per customer over the first
    ``days`` since they fell into theirs."""
    return selectors.split_tests(number, days=days)


@router.get("/segments/{number}/design", response=EffectDesign)
def design(
    request: HttpRequest, number: int, share: float = 0.1, days: int = USUAL_HORIZON,
    lift: float = USUAL_LIFT,
) -> Any:  # fmt: skip
    """What leaving a share of the segment out would show: the smallest effect in money, and how
    many customers a lift needs."""
    return selectors.design(number, share=share, days=days, lift=lift)


@router.get("/holdouts/{number}/design", response=EffectDesign | None)
def standing_design(
    request: HttpRequest, number: int, days: int = USUAL_HORIZON, lift: float = USUAL_LIFT
) -> Any:
    """The same of whoever comes to a standing holdout, and in how many weeks enough have come;
    null while nobody has."""
    return selectors.standing_design(number, days=days, lift=lift)
