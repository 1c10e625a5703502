"""After a lot was closed those left out may be treated: what comes then is nobody's effect."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from joren.decide.holdouts import models, services
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import selectors
from joren.measure.experiments import services as saying
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


def closed(one: Holdout, days_ago: int) -> None:
    """As if it had been ended then, at noon in Tokyo."""
    services.close(one.id, by="alice")
    on = values.snapshot().as_of - timedelta(days=days_ago)
    at = datetime.combine(on, time(3), UTC)
    models.Holdout.objects.filter(pk=one.id).update(closed_at=at)


def test_only_the_days_before_it_was_closed_count(
    refreshed_shop: Warehouse, drawn: Holdout
) -> None:
    reached(drawn, 200)
    open_still = selectors.result(drawn.id)
    closed(drawn, 80)

    found = selectors.result(drawn.id)

    as_of = values.snapshot().as_of
    assert (open_still.last, open_still.days) == (as_of, 201)
    assert (found.last, found.days) == (as_of - timedelta(days=81), 120)
    rows = refreshed_shop.engine.rows(
        refreshed_shop.snapshots.table(values.snapshot().id, PURCHASED)
    )
    first, last = as_of - timedelta(days=200), as_of - timedelta(days=81)
    spent = sum(row["revenue"] for row in rows if first <= row["ordered_on"] <= last)
    assert sum(one.revenue for one in found.arms) == spent
    ripe = {one.days: one.customers for one in selectors.horizons(drawn.id)}
    assert (ripe[90], ripe[180]) == (drawn.customers, 0)
    assert max(one.days for one in selectors.curve(drawn.id)) <= 120


def test_one_that_was_closed_before_its_look_is_told_as_on_any_day(drawn: Holdout) -> None:
    saying.plan(drawn.id, horizon_days=180, by="alice")
    reached(drawn, 200)
    closed(drawn, 80)
    saying.read_effects()

    found = selectors.result(drawn.id)

    assert found.planned is not None
    assert found.planned.looks == ()
    assert found.evidence != "not_yet"
    assert found.weeks is None
    assert found.p is not None
