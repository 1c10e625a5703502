"""Channels for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.measure.channels import selectors, services
from joren.measure.channels.contracts import (
    AreaDesign,
    AreaResult,
    AreaTest,
    AreaTestText,
    AreaUnit,
    ChannelRow,
    SaidSpend,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing
from joren.understand.ltv import selectors as values

router = Router()


class ChannelSpendIn(Schema):
    """What a channel cost over some days, in minor units; a test says its channel itself."""

    channel: str = ""
    first: date
    last: date
    amount: int
    note: str = ""
    test: int | None = None


class AreaTestIn(Schema):
    """Without ``treated`` the areas are dealt by lot."""

    name: str
    channel: str
    unit: AreaUnit = "prefecture"
    started_on: date
    stopped_on: date
    lag_days: int = 28
    treated: tuple[str, ...] = ()


@router.get("/channels", response=Listing[ChannelRow])
def channels(request: HttpRequest) -> Any:
    """What was spent on each, and what a yen brought, by the newest figures; best first."""
    return list(selectors.compared(values.snapshot()))


@router.get("/channels/spends", response=Listing[SaidSpend])
def spends(request: HttpRequest) -> Any:
    """What was said, newest first; imported spend is in Economics."""
    return selectors.spends()


@router.post("/channels/spends", response={201: SaidSpend}, auth=Scope("treat"))
def say_spend(request: HttpRequest, body: ChannelSpendIn) -> Any:
    """Write down what a channel cost."""
    return Status(201, services.say_spend(**body.dict(), by=caller(request).name))


@router.delete("/channels/spends/{number}", response={204: None}, auth=Scope("treat"))
def take_spend_back(request: HttpRequest, number: int) -> Any:
    """That was a mistake."""
    services.take_spend_back(number, by=caller(request).name)
    return Status(204, None)


@router.get("/channels/area-tests", response=Listing[AreaTest])
def area_tests(request: HttpRequest) -> Any:
    """All of them, with the areas as they were dealt."""
    return selectors.area_tests()


@router.post("/channels/area-tests", response={201: AreaTest}, auth=Scope("treat"))
def draw_test(request: HttpRequest, body: AreaTestIn) -> Any:
    """Deal the areas by lot, or keep those where it was done."""
    return Status(201, services.draw_test(AreaTestText(**body.dict()), by=caller(request).name))


@router.get("/channels/area-tests/design", response=AreaDesign)
def design(request: HttpRequest, unit: AreaUnit = "prefecture", days: int = 56) -> Any:
    """What a test of so many days could see, if it began now."""
    return selectors.design(values.snapshot(), unit, days)


@router.get("/channels/area-tests/{number}", response=AreaTest)
def area_test(request: HttpRequest, number: int) -> Any:
    """One of them."""
    return selectors.area_test(number)


@router.get("/channels/area-tests/{number}/result", response=AreaResult)
def result(request: HttpRequest, number: int) -> Any:
    """The treated areas beside the others, by the newest figures."""
    return selectors.read(selectors.area_test(number), values.snapshot())


@router.delete("/channels/area-tests/{number}", response={204: None}, auth=Scope("treat"))
def call_off(request: HttpRequest, number: int) -> Any:
    """It will not be done; only before it began."""
    services.call_off(number, by=caller(request).name)
    return Status(204, None)
