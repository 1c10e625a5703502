"""Customer value for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from joren.collect.customers import selectors as people
from joren.collect.quality.selectors import verdicts_in
from joren.core.ids import CustomerId
from joren.plumbing.access import Scope
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors, services
from joren.understand.ltv.contracts import (
    CustomerPath,
    ModelReport,
    SubscriptionReport,
    ValueReport,
)
from joren.understand.ltv.rules.tabular import table

router = Router()
models_router = Router()
contracts_router = Router()


@router.get("", response=ValueReport)
def value(request: HttpRequest, snapshot: int | None = None) -> Any:
    """What customers were worth and may be worth; money in minor units."""
    return selectors.value_report(selectors.snapshot(snapshot))


@router.get("/tables/{name}", response=str)
def value_table(request: HttpRequest, name: str, snapshot: int | None = None) -> HttpResponse:
    """One table of the report as CSV; money in the currency's major unit. What it rests on is said
    as JSON by the header ``X-Joren-Verdicts``."""
    report = selectors.value_report(selectors.snapshot(snapshot))
    rows = table(report, name)
    text = StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="value-{name}.csv"'
    answer["X-Joren-Verdicts"] = json.dumps([asdict(one) for one in report.verdicts])
    return answer


@models_router.get("", response=ModelReport)
def models(request: HttpRequest, snapshot: int | None = None) -> Any:
    """Which models were chosen and why, and how far they were right before."""
    return selectors.model_report(selectors.snapshot(snapshot))


@contracts_router.get("", response=SubscriptionReport)
def contracts(request: HttpRequest, snapshot: int | None = None) -> Any:
    """How contracts (定期) go on by running number, and what those that run may bring."""
    return selectors.contract_report(selectors.snapshot(snapshot))


@router.get("/customers/{customer_id}", response=dict[str, Any], auth=Scope("view_personal"))
def value_of_customer(request: HttpRequest, customer_id: int, snapshot: int | None = None) -> Any:
    """One customer's row of values, bounds of the predicted revenue, in how many days from the
    as-of day the next order is to be expected if one comes, each term between revenue and profit as
    a figure, and which costs the profit is before; money in minor units.

    The look is written down.
    """
    chosen = selectors.snapshot(snapshot)
    worth = services.worth_of(CustomerId(customer_id), chosen)
    return {**worth, "verdicts": verdicts_in(warehouse(), chosen, "predictions", "profit")}


@router.get("/customers/{customer_id}/path", response=CustomerPath, auth=Scope("view_personal"))
def path_of_customer(request: HttpRequest, customer_id: int, snapshot: int | None = None) -> Any:
    """How the chance that one customer is still one rose and fell, day by day.

    The look is written down.
    """
    person = CustomerId(customer_id)
    path = services.path_of(
        person, selectors.snapshot(snapshot), identities=people.identity_ids_of(person)
    )
    return path
