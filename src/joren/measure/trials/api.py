"""Trials of practices for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from joren.accounts.selectors import business
from joren.core import clock
from joren.measure.experiments.contracts import USUAL_LIFT
from joren.measure.trials import selectors, services
from joren.measure.trials.contracts import (
    ExposureRow,
    ExposuresTaken,
    Period,
    Trial,
    TrialArm,
    TrialDesign,
    TrialMetric,
    TrialPlan,
    TrialResult,
    TrialUnit,
)
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.http import Listing
from joren.plumbing.sent import laid_down
from joren.understand.ltv import selectors as values

router = Router()


class TrialIn(Schema):
    """By order or customer ``horizon_days`` counts, by stretches the other two."""

    practice: str
    unit: TrialUnit
    first: date
    last: date
    horizon_days: int = 90
    period_days: int = 7
    washout_days: int = 1
    metric: TrialMetric = "money"


class ArmIn(Schema):
    """An order, and of a trial by customers whose it is: ``email``, or ``store`` and
    ``customer_number``. They come in the body, for addresses are written into logs."""

    store: str = ""
    order_number: str = ""
    on: date | None = None
    email: str = ""
    customer_number: str = ""


class ExposuresIn(Schema):
    rows: list[ExposureRow]


@router.get("/trials", response=Listing[Trial])
def trials(request: HttpRequest, practice: str = "") -> Any:
    """All of them, or those of one practice."""
    return selectors.trials(practice)


@router.post("/trials", response={201: Trial}, auth=Scope("treat"))
def draw(request: HttpRequest, body: TrialIn) -> Any:
    """Deal the orders, customers or stretches of a practice by lot."""
    return Status(201, services.draw(TrialPlan(**body.dict()), by=caller(request).name))


@router.get("/trials/design", response=TrialDesign)
def design(
    request: HttpRequest, unit: TrialUnit, first: date, last: date, practice: str = "",
    horizon_days: int = 90, period_days: int = 7, washout_days: int = 1, lift: float = USUAL_LIFT,
    metric: TrialMetric = "money",
) -> Any:  # fmt: skip
    """What such a trial would show four times of five, before it is drawn: the smallest effect in
    money, and by order or customer how many a lift needs and how many weeks they take."""
    plan = TrialPlan(practice, unit, first, last, horizon_days, period_days, washout_days, metric)
    return selectors.design(plan, values.snapshot(), lift=lift)


@router.get("/trials/{number}", response=Trial)
def trial(request: HttpRequest, number: int) -> Any:
    """One of them."""
    return selectors.trial(number)


@router.get("/trials/{number}/periods", response=Listing[Period])
def periods(request: HttpRequest, number: int) -> Any:
    """The stretches with and without it."""
    return list(selectors.schedule(selectors.trial(number)))


@router.post("/trials/{number}/arm", response=TrialArm, auth=Scope("import"))
def arm(request: HttpRequest, number: int, body: ArmIn) -> Any:
    """Is this order to get it? Asked while it is packed; what counts is the day of the order:
    ``on``, else as the order says it, if it has come in, else today. Of a trial by customers say
    whose it is, if it has not come in: who is asked for is drawn now."""
    today = clock.shop_day(clock.now(), business().time_zone)
    return services.arm(selectors.trial(number), today=today, **body.dict())


@router.get("/trials/{number}/result", response=TrialResult)
def result(request: HttpRequest, number: int) -> Any:
    """What those with the practice brought more, by the newest figures."""
    return selectors.read(selectors.trial(number), values.snapshot())


@router.post("/trials/{number}/exposures", response=ExposuresTaken, auth=Scope("import"))
def expose(request: HttpRequest, number: int, body: ExposuresIn) -> Any:
    """Keep which orders or customers got it; what is wrong stays out and is told."""
    return services.expose(number, body.rows, by=caller(request).name)


@router.post("/trials/{number}/exposures/import", response=ExposuresTaken, auth=Scope("import"))
def expose_file(request: HttpRequest, number: int, file: File[UploadedFile]) -> Any:
    """The same as a CSV."""
    refuse_too_large(request)
    with laid_down(file, suffix=".csv") as path:
        return services.expose_file(number, path, by=caller(request).name)


@router.delete("/trials/{number}", response={204: None}, auth=Scope("treat"))
def call_off(request: HttpRequest, number: int) -> Any:
    """It will not be done; only before it began."""
    services.call_off(number, by=caller(request).name)
    return Status(204, None)
