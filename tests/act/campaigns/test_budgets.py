"""A campaign's own budget: the best go, the rest is put off and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from joren.act.campaigns import rules, selectors, services
from joren.act.campaigns.commands import campaigns_app
from joren.act.campaigns.contracts import BadCampaign, Campaign, Enough, Plan
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.act.messages.contracts import Policy, Quiet
from joren.core import clock
from joren.core.errors import BadInput
from tests.act.campaigns.test_campaigns import NOON, WILLING, a_plan, launch, template
from tests.act.messages.cast import a_template
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db
OPEN = Policy(quiet=None, costs={"email": 2})
moneys = st.lists(st.integers(0, 9), max_size=30)


def bound(segment: int, **budget: int) -> Plan:
    plan = a_plan(segment, template("甲"), template("乙"))
    return replace(plan, share=0, reason="試験", **budget)


def gone(plan: Plan) -> Campaign:
    one = services.plan(plan, by="alice")
    services.schedule(one.id, by="alice")
    launch()
    return selectors.campaign(one.id)


@pytest.mark.parametrize("budget", [{"most": 20}, {"most_cost": 41}, {"most": 50, "most_cost": 40}])
def test_all_its_messages_have_one_budget_and_who_has_most_to_expect_gets_them(
    everybody: int, budget: dict[str, int]
) -> None:
    messages.set_policy(OPEN, by="alice")

    one = gone(bound(everybody, **budget))

    assert (one.state, one.asked) == ("sent", CUSTOMERS)
    went = ledger.Send.objects.filter(state="waiting")
    cut = ledger.Send.objects.filter(state="deferred")
    assert (went.count(), cut.count()) == (20, WILLING - 20)
    assert {*cut.values_list("reason", flat=True)} == {"own_budget"}
    worths = [[*rows.values_list("worth", flat=True)] for rows in (went, cut)]
    assert min(worths[0]) >= max(worths[1])
    assert went.values("errand_id").distinct().count() == 2


def test_who_is_cut_is_asked_for_again_and_ends_with_the_reason(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages.set_policy(OPEN, by="alice")
    one = gone(bound(everybody, most=20))
    first = ledger.Send.objects.filter(state="waiting").order_by("pk")[:3]
    ledger.Send.objects.filter(pk__in=[row.pk for row in first]).update(expires_at=NOON)
    messages.expire()  # three waited too long, and give their room back

    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=25))
    messages.gate_again(1000)
    assert ledger.Send.objects.filter(state="waiting").count() == 20
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=50))
    messages.gate_again(1000)

    counted = selectors.counts(one.id)
    ended = sum(n for (_, *why), n in counted.items() if why == ["expired", "own_budget"])
    assert ended == WILLING - 23
    assert not any(state == "deferred" for _, state, _ in counted)


def test_a_dry_run_says_what_will_happen_even_at_night(everybody: int) -> None:
    night = Quiet((NOON - timedelta(hours=1)).time(), (NOON + timedelta(hours=20)).time())
    messages.set_policy(replace(OPEN, quiet=night), by="alice")
    plan = replace(bound(everybody, most=20), expires_hours=48)
    one = services.plan(plan, by="alice")

    asleep = services.rehearse(one.id)
    messages.set_policy(OPEN, by="alice")
    awake = services.rehearse(one.id, tried=30)

    assert ledger.Send.objects.count() == 0
    services.schedule(one.id, by="alice")
    launch()
    last = min(ledger.Send.objects.filter(state="waiting").values_list("worth", flat=True))
    assert asleep.enough == Enough(20, 40, WILLING - 20, last, 0)
    assert ("deferred", "own_budget") not in asleep.reasons
    assert awake.enough is not None
    assert (awake.tried, awake.enough.beyond) == (30, CUSTOMERS - 30)
    assert (awake.enough.leave, awake.enough.least_worth) == (20, last)


@pytest.mark.parametrize("left", [{"month_most": 8}, {"month_cost": 17}])
@pytest.mark.parametrize("asleep", [False, True])
def test_parts_of_a_dry_run_share_what_is_left_of_the_month(
    everybody: int, left: dict[str, int], asleep: bool
) -> None:
    messages.set_policy(OPEN, by="alice")
    first = bound(everybody, most=5)
    gone(first)
    month = {name: n + 5 * (2 if name == "month_cost" else 1) for name, n in left.items()}
    night = Quiet((NOON - timedelta(hours=1)).time(), (NOON + timedelta(hours=20)).time())
    policy = replace(OPEN, quiet=night if asleep else None, **month)
    messages.set_policy(policy, by="alice")
    again = replace(first, name="二度目", expires_hours=48, most=20)
    one = services.plan(again, by="alice")

    found = services.rehearse(one.id, tried=6)

    assert found.enough is not None
    assert (found.enough.leave, found.enough.cost) == (8, 16)
    assert 0 < found.enough.put_off <= found.tried - 8 < 12
    if asleep:
        assert ("waiting", "") not in found.reasons
    else:
        assert found.reasons["waiting", ""] == 8
        assert found.reasons["deferred", "budget"] == found.enough.put_off
        services.schedule(one.id, by="alice")
        launch()
        went = ledger.Send.objects.filter(occurrence=one.id, state="waiting")
        assert went.count() == 8
        assert min(went.values_list("worth", flat=True)) == found.enough.least_worth


def test_on_the_last_night_of_a_month_a_dry_run_spends_the_month_of_the_morning(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = Quiet(time(21), time(8))
    messages.set_policy(replace(OPEN, month_most=8, quiet=night), by="alice")
    first = bound(everybody, most=5)
    gone(first)
    again = replace(first, name="二度目", expires_hours=48, most=20)
    one = services.plan(again, by="alice")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=30, hours=11))

    found = services.rehearse(one.id)

    assert found.enough is not None
    assert (found.enough.leave, found.enough.cost) == (8, 16)


def test_whoever_is_left_out_takes_nothing_from_it(everybody: int) -> None:
    messages.set_policy(OPEN, by="alice")
    plan = replace(bound(everybody, most=15), share=0.25, reason="")
    one = services.plan(plan, by="alice")

    told = services.rehearse(one.id).enough

    assert told is not None
    assert (told.leave, told.cut) == (15, round((WILLING - 20) * 0.75))
    reasons = services.rehearse(one.id).reasons
    assert (reasons["waiting", ""], reasons["deferred", "own_budget"]) == (20, WILLING - 20)
    services.schedule(one.id, by="alice")
    launch()
    assert ledger.Send.objects.filter(state="waiting").count() == 15
    assert ledger.Send.objects.filter(state="held_out").exists()


def test_a_budget_that_is_enough_cuts_nobody(everybody: int) -> None:
    one = services.plan(bound(everybody, most=CUSTOMERS), by="alice")

    found = services.rehearse(one.id, tried=30)

    assert found.tried == CUSTOMERS
    assert found.enough == Enough(WILLING, None, 0, None, 0)


def test_a_budget_that_could_not_hold_is_refused(everybody: int) -> None:
    said = messages.create(a_template(name="発送", kind="transactional"), by="alice").id
    good = bound(everybody, most=10)
    wrong = {
        "1 or more": replace(good, most=0),
        "send it at one moment": replace(good, own_hour=True),
        "say it in the policy": replace(good, most_cost=100),
        "choose another template": replace(
            good, variants=(replace(good.variants[0], template=said),)
        ),
    }
    for hint, plan in wrong.items():
        with pytest.raises(BadCampaign) as refused:
            services.plan(plan, by="alice")
        assert hint in refused.value.hint
    with pytest.raises(BadInput):
        services.plan(replace(good, most_cost=10**30), by="alice")


@given(moneys, st.integers(0, 40), st.integers(0, 40), st.sampled_from([0.0, 0.1, 0.5]))
def test_the_budget_is_spent_from_the_first_on(
    costs: list[int], most: int, money: int, share: float
) -> None:
    found = rules.fits(np.array(costs, np.int64), share=share, most=most, most_cost=money)

    kept = int(found.sum())
    assert found[:kept].all()
    assert kept * (1 - share) <= most + 1e-5
    assert sum(costs[:kept]) * (1 - share) <= money + 1e-5
    if kept < len(costs):  # and not one fewer than it is enough for
        over = sum(costs[: kept + 1]) * (1 - share) > money
        assert over or (kept + 1) * (1 - share) > most


def test_the_page_says_it_in_both_languages(everybody: int, alice_the_admin: Client) -> None:
    messages.set_policy(OPEN, by="alice")
    said = {
        "name": "年末セール", "segment": str(everybody), "template_1": str(template()),
        "expires_hours": "48", "share": "0", "reason": "試験", "most": "1,0x",
    }  # fmt: skip
    assert alice_the_admin.post("/campaigns/new/", said).status_code == 422
    made = alice_the_admin.post("/campaigns/new/", said | {"most": "20", "most_cost": "1,000"})
    page = made["Location"]

    kept = alice_the_admin.get(f"{page}plan/").content.decode()
    tried = alice_the_admin.post(f"{page}act/", {"do": "rehearse"}).content.decode()
    english = alice_the_admin.post(
        f"{page}act/", {"do": "rehearse"}, headers={"accept-language": "en"}
    ).content.decode()

    assert 'value="20"' in kept
    assert 'value="1000"' in kept
    assert "最大20通 · 最大¥1,000" in tried
    assert f"見込みの低い方から約{WILLING - 20}通が送られません" in tried
    assert f"Its own budget would cut about {WILLING - 20}, those with least to expect" in english


def test_programs_and_the_command_line_say_it(everybody: int, alice_the_admin: Client) -> None:
    body = {
        "name": "冬", "segment": everybody, "variants": [{"template": template()}],
        "share": 0, "reason": "試験", "most": 20,
    }  # fmt: skip
    made = alice_the_admin.post("/api/campaigns", body, content_type="application/json").json()
    told = alice_the_admin.post(f"/api/campaigns/{made['id']}/rehearsal").json()
    run = CliRunner()
    arguments = ["plan", str(everybody), "--template", str(template("乙")), "--name", "春"]
    planned = run.invoke(campaigns_app, [*arguments, "--most", "20"])
    tried = run.invoke(campaigns_app, ["rehearse", planned.output.split()[0]])

    assert made["plan"]["most"] == 20
    assert (told["enough"]["leave"], told["enough"]["cut"]) == (20, WILLING - 20)
    assert "its own budget: about 20 messages leave" in tried.output, tried.output
    assert "goes first" in tried.output
