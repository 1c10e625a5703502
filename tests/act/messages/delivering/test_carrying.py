"""What becomes of a row of the ledger, whatever the other side answers and whoever interferes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from joren.act.messages import channels, models, selectors, services
from joren.act.messages.contracts import MessageTooLate, NotUnknown, Outcome
from joren.act.messages.services.delivering import carrying, claiming, settling
from joren.act.messages.services.delivering.calling import Caller
from joren.act.messages.services.rendering import Scribe
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import Said
from tests.act.messages.cast import a_template, has_now
from tests.act.messages.delivering.ledger import (
    BODY,
    an_errand,
    states,
    waiting,
    willing,
)
from tests.act.messages.delivering.wire import NOW, Wire, at

pytestmark = pytest.mark.django_db


def test_each_gets_their_own_message_once_over_one_line(mail: Wire) -> None:
    willing([1, 2, 3])
    waiting(an_errand(), [1, 2, 3])

    first, second = services.deliver_some("email"), services.deliver_some("email")

    assert (first.states, second.rows, mail.opened) == ({"sent": 3}, 0, 1)
    assert [one.to for _, one in mail.asked] == [f"c{n}@shop.example" for n in (1, 2, 3)]
    assert all(one.text.startswith(f"客{one.about}さま") for _, one in mail.asked)
    assert all("List-Unsubscribe-Post" in one.headers for _, one in mail.asked)
    row = models.Send.objects.first()
    assert row is not None
    assert (row.provider_id, row.sent_at, row.next_at) == (f"<send-{row.pk}>", NOW, None)


def test_whoever_refuses_between_gate_and_call_gets_nothing(mail: Wire) -> None:
    willing([1, 2, 3])
    waiting(an_errand(), [1, 2, 3, 4])
    consent.record(1, Said("email", "marketing", "withdrawn", "one_click"), by="")
    models.Suppression.objects.create(
        customer_id=2, channel="email", reason="complaint", since=NOW - timedelta(days=1)
    )

    services.deliver_some("email")

    assert [one.about for _, one in mail.asked] == [3]
    assert states() == {
        ("suppressed", "no_consent:refused"): 1, ("suppressed", "suppressed:complaint"): 1,
        ("sent", ""): 1, ("suppressed", "gone"): 1,
    }  # fmt: skip
    assert models.Send.objects.exclude(state="sent").exclude(counted_at=None).count() == 0


def test_whoever_refuses_while_others_are_sent_gets_nothing(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = list(range(1, 13))
    willing(everybody)
    waiting(an_errand(), everybody)

    def refuse() -> None:
        if len(mail.asked) == 1:
            for number in (11, 12):
                consent.record(number, Said("email", "marketing", "withdrawn", "one_click"), by="")

    monkeypatch.setattr(mail, "during", refuse)
    services.deliver_some("email")

    assert [one.about for _, one in mail.asked] == everybody[:10]


def test_orders_and_shipping_reach_those_who_refused_news(mail: Wire) -> None:
    willing([1])
    consent.record(1, Said("*", "*", "withdrawn", "one_click"), by="")
    waiting(an_errand(kind="transactional", body="発送しました。"), [1])

    assert services.deliver_some("email").states == {"sent": 1}


def test_a_mailbox_that_is_typed_where_none_is_had_is_nobodys(mail: Wire) -> None:
    willing([1, 2])
    has_now(2, "noreply@shop.example")
    waiting(an_errand(), [1, 2])

    services.deliver_some("email")

    assert states() == {("suppressed", "no_address"): 1, ("sent", ""): 1}


def test_a_broken_template_and_a_missing_address_say_so(mail: Wire) -> None:
    willing([1, 2])
    waiting(an_errand(body="{% if"), [1])
    line = an_errand("line", name="LINE")
    waiting(line, [2])
    consent.record(2, Said("line", "marketing", "granted", "form"), by="member:1")

    services.deliver_some("email")
    services.deliver_some("line")

    assert mail.asked == []
    assert states() == {("suppressed", "broken_template"): 1, ("suppressed", "no_address"): 1}


@pytest.mark.parametrize(
    ("answer", "state", "tries"),
    [
        (Outcome("refused", reason="550"), "refused", 1),
        (Outcome("unknown", reason="broke"), "unknown", 1),
        (Outcome("unknown", reason="broke", again=True), "unknown", 1),
        (Outcome("refused", reason="451", again=True), "sent", 2),
    ],
)
def test_mail_is_never_sent_again_unless_it_has_certainly_not_left(
    mail: Wire, monkeypatch: pytest.MonkeyPatch, answer: Outcome, state: str, tries: int
) -> None:
    willing([1])
    waiting(an_errand(), [1])
    mail.answers = [answer]

    services.deliver_some("email")
    services.deliver_some("email")
    at(monkeypatch, NOW + timedelta(hours=1))
    services.deliver_some("email")

    assert ([row.state for row in models.Send.objects.all()], len(mail.asked)) == ([state], tries)
    assert len({key for key, _ in mail.asked}) == 1


def test_where_nobody_is_nothing_more_is_sent(mail: Wire) -> None:
    willing([1, 2])
    errand = an_errand()
    waiting(errand, [1, 2])
    mail.answers = [Outcome("refused", reason="550", no_mailbox=True), Outcome("refused")]

    services.deliver_some("email")
    waiting(errand, [1, 2], occurrence=2)
    services.deliver_some("email")

    assert [one.about for _, one in mail.asked] == [1, 2, 2]
    assert [(one.customer, one.reason) for one in selectors.suppressed().items] == [
        (1, "hard_bounce")
    ]


def test_what_is_refused_again_and_again_ends_in_time(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1])
    waiting(an_errand(), [1], expires_at=NOW + timedelta(hours=2))
    mail.answers = [Outcome("refused", reason="451", again=True)] * 20

    for minutes in range(0, 180, 5):
        at(monkeypatch, NOW + timedelta(minutes=minutes))
        services.deliver_some("email")

    assert states() == {("refused", "451"): 1}
    assert 3 < len(mail.asked) < carrying.MOST_ATTEMPTS


def test_what_waits_too_long_leaves_no_more(mail: Wire) -> None:
    willing([1])
    waiting(an_errand(), [1], expires_at=NOW - timedelta(seconds=1))

    services.deliver_some("email")

    assert (states(), mail.asked) == ({("expired", "queue"): 1}, [])


def test_a_worker_that_died_leaves_what_nobody_knows_and_mail_is_not_repeated(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2])
    errand = an_errand()
    (dead,) = waiting(
        errand, [1], state="sending", sent_at=NOW, claimed_until=NOW + carrying.LEASE, attempts=1
    )
    waiting(errand, [2], claimed_until=NOW + claiming.HELD)

    services.deliver_some("email")
    assert (states(), mail.asked) == ({("sending", ""): 1, ("waiting", ""): 1}, [])
    at(monkeypatch, NOW + claiming.HELD + timedelta(seconds=1))
    services.deliver_some("email")

    assert states() == {("unknown", "worker_died"): 1, ("sent", ""): 1}
    assert [one.about for _, one in mail.asked] == [2]
    settling.send_again([dead], by="member:1")
    services.deliver_some("email")
    assert [one.about for _, one in mail.asked] == [2, 1]
    with pytest.raises(NotUnknown):
        settling.it_arrived([dead], by="member:1")


def test_what_is_too_late_is_not_sent_again_and_stays_unknown(mail: Wire) -> None:
    willing([1, 2])
    old, fresh = waiting(
        an_errand(), [1, 2], state="unknown", sent_at=NOW, next_at=None, expires_at=NOW
    )
    models.Send.objects.filter(pk=fresh).update(expires_at=NOW + timedelta(hours=1))

    with pytest.raises(MessageTooLate):
        settling.send_again([old, fresh], by="member:1")
    assert states() == {("unknown", ""): 2}

    settling.send_again([fresh], by="member:1")
    settling.it_arrived([old], by="member:1")
    assert services.deliver_some("email").states == {"sent": 1}


def test_a_worker_that_stood_still_does_not_send_what_another_holds_by_now(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2, 3])
    waiting(an_errand(), [1, 2, 3])
    (slow,) = claiming.claim(mail, 10, NOW)
    later = NOW + claiming.HELD + timedelta(seconds=1)
    (other,) = claiming.claim(mail, 10, later)
    at(monkeypatch, later)

    with Scribe() as scribe, Caller(mail) as caller:
        sent = [carrying._carry(batch, caller, scribe).states for batch in (slow, other, slow)]

    assert sent == [{}, {"sent": 3}, {}]
    assert [one.about for _, one in mail.asked] == [1, 2, 3]


def test_line_repeats_what_a_dead_worker_left_under_the_same_key_for_a_day(
    line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2, 3], "line")
    errand = an_errand("line")
    monkeypatch.setattr(
        "joren.act.messages.services.delivering.writing._addresses",
        lambda _channel, who: {number: f"U{number}" for number in who},
    )
    died = {"state": "sending", "claimed_until": NOW - timedelta(seconds=1), "attempts": 1}
    waiting(errand, [1], sent_at=NOW - timedelta(hours=1), **died)
    waiting(errand, [2], sent_at=NOW - timedelta(hours=24), **died)
    put_off = {"state": "sending", "claimed_until": None, "attempts": 3}
    waiting(errand, [3], sent_at=NOW - timedelta(hours=24), **put_off)
    line.answers = [Outcome("unknown", reason="503", again=True)]

    services.deliver_some("line")
    at(monkeypatch, NOW + timedelta(minutes=10))
    services.deliver_some("line")

    assert states() == {("sent", ""): 1, ("unknown", "worker_died"): 2}
    assert len(line.asked) == 2
    assert len({key for key, _ in line.asked}) == 1


def test_a_repeat_that_was_not_called_begins_no_new_day_of_its_key(
    line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1], "line")
    monkeypatch.setattr(
        "joren.act.messages.services.delivering.writing._addresses",
        lambda _channel, who: {number: f"U{number}" for number in who},
    )
    waiting(an_errand("line"), [1])
    line.answers = [
        Outcome("unknown", reason="503", again=True), Outcome("refused", reason="429", again=True)
    ]  # fmt: skip

    for hours in (0, 1, 24, 48):
        at(monkeypatch, NOW + timedelta(hours=hours))
        services.deliver_some("line")

    assert len(line.asked) == 2
    assert [state for state, _ in states()] == ["unknown"]


def test_a_clock_that_is_set_back_repeats_nothing(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2])
    errand = an_errand()
    waiting(errand, [1])
    services.deliver_some("email")

    at(monkeypatch, NOW - timedelta(days=1))
    waiting(errand, [2])
    services.deliver_some("email")
    at(monkeypatch, NOW + timedelta(days=1))
    services.deliver_some("email")

    assert [one.about for _, one in mail.asked] == [1, 2]


def test_without_an_address_for_links_news_wait_and_say_why(mail: Wire, settings: Settings) -> None:
    settings.JOREN_URL = "http://127.0.0.1:8000"
    willing([1])
    waiting(an_errand(), [1])

    services.deliver_some("email")

    assert (states(), mail.asked) == ({("waiting", "no_https_address"): 1}, [])


@pytest.mark.parametrize("url", ["https://joren.shop.example", "http://127.0.0.1:8000"])
def test_while_nothing_may_leave_messages_stay_in_the_house(
    home: object, settings: Settings, url: str
) -> None:
    settings.JOREN_URL = url
    willing([1])
    waiting(an_errand(), [1])

    services.deliver_some("email")

    assert states() == {("sent", ""): 1}
    assert models.KeptBack.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_queue_send_each_message_once(mail: Wire) -> None:
    everybody = list(range(1, 121))
    willing(everybody)
    waiting(an_errand(), everybody)
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait()
        while services.deliver_some("email", 20).rows:
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.about or 0 for _, one in mail.asked) == everybody
    assert channels.named("email").name == "email"


def test_the_last_look_goes_by_what_is_sent_and_not_by_what_it_once_was(mail: Wire) -> None:
    willing([1])
    errand = an_errand(kind="transactional")
    services.revise(errand.template_id, a_template(BODY, form="text"), by="member:1")
    models.Errand.objects.update(kind="transactional")
    waiting(errand, [1], version=2)
    consent.record(1, Said("*", "*", "withdrawn", "one_click"), by="")

    services.deliver_some("email")

    assert (mail.asked, states()) == ([], {("suppressed", "no_consent:refused"): 1})
