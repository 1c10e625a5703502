"""A practice that customers get or do not, a household together, by the log of the holdouts."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.collect.customers import models as people
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts import services as lots
from joren.measure.experiments import selectors as effects
from joren.measure.trials import models, selectors, services
from joren.measure.trials.contracts import TrialArm, TrialPlan
from joren.measure.trials.services import drawing
from joren.warehouse import Snapshot
from tests.act.messages.cast import people as cast
from tests.decide.holdouts.test_households import alike
from tests.measure.trials.test_trials import FIRST, LAST, PEOPLE, ahead, buying

__all__ = ["buying"]
pytestmark = pytest.mark.django_db


def dealt() -> int:
    """A trial that began in the days of these figures."""
    made = services.draw(TrialPlan("packaging", "customer", ahead(1), ahead(60), 60), by="alice")
    models.Trial.objects.filter(pk=made.id).update(first=FIRST, last=LAST)
    return made.id


def test_who_ordered_is_drawn_with_their_household_and_read_as_one(buying: Snapshot) -> None:
    cast(range(1, 3))
    alike((1, 2))
    number = dealt()

    looked_at = services.draw_buyers()
    services.draw_buyers()

    one = selectors.trial(number)
    said = selectors.read(one, buying)
    without, with_it = said.sides
    assert looked_at == len(PEOPLE)
    assert without.units + with_it.units == len(PEOPLE) - 1
    assert abs(without.units - with_it.units) <= 12  # one a stratum at most
    assert without.orders + with_it.orders >= len(PEOPLE)
    assert said.evidence in ("not_proven", "proven_more", "proven_less")
    rows = holdouts.placed(one.holdout or 0)
    held = dict(zip(rows["customer_id"].to_pylist(), rows["held_out"].to_pylist(), strict=True))
    assert held[1] is held[2]


def test_who_is_asked_for_while_packing_is_drawn_then_and_once(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, today = dealt(), FIRST
    name = people.Store.objects.get_or_create(pk=1, defaults={"name": "own"})[0].name
    one = selectors.trial(number)

    def asked(email: str) -> TrialArm:
        return services.arm(
            one, store=name, order_number="new-1", today=today, email=email
        )  # fmt: skip

    assert asked("nobody@example.com") == TrialArm(treated=False, counts=False)
    assert holdouts.placed(one.holdout or 0).num_rows == 0

    monkeypatch.setattr(drawing, "_who", lambda *_: 7)
    first = asked("seven@example.com")
    assert first.counts
    assert asked("seven@example.com") == first
    assert holdouts.placed(one.holdout or 0)["held_out"].to_pylist() == [not first.treated]


def test_a_lot_that_was_closed_draws_nobody_and_stops_nothing(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = dealt()
    one = selectors.trial(number)
    models.Trial.objects.filter(pk=number).update(practice="packaging 1")
    other = dealt()
    lots.end_trial(one.holdout or 0, by="alice")

    looked_at = services.draw_buyers()

    name = people.Store.objects.get_or_create(pk=1, defaults={"name": "own"})[0].name
    monkeypatch.setattr(drawing, "_who", lambda *_: 7)
    said = services.arm(one, store=name, order_number="new-1", today=FIRST, email="x@example.com")
    assert said == TrialArm(treated=False, counts=False)
    assert looked_at == len(PEOPLE)
    assert holdouts.placed(one.holdout or 0).num_rows == 0
    assert holdouts.placed(selectors.trial(other).holdout or 0).num_rows == len(PEOPLE)


def test_how_it_is_asked_is_said_for_orders_and_for_customers(
    buying: Snapshot, alice_the_admin: Client
) -> None:
    number = dealt()

    page = alice_the_admin.get(f"/practices/trials/{number}/").content.decode()

    assert f"POST /api/trials/{number}/arm" in page
    assert "customer_number" in page
    assert "半分の注文" not in page
    assert "半分のお客" in page
    models.Trial.objects.filter(pk=number).update(unit="order", holdout=None)
    page = alice_the_admin.get(f"/practices/trials/{number}/").content.decode()
    assert f"POST /api/trials/{number}/arm" in page
    assert "半分の注文" in page


def test_its_lot_is_no_effect_and_ends_with_it(buying: Snapshot, alice_the_admin: Client) -> None:
    made = services.draw(TrialPlan("packaging", "customer", ahead(1), ahead(60)), by="alice")
    number = made.holdout or 0

    assert number not in [one.id for one in holdouts.holdouts()]
    with pytest.raises(holdouts.NoSuchHoldout):
        effects.result(number)
    assert alice_the_admin.get(f"/practices/trials/{made.id}/").status_code == 200
    assert f"/practices/trials/{made.id}/" in alice_the_admin.get("/effects/").content.decode()
    services.call_off(made.id, by="alice")
    assert holdouts.holdout(number).closed_at is not None
