"""A campaign asks for each of its audience once, and leaves a part out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.act.campaigns import selectors, services
from joren.act.campaigns.commands import campaigns_app
from joren.act.campaigns.contracts import (
    BadCampaign,
    CampaignNameTaken,
    CampaignUnderWay,
    Plan,
    Variant,
)
from joren.act.campaigns.rules import variants_of
from joren.act.campaigns.services import asking, launching
from joren.act.journeys import services as journeys
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.core import clock
from joren.core.errors import NotFound
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Did, Is
from joren.understand.ltv.contracts import NoSnapshot
from tests.act.journeys.cast import a_journey
from tests.act.messages.cast import a_template
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 3, tzinfo=UTC)
WILLING = CUSTOMERS - 10


def template(name: str = "新着") -> int:
    return messages.create(a_template(name=name), by="alice").id


def a_plan(segment: int, *templates: int, name: str = "冬の便り") -> Plan:
    chosen = tuple(Variant(one) for one in templates or [template()])
    return Plan(name, segment, chosen, NOON, share=0.25)


def launch() -> list[int]:
    parts = []
    while some := services.launch_due():
        parts.append(some)
    return parts


def test_everybody_is_asked_for_once_and_a_part_is_left_out(everybody: int) -> None:
    one = services.plan(a_plan(everybody, template("甲"), template("乙")), by="alice")
    assert launch() == []  # a draft goes nowhere
    services.schedule(one.id, by="alice")

    assert launch() == [30, 30, 20]
    assert launch() == []

    done = selectors.campaign(one.id)
    assert (done.state, done.asked) == ("sent", CUSTOMERS)
    lot = holdouts.holdout(done.holdout or 0)
    assert lot.customers == CUSTOMERS
    assert lot.treated_on == clock.shop_day(NOON, "Asia/Tokyo")
    rows = ledger.Send.objects.all()
    assert len({row.customer_id for row in rows}) == len(rows) == CUSTOMERS
    held = set(holdouts.customers_of(lot.id, "held_out"))
    assert {row.customer_id for row in rows if row.lot is not None} == held
    counts = selectors.counts(one.id)
    assert sum(n for (_, state, _), n in counts.items() if state != "suppressed") == WILLING
    assert {variant for variant, *_ in counts} == {"1", "2"}


def test_a_part_tries_the_messages_and_the_rest_gets_the_winner(everybody: int) -> None:
    wanted = replace(a_plan(everybody, template("甲"), template("乙")), test_share=0.5)
    one = services.plan(wanted, by="alice")
    services.schedule(one.id, by="alice")

    assert sum(launch()) == CUSTOMERS
    waits = selectors.campaign(one.id)
    first = set(ledger.Send.objects.values_list("customer_id", flat=True))
    tried = selectors.tried(one.id)

    assert waits.state == "testing"
    assert len(first) == waits.asked
    assert 0 < waits.asked < CUSTOMERS
    assert set(tried["customer_id"].to_pylist()) <= first
    assert set(tried["variant"].to_pylist()) == {1, 2}
    services.send_rest(one.id, winner=2, by="alice")
    launch()
    done = selectors.campaign(one.id)
    assert (done.state, done.asked, done.winner) == ("sent", CUSTOMERS, 2)
    rest = ledger.Send.objects.exclude(customer_id__in=first)
    steps = dict(ledger.Errand.objects.values_list("pk", "step"))
    assert {steps[row.errand_id] for row in rest} == {"2"}
    assert ledger.Send.objects.count() == CUSTOMERS
    assert selectors.tried(one.id).equals(tried)  # the rest is no part of the comparison
    with pytest.raises(CampaignUnderWay):
        services.send_rest(one.id, winner=1, by="alice")


@pytest.mark.parametrize(
    "changes", [{"test_share": 0.01}, {"test_share": 0.5}, {"look_days": 1}, {"sends_winner": True}]
)
def test_a_comparison_that_cannot_be_made_is_refused(
    everybody: int, changes: dict[str, float]
) -> None:
    with pytest.raises(BadCampaign):
        services.plan(replace(a_plan(everybody), **changes), by="alice")  # type: ignore[arg-type]


def test_why_somebody_got_none_is_answered_on_their_page(
    everybody: int, alice_the_admin: Client
) -> None:
    services.schedule(services.plan(a_plan(everybody), by="alice").id, by="alice")
    launch()
    row = ledger.Send.objects.filter(reason="no_consent:unasked").first()
    assert row is not None

    told = alice_the_admin.get(f"/api/customers/{row.customer_id}/messages").json()["items"]
    page = alice_the_admin.get(f"/customers/{row.customer_id}/").content.decode()

    assert [(one["state"], one["reason"]) for one in told] == [("suppressed", row.reason)]
    assert "新着" in page


def test_messages_of_a_customer_come_in_slices_the_newest_first(
    everybody: int, alice_the_admin: Client
) -> None:
    mail = template()
    for name in ("first", "second"):
        one = services.plan(a_plan(everybody, mail, name=name), by="alice")
        services.schedule(one.id, by="alice")
        launch()
    row = ledger.Send.objects.earliest("pk")
    address = f"/api/customers/{row.customer_id}/messages"

    whole = alice_the_admin.get(address).json()
    first = alice_the_admin.get(address, {"limit": 1}).json()
    second = alice_the_admin.get(address, {"limit": 1, "after": first["next"]}).json()

    assert len(whole["items"]) == 2
    assert [*first["items"], *second["items"]] == whole["items"]
    assert whole["next"] == second["next"] == ""


def test_after_a_crash_it_goes_on_where_it_was(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = services.plan(a_plan(everybody), by="alice")
    services.schedule(one.id, by="alice")
    asked = asking.sending.ask_together
    services.launch_due()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(asking.sending, "ask_together", crash)
    with pytest.raises(KeyboardInterrupt):
        services.launch_due()
    monkeypatch.setattr(asking.sending, "ask_together", asked)

    assert launch() == [30, 20]
    assert ledger.Send.objects.count() == CUSTOMERS
    assert len(holdouts.holdouts()) == 1


def test_what_has_begun_and_cannot_go_on_is_ended_and_says_why(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = services.plan(a_plan(everybody), by="alice")
    services.schedule(one.id, by="alice")
    services.launch_due()

    def refuses(*_: object) -> None:
        raise NoSnapshot("the figures are gone")

    monkeypatch.setattr(launching, "worth_of", refuses)

    assert launch() == []
    ended = selectors.campaign(one.id)
    assert (ended.state, "figures are gone" in ended.trouble) == ("cancelled", True)
    with pytest.raises(CampaignUnderWay):
        services.change(one.id, one.plan, by="alice")


def test_a_form_keeps_the_weights_that_it_does_not_show(
    everybody: int, alice_the_admin: Client
) -> None:
    chosen = tuple(Variant(template(name), 9 - place) for place, name in enumerate("甲乙丙丁"))
    one = services.plan(replace(a_plan(everybody), variants=chosen), by="alice")
    said = {
        f"template_{place}": str(each.template) for place, each in enumerate(chosen[:3], start=1)
    }

    said |= {"name": "改名", "segment": str(everybody), "send_at": "", "expires_hours": "48"}
    done = alice_the_admin.post(f"/campaigns/{one.id}/plan/", said | {"share": "10", "reason": ""})

    assert done.status_code == 302
    assert selectors.campaign(one.id).plan.variants == chosen


def test_what_is_called_off_does_not_leave(everybody: int) -> None:
    one = services.plan(a_plan(everybody), by="alice")
    services.schedule(one.id, by="alice")
    services.launch_due()

    services.call_off(one.id, by="alice")

    assert launch() == []
    assert not ledger.Send.objects.filter(state__in=("waiting", "deferred")).exists()
    for verb in (services.schedule, services.call_off):
        with pytest.raises(CampaignUnderWay):
            verb(one.id, by="alice")
    with pytest.raises(CampaignUnderWay):
        services.change(one.id, one.plan, by="alice")


def test_a_rehearsal_sends_nothing_and_says_what_the_gate_says(everybody: int) -> None:
    one = services.plan(a_plan(everybody), by="alice")

    found = services.rehearse(one.id)

    assert (found.audience, found.tried) == (CUSTOMERS, CUSTOMERS)
    assert found.reasons == {
        ("waiting", ""): WILLING,
        ("suppressed", "no_consent:unasked"): CUSTOMERS - WILLING,
    }
    assert ledger.Send.objects.count() == 0
    assert holdouts.holdouts() == []


def test_a_segment_that_rests_on_unreliable_data_is_told_before_it_is_let_go(
    everybody: int, alice_the_admin: Client
) -> None:
    cart = Did("Product Added", "times", "at_most", (3,))
    shaky = segments.create("カート", cart, by="alice")
    one = services.plan(a_plan(shaky.id), by="alice")
    sound = services.plan(replace(a_plan(everybody, template("乙")), name="全員へ"), by="alice")

    page = alice_the_admin.get(f"/campaigns/{one.id}/").content.decode()
    told = alice_the_admin.post(f"/api/campaigns/{one.id}/rehearsal").json()

    assert 'id="unreliable"' in page
    assert "イベントがまだ届いていません" in page
    assert [each["use"] for each in told["cautions"]] == ["events"]
    assert [each.use for each in services.rehearse(one.id).cautions] == ["events"]
    assert "イベントがまだ" not in alice_the_admin.get(f"/campaigns/{sound.id}/").content.decode()


def test_a_journey_that_starts_by_such_a_segment_tells_it_too(
    everybody: int, alice_the_admin: Client
) -> None:
    shaky = segments.create("~", Did("Product Added", "times", "at_most", (3,)), by="alice")
    wait = {"id": "w", "do": "wait", "minutes": 60, "then": "end"}
    starts = [{"kind": "segment", "segment": each} for each in (everybody, shaky.id)]

    made = journeys.create(a_journey([wait], triggers=starts), by="alice")

    page = alice_the_admin.get(f"/journeys/{made.id}/").content.decode()
    assert 'id="unreliable"' in page
    assert "イベントがまだ届いていません" in page


def test_an_audience_too_small_for_a_lot_waits_as_a_draft_and_says_why(everybody: int) -> None:
    few = segments.create("少数", Is("orders", "at_least", (10_000,)), by="alice")
    with pytest.raises(BadCampaign, match="nobody belongs"):
        services.schedule(services.plan(a_plan(few.id), by="alice").id, by="alice")
    one = services.plan(replace(a_plan(everybody, template("乙")), name="少数へ"), by="alice")
    services.schedule(one.id, by="alice")
    segments.change(everybody, rule=few.rule, by="alice", why="fewer")

    assert launch() == []

    back = selectors.campaign(one.id)
    assert (back.state, "too few" in back.trouble) == ("draft", True)


def test_a_plan_that_nobody_could_carry_out_is_refused(everybody: int) -> None:
    good = a_plan(everybody)
    services.plan(good, by="alice")

    with pytest.raises(CampaignNameTaken):
        services.plan(good, by="alice")
    for wrong in (
        replace(good, name=" "), replace(good, variants=()), replace(good, share=0),
        replace(good, share=0.7), replace(good, expires_hours=0),
        replace(good, variants=(*good.variants, *good.variants)),
    ):  # fmt: skip
        with pytest.raises(BadCampaign):
            services.plan(wrong, by="alice")
    with pytest.raises(NotFound):
        services.plan(replace(good, name="x", segment=999), by="alice")


def test_campaigns_of_one_week_that_share_customers_are_shown(everybody: int) -> None:
    one = services.plan(a_plan(everybody, name="甲"), by="alice")
    near = replace(one.plan, name="乙", send_at=NOON + timedelta(days=3))
    far = replace(one.plan, name="丙", send_at=NOON + timedelta(days=30))
    planned = [one, *(services.plan(each, by="alice") for each in (near, far))]

    (close,) = selectors.collisions(planned)

    assert (close.one.id, close.other.id) == (one.id, planned[1].id)
    assert (close.customers, close.hours_apart) == (CUSTOMERS, 72)


def test_each_gets_the_same_variant_each_time_and_weights_hold() -> None:
    customers = range(1, 20_001)
    first = variants_of(customers, [3, 1], "salt")

    assert first == variants_of(customers, [3, 1], "salt")
    assert 0.74 < first.count(0) / len(first) < 0.76
    assert first != variants_of(customers, [3, 1], "other")


def test_a_marketer_plans_tries_and_lets_it_go(everybody: int, alice_the_admin: Client) -> None:
    said = {
        "name": "年末セール", "segment": str(everybody), "template_1": str(template()),
        "send_at": "2026-12-01T12:00", "expires_hours": "48", "share": "0", "reason": "",
    }  # fmt: skip
    refused = alice_the_admin.post("/campaigns/new/", said)
    assert refused.status_code == 422
    made = alice_the_admin.post("/campaigns/new/", said | {"share": "25"})
    page = made["Location"]

    tried = alice_the_admin.post(f"{page}act/", {"do": "rehearse"}).content.decode()
    alice_the_admin.post(f"{page}act/", {"do": "schedule"})
    launch()
    after = alice_the_admin.get(page).content.decode()
    calendar = alice_the_admin.get("/campaigns/").content.decode()

    assert "同意" in tried or "agreed" in tried
    assert f">{CUSTOMERS}<" in after or f"{CUSTOMERS}" in after
    assert "年末セール" in calendar
    assert alice_the_admin.get(f"{page}plan/").status_code == 200


def test_the_command_line_plans_and_shows(everybody: int) -> None:
    run = CliRunner()
    arguments = ["plan", str(everybody), "--template", str(template()), "--name", "メルマガ"]
    planned = run.invoke(campaigns_app, [*arguments, "--at", "2026-12-01T12:00"])
    assert planned.exit_code == 0, planned.output
    number = planned.output.split()[0]

    for words in (["schedule", number], ["rehearse", number], ["show", number, "--json"], ["list"]):
        found = run.invoke(campaigns_app, words)
        assert found.exit_code == 0, found.output
    assert run.invoke(campaigns_app, ["call-off", number]).exit_code == 0
