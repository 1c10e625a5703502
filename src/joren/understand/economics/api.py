"""Economics for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from joren.collect.quality.contracts import Verdict
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import FigureListing, Listing
from joren.understand.economics import selectors, services
from joren.understand.economics.contracts import (
    AllowedCac,
    EconomicsReport,
    EconomicsRules,
    EconomicsRulesSince,
)
from joren.understand.ltv import selectors as values

router = Router()


class EconomicsRulesIn(Schema):
    paid_mediums: list[str] | None = None
    payback_months: int | None = None
    ltv_to_cac: float | None = None


@router.get("/economics", response=EconomicsReport)
def economics(request: HttpRequest, snapshot: int | None = None) -> Any:
    """CAC, LTV:CAC, payback, new against repeat, paid against unpaid, and the kind of business."""
    return selectors.economics_report(values.snapshot(snapshot))


@router.get("/economics/allowed-cac", response=FigureListing[AllowedCac, Verdict])
def allowed_cac(
    request: HttpRequest,
    months: int | None = None,
    ratio: float | None = None,
    snapshot: int | None = None,
) -> Any:
    """What a new customer may cost to be paid back in so many months, or for that LTV:CAC."""
    report = selectors.economics_report(values.snapshot(snapshot))
    found = selectors.allowed_cac(report, months=months, ratio=ratio)
    return {"items": found, "next": "", "verdicts": report.verdicts}


@router.get("/economics/rules", response=EconomicsRules)
def rules(request: HttpRequest) -> Any:
    """What counts as paid for, and the targets."""
    return selectors.economics_rules()


@router.get("/economics/rules/history", response=Listing[EconomicsRulesSince])
def history(request: HttpRequest) -> Any:
    """Every version of the rules, newest first."""
    return list(selectors.rules_history())


@router.put("/economics/rules", response=EconomicsRules, auth=Scope("change_settings"))
def change_rules(request: HttpRequest, body: EconomicsRulesIn) -> Any:
    """Set the rules that are named; the others stay."""
    return services.change_rules(by=caller(request).name, **body.dict(exclude_none=True))
