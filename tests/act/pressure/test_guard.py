"""What is beyond its limit is told, stops itself where asked, and goes on when settled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from joren.act.campaigns import models as campaign_models
from joren.act.messages import models as sent
from joren.act.messages import services as sending
from joren.act.messages.services.delivering import claiming
from joren.act.pressure import models, selectors, services
from joren.act.pressure.contracts import BadLimits, Limits, NoSuchAlarm
from joren.core import clock
from joren.protect.audit import selectors as audit
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import Said
from tests.act.messages.cast import a_template, people

pytestmark = pytest.mark.django_db
MANY = 400


@pytest.fixture
def errand(home: Path) -> int:
    """A campaign of which four hundred mails left two days ago, and twenty were left out by lot."""
    now = clock.now()
    campaign = campaign_models.Campaign.objects.create(
        name="春の割引", segment_id=1, variants=[], expires_hours=48, share=0.1, state="sending",
        salt="s", made_by="tests", changed_at=now,
    )  # fmt: skip
    template = sending.create(a_template(kind="incentive"), by="tests")
    number = sending.errand("campaign", campaign.pk, "1", template.id)
    people(range(1, 61))
    _rows(number, range(1, MANY + 1), "sent")
    _rows(number, range(1_001, 1_021), "held_out")
    return number


def _rows(errand: int, customers: range, state: str) -> None:
    at = clock.now() - timedelta(days=2)
    sent.Send.objects.bulk_create(
        sent.Send(
            errand_id=errand, customer_id=who, occurrence=1, state=state, asked_at=at,
            sent_at=at if state == "sent" else None, counted_at=at,
        )
        for who in customers
    )  # fmt: skip


def _refuse(customers: range) -> None:
    for who in customers:
        consent.record(who, Said("email", "marketing", "withdrawn", "one_click"), by="")


def _limits(errand: int, **changes: object) -> None:
    number = sent.Errand.objects.get(pk=errand).source_id
    services.set_limits(Limits(**changes), source="campaign", source_id=number, by="tests")  # type: ignore[arg-type]


def _may_leave(errand: int) -> bool:
    class Mail:
        name = "email"
        send = None

    now = clock.now()
    sent.Send.objects.create(
        errand_id=errand, customer_id=7_000 + sent.Send.objects.count(), occurrence=1,
        state="waiting", asked_at=now, next_at=now, counted_at=now,
    )  # fmt: skip
    return claiming.is_due(Mail(), now)  # type: ignore[arg-type]


def test_refusals_count_against_the_last_mail_before_them(errand: int) -> None:
    _refuse(range(1, 13))
    sent.Send.objects.filter(customer_id=1).update(sent_at=clock.now() - timedelta(days=8))

    shop, campaign = selectors.watched()

    assert (shop.name, campaign.name, campaign.delivered) == ("", "春の割引", MANY)
    assert campaign.judged[0].bad == 11
    assert campaign.judged[0].verdict == "beyond"
    assert [one.verdict for one in campaign.judged[1:]] == ["unsure", "unsure"]


def test_an_alarm_is_raised_once_and_ends_by_itself_where_nothing_was_stopped(errand: int) -> None:
    _refuse(range(1, 13))

    first, again = services.look(), services.look()

    assert {one.source for one in first} == {"", "campaign"}
    assert again == []
    assert _may_leave(errand)
    services.set_limits(Limits(unsubscribes=0.2), by="tests")
    services.look()
    assert selectors.open_alarms() == []


def test_what_is_to_stop_itself_stops_and_goes_on_when_somebody_has_looked(errand: int) -> None:
    _limits(errand, stops=True)
    _refuse(range(1, 13))

    alarm = next(one for one in services.look() if one.source)

    assert alarm.stopped
    assert not _may_leave(errand)
    assert selectors.watched()[1].held_at is not None
    with pytest.raises(BadLimits):
        services.settle(alarm.id, why=" ", by="tests")
    services.settle(alarm.id, why="宛先の条件を直した", by="tests")
    assert _may_leave(errand)
    assert selectors.watched()[1].judged[0].bad == 0  # counted anew from now on
    assert services.look() == []
    with pytest.raises(NoSuchAlarm):
        services.settle(alarm.id, why="again", by="tests")
    kinds = {one.action for one in audit.entries(limit=50).items}
    assert {"pressure.stopped", "pressure.alarm_settled"} <= kinds


def test_reports_of_spam_and_bounces_are_told_by_errand(errand: int) -> None:
    rows = list(sent.Send.objects.filter(state="sent").values_list("pk", flat=True)[:30])
    for place, pk in enumerate(rows):
        kind, reason = ("bounced", "bounced") if place < 10 else ("complained", "spam")
        sent.Feedback.objects.create(
            provider="tests", key=str(pk), kind=kind, reason=reason, number=str(pk), send_id=pk,
            at=clock.now(), received_at=clock.now(), state="done",
        )  # fmt: skip

    campaign = selectors.watched()[1]

    assert (campaign.delivered, campaign.judged[1].bad) == (MANY - 10, 20)
    assert campaign.judged[1].verdict == "beyond"


def test_pressure_of_one_person_and_of_all(errand: int) -> None:
    week, month, _ = selectors.pressure_of(3)

    assert (week.messages, week.weighed, week.allowed) == (1, 1.0, 3)
    assert month.share == pytest.approx(7 / 90)
    whole = selectors.spread(7)
    assert (whole.reached, whole.over, whole.median) == (MANY, 0, pytest.approx(1 / 3))
    services.set_weights({"incentive": 4}, by="tests")
    assert selectors.spread(7).over == MANY
    assert models.Weights.objects.count() == 1


def test_a_stopped_campaign_sends_none_of_its_steps(errand: int) -> None:
    number = sent.Errand.objects.get(pk=errand).source_id
    template = sending.create(a_template(name="後の段", kind="incentive"), by="tests").id
    order = sending.create(a_template(name="注文", kind="transactional"), by="tests").id
    unsent = sending.errand("campaign", number, "2", template)
    _limits(errand, stops=True)
    _refuse(range(1, 13))

    alarm = next(one for one in services.look() if one.source)
    new = sending.errand("campaign", number, "3", template)
    word_of_an_order = sending.errand("campaign", number, "4", order)

    def held() -> dict[int, bool]:
        rows = sent.Errand.objects.filter(source="campaign", source_id=number)
        return {pk: at is not None for pk, at in rows.values_list("pk", "held_at")}

    assert held() == {errand: True, unsent: True, new: True, word_of_an_order: False}
    assert not _may_leave(new)
    sent.Errand.objects.filter(pk=new).update(held_at=None)  # it came while the others were held
    services.look()
    assert held()[new]
    services.settle(alarm.id, why="宛先の条件を直した", by="tests")
    assert not any(held().values())
