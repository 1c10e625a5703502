"""Actions of one kind on the page Effects, for programs and in the terminal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.act.campaigns import models as campaigns
from joren.act.campaigns import services as sending
from joren.decide.holdouts import models, services
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import selectors
from joren.measure.experiments import services as reading
from joren.measure.experiments.commands import effects_app
from joren.measure.experiments.contracts import Likeness
from joren.measure.experiments.selectors import concluding
from joren.understand.ltv import selectors as values
from tests.act.campaigns.test_campaigns import a_plan, template
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def repeated(drawn: Holdout) -> tuple[Holdout, Holdout]:
    """The same audience twice, a year and half a year ago."""
    assert drawn.segment_id
    again = services.divide(drawn.segment_id, name="夏のDM", share=0.5, by="alice")
    reached(drawn, 400)
    reached(again, 200)
    return drawn, again


def test_what_was_done_to_one_audience_is_read_together_and_apart(
    repeated: tuple[Holdout, Holdout], alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = repeated
    assert one.segment_id
    live = selectors.results_and_pools()[1]
    reading.read_effects()
    monkeypatch.setattr(concluding, "counted", None)  # nothing is counted anew

    (found,) = selectors.results_and_pools()[1]
    page = alice_the_admin.get("/effects/").content.decode()
    told = alice_the_admin.get("/api/effects/pools").json()["items"]
    said = json.loads(CliRunner().invoke(effects_app, ["pools", "--json"]).output)
    shown = CliRunner().invoke(effects_app, ["pools"]).output

    assert [found] == live
    assert found.likeness == Likeness("audience", one.segment_id, "全員")
    assert found.customers == one.customers + other.customers
    assert [each.name for each in found.actions] == ["夏のDM", "春のDM"]
    # Forty customers prove nothing, not even twice; and two do not tell how much actions differ.
    assert (found.evidence, found.per_customer.value) == ("too_small", None)
    assert all(each.drawn.value is None for each in found.actions)
    assert "同じ種類の施策をまとめて読む" in page
    assert "各施策と同じ種類の全体" in page
    assert told[0]["actions"][1]["name"] == said[0]["actions"][1]["name"] == "春のDM"
    assert "夏のDM" in shown


def test_actions_without_their_first_days_or_with_broken_arms_are_not_read_together(
    repeated: tuple[Holdout, Holdout],
) -> None:
    one, other = repeated
    reached(other, 80)
    young = selectors.results_and_pools()[1]
    reached(other, 200)
    models.Holdout.objects.filter(pk=one.id).update(treated=one.treated + 3)

    assert young == []
    assert selectors.results_and_pools()[1] == []


def test_campaigns_are_alike_by_their_message_and_by_what_it_says(
    repeated: tuple[Holdout, Holdout],
) -> None:
    spring, autumn = template("春"), template("秋")
    assert repeated[0].segment_id
    third = services.divide(repeated[0].segment_id, name="三", share=0.5, by="alice")
    models.Holdout.objects.filter(pk=third.id).update(
        treated_on=values.snapshot().as_of - timedelta(days=300)
    )
    for place, (lot, number) in enumerate(
        zip((*repeated, third), (spring, spring, autumn), strict=True)
    ):
        plan = sending.plan(a_plan(lot.segment_id or 0, number, name=f"{place}"), by="alice")
        campaigns.Campaign.objects.filter(pk=plan.id).update(holdout_id=lot.id)

    found = selectors.results_and_pools()[1]

    assert [(one.likeness.kind, len(one.actions)) for one in found] == [
        ("message", 2), ("content", 3),
    ]  # fmt: skip
    assert found[0].likeness.name == "春"
