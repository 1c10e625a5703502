"""What a look said of profit is told by the cost as it is known now, and is no further look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from joren.core.figures import Figure
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import models, selectors
from joren.measure.experiments import services as saying
from joren.measure.experiments.contracts import EffectLook, Evidence, Metric
from joren.measure.experiments.rules import planning
from joren.measure.experiments.selectors import counting
from joren.science.inference import Effect, Sums, welch
from joren.science.inference.effects import two_sided
from tests.measure.experiments.cast import half_is_profit, reached

pytestmark = pytest.mark.django_db


def look(
    evidence: Evidence = "proven_more", metric: Metric = "profit", cost: float | None = 10.0
) -> EffectLook:
    told = Figure("effect_realised_per_customer", 100.0, "JPY", 900, 40.0, 160.0, 0.95)
    return EffectLook(2, 1.0, date(2026, 1, 9), 900, evidence, metric, told, 0.001, cost)


@given(st.floats(0, 500), st.sampled_from([(1.0,), (0.5, 1.0), (0.25, 0.6, 0.9)]))
def test_a_cost_moves_what_was_read_and_p_follows_the_limits(
    cost: float, shares: tuple[float, ...]
) -> None:
    found = planning.recosted(look(), cost, shares)

    told, moved = found.per_customer, 10.0 - cost
    assert (told.low, told.value, told.high) == pytest.approx(
        (40 + moved, 100 + moved, 160 + moved)
    )
    assert (found.evidence == "proven_more") is (40 + moved > 0)
    assert (found.evidence == "proven_less") is (160 + moved < 0)
    assert found.p is not None
    assert (found.p < 0.05) is (found.evidence != "not_proven") or found.p == pytest.approx(0.05)


def test_it_is_what_would_have_been_read_with_that_cost() -> None:
    arms = Sums(4000, 400_000, 90_000_000), Sums(4000, 440_000, 96_000_000)

    def at(cost: float) -> Effect:
        def net(level: float) -> Effect:
            bare = welch(*arms, level=level)
            away = abs(bare.estimate - cost) / bare.standard_error
            return replace(bare.net_of(cost), p=two_sided(away))

        return planning.at(net, 0.95, (0.5, 1.0))

    seen, told = at(2.0), look().per_customer
    taken = replace(
        look(cost=2.0), p=seen.p,
        per_customer=replace(told, value=seen.estimate, low=seen.low, high=seen.high),
    )  # fmt: skip

    found, wanted = planning.recosted(taken, 7.0, (0.5, 1.0)), at(7.0)

    assert found.per_customer.low == pytest.approx(wanted.low)
    assert found.p == pytest.approx(wanted.p, rel=0.01)


def test_what_knew_no_cost_becomes_profit_and_revenue_stays() -> None:
    margin = planning.recosted(look(metric="margin", cost=None), 200.0, (1.0,))
    revenue = look(metric="revenue", cost=None)
    older = look(cost=None)

    assert (margin.metric, margin.evidence, margin.cost_each) == ("profit", "proven_less", 200.0)
    assert planning.recosted(revenue, 200.0, (1.0,)) == revenue
    assert planning.recosted(older, 200.0, (1.0,)) == older
    assert planning.recosted(look(), None, (1.0,)) == look()
    assert planning.recosted(look("broken"), 500.0, (1.0,)).evidence == "broken"


def test_less_cost_does_not_prove_what_the_lot_dealt_anew_refused() -> None:
    assert planning.recosted(look("not_proven"), 0.0, (1.0,)).evidence == "not_proven"
    assert planning.recosted(look("not_proven"), 500.0, (1.0,)).evidence == "proven_less"


def test_a_verdict_does_not_stand_beside_a_cost_that_it_did_not_know(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    monkeypatch.setattr(counting, "with_margin", half_is_profit)
    saying.say_cost(drawn.id, kind="messages", amount=drawn.treated, by="alice")
    saying.plan(drawn.id, horizon_days=60, by="alice")
    reached(drawn, 70)
    saying.read_effects()
    row = models.Look.objects.get()
    first = selectors.result(drawn.id)
    row.document |= {"evidence": "proven_more", "p": 1e-6}
    row.document["per_customer"] |= {"value": 900.0, "low": 500.0, "high": 1300.0}
    row.save()

    before = selectors.result(drawn.id)
    saying.say_cost(drawn.id, kind="other", amount=drawn.treated * 600, by="alice")
    unsure = selectors.result(drawn.id)
    saying.say_cost(drawn.id, kind="other", amount=drawn.treated * 1400, by="alice")
    lost = selectors.result(drawn.id)
    page = alice_the_admin.get(f"/holdouts/{drawn.id}/").content.decode()
    saying.say_cost(drawn.id, kind="other", amount=None, by="alice")

    assert row.document["cost_each"] == pytest.approx(1.0)
    assert first.recosted is None
    assert (before.evidence, before.recosted) == ("proven_more", None)
    assert (unsure.evidence, lost.evidence) == ("not_proven", "proven_less")
    assert lost.recosted is not None
    assert lost.recosted.per_customer.high == pytest.approx(-100)
    assert lost.planned is not None
    assert lost.planned.looks[0].evidence == "proven_more"
    assert "いま分かっている費用で読み直した" in page
    assert selectors.result(drawn.id).evidence == "proven_more"
