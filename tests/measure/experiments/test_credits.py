"""Credit notes that name no order take off what an arm brought, on the day on which they are."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts import services
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import PURCHASED, All
from joren.measure.channels.selectors import areas
from joren.measure.experiments import selectors
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import reached
from tests.project.refreshing import refreshed
from tests.refreshed_homes import DAYS
from tests.understand.ltv.facts import Shop, refund, written

pytestmark = pytest.mark.django_db
NOTED = date(2026, 2, 15)
AMOUNT = 700
CREDITED = range(1, 21)
BEFORE = 21


def test_what_is_given_back_without_an_order_is_not_what_an_arm_brought(
    unrefreshed_shop: Warehouse, tmp_path: Path
) -> None:
    notes = [refund(one, NOTED.isoformat(), AMOUNT, identity_id=one) for one in CREDITED]
    notes.append(refund(BEFORE, "2025-03-01", 9_999, identity_id=BEFORE))
    written(unrefreshed_shop, Shop(tmp_path, refunds=notes))
    refreshed(as_of=DAYS[0])
    everybody = segments.create("全員", All(), by="alice")
    one = services.divide(everybody.id, name="春のDM", share=0.5, by="alice")
    reached(one, 200)
    first = values.snapshot().as_of - timedelta(200)
    bought = unrefreshed_shop.snapshots.table(values.snapshot().id, PURCHASED)
    rows = [r for r in unrefreshed_shop.engine.rows(bought) if r["ordered_on"] >= first]

    found = selectors.result(one.id)
    early = next(each for each in selectors.horizons(one.id) if each.days == 30)
    by_area = areas.daily(values.snapshot(), NOTED, NOTED)

    for arm, told in zip(("treated", "held_out"), found.arms, strict=True):
        people = set(holdouts.customers_of(one.id, arm, limit=10_000))
        theirs = [row for row in rows if row["customer_id"] in people]
        credited = people & set(CREDITED)
        assert credited
        assert told.orders == len(theirs)
        assert told.revenue == sum(r["revenue"] for r in theirs) - AMOUNT * len(credited)
    # They are of their own day: the first days of everybody were over by then.
    month = [
        sum(
            row["revenue"] for row in rows
            if row["customer_id"] in set(holdouts.customers_of(one.id, arm, limit=10_000))
            and row["ordered_on"] < first + timedelta(30)
        )
        for arm in ("treated", "held_out")
    ]  # fmt: skip
    if early.per_customer.value is not None:
        assert early.per_customer.value == pytest.approx(
            month[0] / one.treated - month[1] / one.held_out
        )
    that_day = sum(r["revenue"] for r in rows if r["ordered_on"] == NOTED)
    assert sum(day.revenue for day in by_area) == that_day - AMOUNT * len(CREDITED)
