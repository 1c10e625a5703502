"""Shifts of the category mix for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from joren.collect.quality.contracts import Verdict
from joren.core.ids import CustomerId
from joren.plumbing.access import Scope
from joren.plumbing.cursor import encode, number_in
from joren.plumbing.http import FigureListing
from joren.understand.ltv import selectors as values
from joren.understand.shifts import selectors
from joren.understand.shifts.contracts import CustomerShift, ShiftReport

router = Router()


@router.get("/shifts", response=ShiftReport)
def shifts(request: HttpRequest, snapshot: int | None = None) -> Any:
    """How many customers shifted from which category towards which."""
    return selectors.shift_report(values.snapshot(snapshot))


@router.get("/shifts/customers", response=FigureListing[CustomerShift, Verdict])
def shifted(
    request: HttpRequest,
    shift_from: str | None = None,
    shift_to: str | None = None,
    after: str = "",
    limit: int = 100,
    snapshot: int | None = None,
) -> Any:
    """Whose mix stands shifted, by customer id."""
    limit = max(1, min(limit, 1000))
    chosen = values.snapshot(snapshot)
    found = selectors.shifted(
        chosen, shift_from=shift_from, shift_to=shift_to,
        after=number_in(after), limit=limit,
    )  # fmt: skip
    more = encode(found[-1].customer_id) if len(found) == limit else ""
    return {"items": found, "next": more, "verdicts": selectors.rests_on(chosen)}


@router.get(
    "/shifts/customers/{customer_id}", response=CustomerShift | None, auth=Scope("view_personal")
)
def shift_of(request: HttpRequest, customer_id: int, snapshot: int | None = None) -> Any:
    """What is known of one customer's mix; null where that is too little."""
    return selectors.shift_of(CustomerId(customer_id), values.snapshot(snapshot))
