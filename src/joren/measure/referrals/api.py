"""Word of mouth for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from joren.measure.referrals import selectors, services
from joren.measure.referrals.contracts import (
    ReferralReport,
    ReferralRow,
    ReferralsTaken,
    Referrer,
)
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.cursor import part_of
from joren.plumbing.http import Listing
from joren.plumbing.sent import laid_down
from joren.understand.ltv import selectors as values

router = Router()


class ReferralsIn(Schema):
    """Whose each code is, and who was referred."""

    rows: list[ReferralRow]
    store: str = ""


@router.get("/referrals", response=ReferralReport)
def report(request: HttpRequest) -> Any:
    """How many were referred, who brings them, and what they are worth."""
    return selectors.report(values.snapshot())


@router.get("/referrals/referrers", response=Listing[Referrer], auth=Scope("view_personal"))
def referrers(request: HttpRequest, after: str = "", limit: int = 100) -> Any:
    """Who brought others, those first who brought most."""
    every = selectors.referrers(values.snapshot(), limit=None)
    limit = min(max(limit, 1), 1000)
    return part_of(every, after=after, limit=limit, number=lambda one: one.customer)


@router.post("/referrals", response=ReferralsTaken, auth=Scope("import"))
def take(request: HttpRequest, body: ReferralsIn) -> Any:
    """Keep them; what is wrong stays out and is told."""
    return services.take(body.rows, by=caller(request).name, store=body.store)


@router.post("/referrals/import", response=ReferralsTaken, auth=Scope("import"))
def take_file(request: HttpRequest, file: File[UploadedFile], store: Form[str] = "") -> Any:
    """The same as a CSV."""
    refuse_too_large(request)
    with laid_down(file, suffix=".csv") as path:
        return services.take_file(path, by=caller(request).name, store=store)


@router.delete("/referrals/codes/{code}", response={204: None}, auth=Scope("import"))
def forget_code(request: HttpRequest, code: str) -> Any:
    """Nobody has it any more."""
    services.forget_code(code, by=caller(request).name)
    return Status(204, None)
