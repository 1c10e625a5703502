"""What the treated did more: against a count by hand, and where nothing may be said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil

import numpy as np
import pytest
from django.template.loader import render_to_string
from django.test import Client
from typer.testing import CliRunner

from joren.collect.customers.models import Customer
from joren.core import clock
from joren.decide.holdouts import models, services
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import selectors
from joren.measure.experiments import services as saying
from joren.measure.experiments.commands import effects_app
from joren.measure.experiments.rules import comparing
from joren.measure.experiments.rules.comparing import USUAL_DAYS
from joren.measure.experiments.selectors import concluding, counting
from joren.project.pages.views import design_parts
from joren.science.inference import Effect, Spend, newcombe, spend_effect, wants_permutation
from joren.science.inference.power import enough
from joren.science.inference.sequential import any_time
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import half_is_profit, reached

pytestmark = pytest.mark.django_db


def test_the_sums_of_both_arms_are_those_counted_by_hand(
    drawn: Holdout, refreshed_shop: Warehouse
) -> None:
    reached(drawn, 400)
    snapshot = values.snapshot()
    first = snapshot.as_of - timedelta(days=400)
    rows = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, PURCHASED))

    found = selectors.result(drawn.id)

    spends = []
    for arm, told in zip(("treated", "held_out"), found.arms, strict=True):
        people = set(holdouts.customers_of(drawn.id, arm, limit=10_000))
        theirs = [r for r in rows if r["customer_id"] in people and r["ordered_on"] >= first]
        spent: dict[int, int] = dict.fromkeys(people, 0)
        for row in theirs:
            spent[row["customer_id"]] += row["revenue"]
        money = np.array(list(spent.values()), dtype=float)
        assert (told.customers, told.orders, told.revenue) == (
            len(people), len(theirs), int(money.sum()),
        )  # fmt: skip
        assert told.buyers == int((money > 0).sum())
        spends.append(Spend.of(len(people), money[money > 0]))
    treated, control = spends
    wanted = any_time(
        lambda level: spend_effect(control, treated, level=level),
        found.days / USUAL_DAYS["segment"],
    )
    assert wants_permutation(control, treated)
    assert found.days == 401
    assert found.per_customer.value == pytest.approx(wanted.estimate)
    assert (found.per_customer.low, found.per_customer.high) == pytest.approx(
        (wanted.low, wanted.high)
    )
    assert found.together.value == pytest.approx(wanted.estimate * drawn.treated)
    shares = newcombe((control.buyers, control.n), (treated.buyers, treated.n))
    assert found.conversion.value == pytest.approx(shares.estimate)


def test_whoever_was_merged_since_is_looked_for_under_whom_they_are_now(drawn: Holdout) -> None:
    reached(drawn, 400)
    treated = holdouts.customers_of(drawn.id, "treated", limit=10_000)
    left_out = holdouts.customers_of(drawn.id, "held_out", limit=10_000)
    before = selectors.result(drawn.id)
    old, young = sorted(treated[:2])
    some = {old, young, treated[2], left_out[0]}
    Customer.objects.bulk_create(Customer(pk=one) for one in some)
    Customer.objects.filter(pk=young).update(merged_into_id=old)
    within = selectors.result(drawn.id)
    Customer.objects.filter(pk=max(treated[2], left_out[0])).update(
        merged_into_id=min(treated[2], left_out[0])
    )

    across = selectors.result(drawn.id)

    # They stay two of their arm: that it made somebody known moves no money per customer.
    assert within.arms == before.arms
    assert within.per_customer == before.per_customer
    assert (within.in_both, across.in_both) == (0, 1)
    assert [arm.customers for arm in across.arms] == [drawn.treated, drawn.held_out]
    assert across.evidence == "broken"  # one of forty is more than one of a hundred


def test_few_buyers_are_dealt_anew_before_anything_is_called_proven(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 400)
    asked: list[float] = []

    def told(p: float) -> str:
        def dealt(*_: object) -> float:
            asked.append(p)
            return p

        monkeypatch.setattr(counting, "permutation", dealt)
        return selectors.result(drawn.id).evidence

    clear = Effect(9.0, 1.0, 17.0, 0.95, 1e-9, (40, 40), "two_part")
    monkeypatch.setattr(
        comparing, "spend_effect", lambda *_, permutation_p, **__: replace(
            clear, permutation_p=permutation_p
        )
    )  # fmt: skip

    assert (told(1e-9), told(0.6)) == ("proven_more", "not_proven")
    assert set(asked) == {1e-9, 0.6}


def test_the_same_lot_is_dealt_anew_in_the_same_way(drawn: Holdout) -> None:
    reached(drawn, 400)

    assert selectors.result(drawn.id) == selectors.result(drawn.id)


def test_before_anybody_was_reached_nothing_is_known(drawn: Holdout) -> None:
    found = selectors.result(drawn.id)

    assert (found.evidence, found.days, found.arms) == ("not_yet", 0, ())
    assert found.together.value is None
    assert found.together.why


def test_figures_that_end_before_the_treatment_say_nothing(drawn: Holdout) -> None:
    reached(drawn, -3)

    found = selectors.result(drawn.id)

    assert found.evidence == "not_yet"
    assert "end before" in found.per_customer.why


def test_a_day_with_hardly_a_buyer_is_too_small_to_read(drawn: Holdout) -> None:
    reached(drawn, 0)

    found = selectors.result(drawn.id)

    assert found.evidence == "too_small"
    assert found.per_customer.value is None


def test_nothing_is_concluded_from_arms_that_are_not_as_drawn(drawn: Holdout) -> None:
    reached(drawn, 400)
    models.Holdout.objects.filter(pk=drawn.id).update(treated=drawn.treated + 3)

    assert selectors.result(drawn.id).evidence == "broken"


def test_pages_programs_and_the_terminal_say_the_same(
    alice_the_admin: Client, drawn: Holdout
) -> None:
    reached(drawn, 400)
    found = selectors.result(drawn.id)

    listed = alice_the_admin.get("/effects/").content.decode()
    page = alice_the_admin.get(f"/holdouts/{drawn.id}/").content.decode()
    told = alice_the_admin.get(f"/api/holdouts/{drawn.id}/result").json()
    every = alice_the_admin.get("/api/effects").json()["items"]
    form = {"do": "costs", "messages": "0", "coupons": "1,200", "goods": ""}
    assert alice_the_admin.post(f"/holdouts/{drawn.id}/act/", form).status_code == 302
    costed = alice_the_admin.put(
        f"/api/holdouts/{drawn.id}/costs/coupons", {"amount": 0}, content_type="application/json"
    ).json()
    for kind in ("coupons", "messages"):
        saying.say_cost(drawn.id, kind=kind, amount=None, by="alice")
    curve = alice_the_admin.get(f"/api/holdouts/{drawn.id}/curve").json()["items"]
    said = json.loads(CliRunner().invoke(effects_app, ["show", str(drawn.id), "--json"]).output)
    shown = CliRunner().invoke(effects_app, ["show", str(drawn.id)]).output
    table = CliRunner().invoke(effects_app, ["list"]).output

    assert "春のDM" in listed
    assert 'id="cost-twice"' in page
    assert (costed["cost"]["total"], costed["cost"]["said"]) == (0, {"coupons": 0, "messages": 0})
    assert str(curve[0]["days"]) in CliRunner().invoke(
        effects_app, ["curve", str(drawn.id)]
    ).output  # fmt: skip
    assert found.first is not None
    assert found.first.isoformat() in page
    assert told["together"]["value"] == found.together.value == said["together"]["value"]
    assert every == [told]
    assert f"{found.arms[0].buyers:,}" in shown
    assert "春のDM" in table


def test_an_empty_page_says_how_to_begin(
    alice_the_admin: Client,
    refreshed_shop: Warehouse,
) -> None:
    assert "/segments/" in alice_the_admin.get("/effects/").content.decode()


def test_a_cost_is_taken_off_and_an_unsaid_one_is_unknown(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "with_margin", half_is_profit)
    reached(drawn, 400)
    before = selectors.result(drawn.id)
    saying.say_cost(drawn.id, kind="coupons", amount=2_000, by="alice")
    saying.say_cost(drawn.id, kind="messages", amount=400, by="alice")
    found = selectors.result(drawn.id)
    saying.say_cost(drawn.id, kind="coupons", amount=None, by="alice")
    saying.say_cost(drawn.id, kind="messages", amount=None, by="alice")

    assert (before.metric, before.cost.total, before.roi.value) == ("margin", None, None)
    assert (found.metric, found.cost.total) == ("profit", 2_400)
    together, more = found.realised.value, before.realised.value
    assert together is not None
    assert more is not None
    assert together == pytest.approx(more - 2_400)
    assert found.roi.value == pytest.approx(together / 2_400)
    assert selectors.result(drawn.id) == before


def test_what_a_refresh_read_stands_until_it_rests_on_something_else(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 400)
    live = selectors.result(drawn.id)
    saying.read_effects()
    count, counted = concluding.counted, []
    monkeypatch.setattr(
        concluding, "counted", lambda *of, **more: counted.append(of) or count(*of, **more)
    )

    assert selectors.result(drawn.id) == live
    assert selectors.courses()[drawn.id][live.metric] == [
        (live.last, live.realised_per_customer.value)
    ]
    # Who has come since is of the next refresh; what somebody says is not.
    models.Holdout.objects.filter(pk=drawn.id).update(treated=drawn.treated + 1)
    assert selectors.result(drawn.id) == live
    assert drawn.segment_id
    (outcome,) = selectors.outcomes_of(drawn.segment_id)
    assert (outcome.evidence, outcome.together) == (live.evidence, live.realised)
    assert not counted
    saying.say_cost(drawn.id, kind="goods", amount=1, by="alice")
    assert selectors.result(drawn.id).cost != live.cost
    assert counted


def test_the_curve_ends_where_nobody_has_been_so_long(drawn: Holdout) -> None:
    reached(drawn, 100)

    found = selectors.curve(drawn.id)

    assert [one.days for one in found] == [7, 14, 21, 28, 42, 56, 70, 90]
    assert found[-1].revenue.value == selectors.horizons(drawn.id)[1].per_customer.value


def test_a_horizon_counts_the_first_days_of_those_who_have_had_them(
    drawn: Holdout, refreshed_shop: Warehouse
) -> None:
    reached(drawn, 100)
    snapshot = values.snapshot()
    first = snapshot.as_of - timedelta(days=100)
    rows = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, PURCHASED))

    found = {one.days: one for one in selectors.horizons(drawn.id)}

    sums = []
    for arm in ("treated", "held_out"):
        people = set(holdouts.customers_of(drawn.id, arm, limit=10_000))
        spent = [
            row["revenue"] for row in rows
            if row["customer_id"] in people and first <= row["ordered_on"] < first + timedelta(90)
        ]  # fmt: skip
        sums.append(sum(spent) / len(people))
    if found[90].per_customer.value is not None:
        assert found[90].per_customer.value == pytest.approx(sums[0] - sums[1])
    assert found[90].customers == found[90].drawn == drawn.customers
    for days in (180, 365):
        assert (found[days].evidence, found[days].customers) == ("not_yet", 0)


def test_whoever_comes_tells_how_long_it_takes_and_a_page_shows_it(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = values.snapshot()
    one = services.stand("お礼", share=0.5, by="alice")
    nobody = selectors.standing_design(one.id)
    bought = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, PURCHASED))
    numbers = sorted({row["customer_id"] for row in bought})
    day = snapshot.as_of - timedelta(days=69)
    moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    services.assign(one.id, numbers)
    services.log_arrivals(refreshed_shop)

    found = selectors.standing_design(one.id, days=365)

    assert nobody is None
    assert found is not None
    a_day = len(numbers) / 70
    assert (found.customers, found.share) == (round(a_day * 365), 0.5)
    since = snapshot.as_of - timedelta(days=365)
    spent = sum(row["revenue"] for row in bought if row["ordered_on"] > since)
    assert found.spend.value == pytest.approx(spent / len(numbers))
    assert found.needed is not None
    each = [sum(row["revenue"] for row in bought if row["customer_id"] == number
                and row["ordered_on"] > since) for number in numbers]  # fmt: skip
    past = Spend(len(each), sum(map(bool, each)), sum(each), sum(one * one for one in each))
    assert found.needed == enough(past, 0.5, found.lift, inflation=comparing.LOOKING_COSTS)
    # The last of them counts when their own year is over.
    assert found.weeks == ceil((found.needed / a_day + 365) / 7)
    shown = render_to_string("pages/_design.html", design_parts.of_holdout(one.id))
    assert f"{found.share:.1%}" in shown
    assert "1.9倍" in shown
    assert design_parts.of_holdout(None) == design_parts.of_segment(1, 0.0) == {}


def test_whoever_came_one_after_the_other_begins_on_the_day_they_came(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = values.snapshot()
    one = services.stand("お礼", share=0.5, by="alice")
    everybody = refreshed_shop.engine.rows(
        refreshed_shop.snapshots.table(snapshot.id, PURCHASED).select("customer_id").distinct()
    )
    numbers = sorted(row["customer_id"] for row in everybody)
    for some, days_ago in ((numbers[::2], 200), (numbers[1::2], 40)):
        day = snapshot.as_of - timedelta(days=days_ago)
        moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        services.assign(one.id, some)
    services.log_arrivals(refreshed_shop)

    found = {each.days: each for each in selectors.horizons(one.id)}
    until_now = selectors.result(one.id)

    assert [found[days].customers for days in (30, 90, 180, 365)] == [
        len(numbers), len(numbers[::2]), len(numbers[::2]), 0,
    ]  # fmt: skip
    assert until_now.first == snapshot.as_of - timedelta(days=200)
    assert sum(arm.customers for arm in until_now.arms) == len(numbers)
