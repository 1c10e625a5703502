"""First orders count of those who saw a variant, in their days, and of all the first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from joren.act.forms import models, selectors, services
from tests.act.journeys.cast import NOON
from tests.act.journeys.test_rehearsing import ordered
from tests.act.messages.cast import people

pytestmark = pytest.mark.django_db(transaction=True)


def seen(form: int, variant: str, days: int, customer: int | None = None) -> None:
    """Somebody saw it so many days ago, and signed up at once if they are a customer now."""
    at = NOON - timedelta(days)
    number = models.Visit.objects.count()
    visit = models.Visit.objects.create(
        form_id=form, round=1, visitor=str(number), variant=variant, at=at
    )
    if customer is not None:
        models.Signup.objects.create(
            form_id=form, who=str(number), version=1, variant=variant, visit=visit, language="ja",
            at=at, asked_at=at, customer_id=customer,
        )  # fmt: skip


def test_a_first_order_counts_in_its_days_alone(home: Path) -> None:
    services.begin_ready_made("story", slug="story", store="own", language="ja", by="member:1")
    form = services.publish("story", by="member:1").id
    people([1, 2, 3, 4, 5])
    seen(form, "B", 40, 1)  # orders ten days later
    seen(form, "B", 40, 2)  # after 35 days
    seen(form, "B", 40, 3)  # has ordered long before
    seen(form, "B", 40)
    seen(form, "B", 10, 4)  # orders at once, and is not followed for 30 days yet
    seen(form, "A", 100, 5)  # after 80 days
    seen(form, "A", 100)
    ordered([(1, 30, 1), (2, 5, 1), (3, 200, 1), (3, 30, 1), (4, 9, 1), (5, 20, 1), (1, 0, 1)])

    found = selectors.results(form)

    arms = {arm.variant.key: {one.days: one for one in arm.ordered} for arm in found.arms}
    assert found.orders_until == NOON.date()
    assert [(arms["B"][days].buyers, arms["B"][days].followed) for days in (30, 90)] == [
        (1, 4), (0, 0),
    ]  # fmt: skip
    assert [(arms["A"][days].buyers, arms["A"][days].followed) for days in (30, 90)] == [
        (0, 2), (1, 2),
    ]  # fmt: skip
    assert arms["B"][90].share is None
    assert arms["B"][30].effect is not None
    assert arms["B"][30].effect.too_small


def test_before_any_order_nothing_is_known(home: Path) -> None:
    services.begin_ready_made("value", slug="value", store="own", language="ja", by="member:1")
    form = services.publish("value", by="member:1").id
    seen(form, "A", 40)

    found = selectors.results(form)

    assert found.orders_until is None
    assert all(one.share is None for arm in found.arms for one in arm.ordered)
