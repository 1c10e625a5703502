"""Who asked to be forgotten counts in no arm, neither as a customer nor with what they bought."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joren.core.clock import now
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import selectors
from joren.protect.erasure import models as erasure
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


def forgotten(*customers: int, by: str = "alice", state: str = "done") -> None:
    erasure.Request.objects.create(
        uid=f"{by}{customers[0]}{state}", kind="erasure", state=state, customer_id=customers[0],
        customers=list(customers), asked_at=now(), due_on=now().date(), asked_by=by,
    )  # fmt: skip


def arms(one: Holdout) -> tuple[list[int], list[int]]:
    treated, held = (
        holdouts.customers_of(one.id, arm, limit=10_000) for arm in ("treated", "held_out")
    )
    return list(treated), list(held)


def test_who_asked_to_be_forgotten_is_in_neither_sum(
    refreshed_shop: Warehouse, drawn: Holdout
) -> None:
    reached(drawn, 200)
    treated, held = arms(drawn)
    gone = {*treated[:5], *held[:4]}
    forgotten(*treated[:5])
    forgotten(*held[:4], state="running")
    forgotten(treated[-1], by="nightly")  # never bought, and counts with nothing
    forgotten(held[-1], state="withdrawn")

    found = selectors.result(drawn.id)

    first = values.snapshot().as_of - timedelta(days=200)
    rows = refreshed_shop.engine.rows(
        refreshed_shop.snapshots.table(values.snapshot().id, PURCHASED)
    )
    for arm, those in zip(found.arms, (treated, held), strict=True):
        left = set(those) - gone
        assert arm.customers == len(left)
        assert arm.revenue == sum(
            row["revenue"] for row in rows
            if row["customer_id"] in left and row["ordered_on"] >= first
        )  # fmt: skip
    assert found.evidence != "broken"
