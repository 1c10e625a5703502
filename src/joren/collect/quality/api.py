"""How good the facts are, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router

from joren.accounts.selectors import business
from joren.collect.quality import selectors
from joren.collect.quality.contracts import Alarm, QualityReport
from joren.core import clock
from joren.plumbing.http import Listing
from joren.plumbing.warehouse import warehouse

router = Router()


@router.get("", response=QualityReport)
def quality(request: HttpRequest, as_of: date | None = None) -> Any:
    house = warehouse()
    if as_of is not None:
        return selectors.report_asked(house, as_of=as_of)
    today = clock.shop_day(clock.now(), business().time_zone)
    return selectors.newest_report(house, today=today)


@router.get("/alarms", response=Listing[Alarm])
def alarms(request: HttpRequest) -> Any:
    """Feeds that stopped, and fields that are missing or mixed as never before."""
    house, today = warehouse(), clock.shop_day(clock.now(), business().time_zone)
    report = selectors.newest_report(house, today=today)
    return selectors.alarms(house, report, today=report.as_of if business().simulated else today)
