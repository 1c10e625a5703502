"""Planned looks, what an audience can show, and projections beside what came."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.core import clock
from joren.decide.holdouts import models
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import models as experiments
from joren.measure.experiments import selectors
from joren.measure.experiments import services as saying
from joren.measure.experiments.commands import effects_app
from joren.measure.experiments.contracts import PlanTooLate
from joren.measure.experiments.selectors import counting
from joren.measure.reviews.selectors import agenda_now
from joren.understand.ltv import selectors as values
from tests.measure.experiments.cast import half_is_profit, reached

pytestmark = pytest.mark.django_db


def test_a_planned_look_is_taken_when_it_is_due_and_alone_decides(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    saying.plan(drawn.id, horizon_days=60, by="alice")
    reached(drawn, 50)
    saying.read_effects()
    early = selectors.result(drawn.id)
    reached(drawn, 70)
    saying.read_effects()
    saying.read_effects()

    found = selectors.result(drawn.id)

    assert early.planned is not None
    assert (early.evidence, early.p, early.weeks, early.planned.looks) == ("not_yet", None, 2, ())
    assert found.planned is not None
    (look,) = found.planned.looks
    assert (look.share, look.customers, look.evidence) == (1.0, drawn.customers, found.evidence)
    assert look.p == found.p
    monkeypatch.setattr(counting, "with_margin", half_is_profit)
    saying.say_cost(drawn.id, kind="messages", amount=90_000, by="alice")
    costed = selectors.result(drawn.id)
    assert (costed.metric, costed.realised.name) == (look.metric, found.realised.name)
    assert (costed.evidence, costed.planned) == (found.evidence, found.planned)
    assert costed.cost.total == 90_000
    with pytest.raises(PlanTooLate):
        saying.plan(drawn.id, by="alice")
    reached(drawn, -3)  # as newer figures of an earlier day would have it
    assert selectors.result(drawn.id).days == 0
    with pytest.raises(PlanTooLate):
        saying.plan(drawn.id, by="alice")


def test_a_win_names_its_days_and_is_flagged_when_more_days_say_something_else(
    alice_the_admin: Client, drawn: Holdout
) -> None:
    saying.plan(drawn.id, horizon_days=60, by="alice")
    reached(drawn, 70)
    saying.read_effects()
    look = experiments.Look.objects.get()
    look.document |= {"evidence": "proven_more", "p": 1e-6, "metric": "revenue"}
    look.save()
    young = selectors.result(drawn.id)
    reached(drawn, 400)

    found = selectors.result(drawn.id)

    assert (young.evidence, young.over_days, young.afterwards) == ("proven_more", 60, None)
    after, year = found.afterwards, selectors.horizons(drawn.id)[3]
    assert after is not None
    assert (found.over_days, after.days, found.faded) == (60, 365, True)
    assert after.per_customer.value == pytest.approx(year.per_customer.value)
    told = alice_the_admin.get(f"/api/holdouts/{drawn.id}/result").json()
    assert (told["over_days"], told["afterwards"]["evidence"]) == (60, after.evidence)
    page = alice_the_admin.get("/effects/").content.decode()
    assert "各顧客の最初の60日間" in page
    assert "→" in page
    assert "各顧客の最初の365日間" in page
    agenda = agenda_now(values.snapshot(), today=values.snapshot().as_of)
    (faded,) = [point for point in agenda if point.kind == "faded"]
    assert (faded.number, faded.days, faded.said) == (drawn.id, 365, after.evidence)
    shown = CliRunner().invoke(effects_app, ["show", str(drawn.id)]).output
    assert "(first 60 days)" in shown
    assert "(first 365 days)" in shown


def test_a_fixed_time_tells_what_is_kept_of_the_revenue(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 400)
    by_revenue = selectors.horizons(drawn.id)[3]
    monkeypatch.setattr(counting, "with_margin", half_is_profit)
    before_cost = selectors.horizons(drawn.id)[3]
    saying.say_cost(drawn.id, kind="messages", amount=drawn.treated * 30, by="alice")

    found = selectors.horizons(drawn.id)[3]

    assert (by_revenue.metric, by_revenue.kept) == ("revenue", by_revenue.per_customer)
    assert (before_cost.metric, found.metric) == ("margin", "profit")
    assert found.kept.value == pytest.approx((before_cost.kept.value or 0) - 30)
    assert found.per_customer == by_revenue.per_customer


def test_the_lift_and_the_money_say_the_same(drawn: Holdout) -> None:
    reached(drawn, 400)

    found = selectors.result(drawn.id)

    treated, control = (one.revenue / one.customers for one in found.arms)
    lift, money = found.lift, found.per_customer
    assert lift is not None
    assert lift.value == pytest.approx(treated / control - 1)
    assert None not in (lift.low, lift.high, money.low, money.high)
    assert ((lift.low or 0) > 0, (lift.high or 0) < 0) == (
        (money.low or 0) > 0,
        (money.high or 0) < 0,
    )


def test_what_nobody_planned_is_read_once_after_the_usual_time(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 5)
    as_of = values.snapshot().as_of
    saying.plan_by_itself(as_of + timedelta(days=30))  # the figures are old, the day is not
    none = selectors.plans([drawn.id])
    moment = datetime(as_of.year, as_of.month, as_of.day, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    saying.read_effects()

    found = selectors.result(drawn.id)

    assert none == {}
    assert found.planned is not None
    assert (found.planned.plan.made_by, found.planned.plan.horizon_days) == ("joren", 90)
    experiments.Plan.objects.all().delete()
    saying.read_effects()  # it was read: who plans now knows
    assert selectors.result(drawn.id).planned is None


def test_what_an_older_version_wrote_is_read_anew(drawn: Holdout) -> None:
    reached(drawn, 90)
    saying.read_effects()
    before = selectors.result(drawn.id)
    experiments.Reading.objects.update(document={"holdout_id": drawn.id})

    assert selectors.result(drawn.id) == before


def test_a_projection_is_held_against_what_came(
    alice_the_admin: Client, drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 250)
    saying.read_effects()
    early = selectors.result(drawn.id).projection
    # The same snapshot, as if the day of treatment lay further back: the year is over.
    models.Holdout.objects.filter(pk=drawn.id).update(
        treated_on=values.snapshot().as_of - timedelta(days=400)
    )
    experiments.Reading.objects.update(snapshot_id=0)  # of a refresh long before
    saying.read_effects()
    saying.read_effects()

    found = selectors.result(drawn.id)
    (row,) = selectors.board()
    page = alice_the_admin.get("/effects/?format=csv&table=board")
    told = alice_the_admin.get("/api/effects/board").json()["items"]
    shown = CliRunner().invoke(effects_app, ["board", "--json"])

    assert early is not None
    assert (early.label, early.actions) == ("not_yet_validated", 0)
    assert found.projection is None
    assert row.projected == row.uncorrected == early.per_customer.value
    assert row.age == 251
    horizon = selectors.horizons(drawn.id)[3]
    assert row.came == pytest.approx(horizon.per_customer.value)
    assert told[0]["came"] == row.came == json.loads(shown.output)[0]["came"]
    assert "春のDM" in b"".join(page.streaming_content).decode()  # type: ignore[attr-defined]


def test_the_page_that_divides_says_what_it_can_show(
    alice_the_admin: Client, drawn: Holdout
) -> None:
    number = drawn.segment_id
    page = alice_the_admin.get(f"/segments/{number}/holdout/?share=50&days=365&lift=20")
    told = alice_the_admin.get(f"/api/segments/{number}/design?share=0.5&days=365&lift=0.2").json()
    shown = CliRunner().invoke(
        effects_app, ["design", str(number), "--share", "0.5", "--days", "365", "--json"]
    )
    form = {"do": "plan", "days": "60", "lift": "10"}
    alice_the_admin.post(f"/holdouts/{drawn.id}/act/", form)
    planned = selectors.result(drawn.id)

    assert f"{told['needed']:,}" in page.content.decode()
    assert json.loads(shown.output)["smallest"] == told["smallest"]
    assert told["spend"]["value"] > 0
    assert selectors.plans([drawn.id])[drawn.id].horizon_days == 60
    assert planned.evidence == "not_yet"
