"""Cohorts for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from joren.understand.cohorts import selectors
from joren.understand.cohorts.contracts import CohortMatrix, CohortReport
from joren.understand.ltv import selectors as values

router = Router()


@router.get("/cohorts", response=CohortReport)
def cohorts(request: HttpRequest, snapshot: int | None = None) -> Any:
    """The headlines of a snapshot, and what is followed by which dimension."""
    return selectors.cohort_report(values.snapshot(snapshot))


@router.get("/cohorts/matrix", response=CohortMatrix)
def matrix(
    request: HttpRequest,
    measure: str,
    dimension: str = "all",
    value: str | None = None,
    snapshot: int | None = None,
) -> Any:
    """A measure (retention, orders, revenue, profit) by month of first purchase and age."""
    chosen = values.snapshot(snapshot)
    return selectors.matrix(chosen, dimension=dimension, value=value, measure=measure)


@router.get("/cohorts/comparison", response=CohortMatrix)
def comparison(
    request: HttpRequest, measure: str, dimension: str, snapshot: int | None = None
) -> Any:
    """A measure by age for each store, first product, category or source."""
    return selectors.comparison(values.snapshot(snapshot), dimension=dimension, measure=measure)
