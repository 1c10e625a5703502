"""Whoever owns the address is asked by one mail, and agrees by a button alone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from joren.act.confirmations import contracts, models, selectors, services
from joren.act.confirmations.services import erasing, mailing
from joren.act.messages import services as sending
from joren.act.messages.contracts import KeptBack
from joren.act.messages.models import Send
from joren.act.messages.selectors import kept_back
from joren.core import clock
from joren.core.erasing import Traces
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as consenting
from joren.protect.consent.contracts import Matter, Said
from tests.act.messages.cast import people
from tests.protect.consent.cast import merge

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = Matter("email", "marketing")


@pytest.fixture(autouse=True)
def _house(home: Path, settings: LazySettings) -> None:
    settings.JOREN_URL = "https://shop.example"


def asks(customer: int, proof: str = "registration:1", **more: object) -> int:
    said = Said("email", "marketing", "requested", "form", proof=proof, **more)  # type: ignore[arg-type]
    return consenting.record(customer, said, by="customer")


def carried() -> list[KeptBack]:
    services.mail_asked()
    while sending.deliver_some("email").rows:
        pass
    return kept_back()[::-1]


def link_in(mail: KeptBack) -> str:
    (found,) = set(re.findall(r"https://shop\.example(/consent/confirm/[^\s\"<>]+)", mail.text))
    return str(found)


def state(customer: int = 1) -> str:
    (standing,) = consents.standings_of(customer, [MAIL])
    return standing.state


def test_one_mail_asks_and_the_button_alone_confirms(client: Client) -> None:
    people([1])
    asks(1, "registration:7:en")

    (mail,) = carried()
    (again,) = carried()

    assert (again.id, mail.to) == (mail.id, "c1@shop.example")
    assert "客1" not in mail.text + mail.subject  # whoever typed a name need not be its owner
    assert "confirm your sign-up" in mail.subject
    page = client.get(link_in(mail))
    assert (page.status_code, state()) == (200, "pending")  # a scanner looks at every link
    assert client.post(link_in(mail)).status_code == 200
    assert state() == "granted"
    (shown,) = selectors.mailings()
    assert shown.confirmed_at is not None
    services.mail_asked()
    assert Send.objects.count() == 1


def test_beyond_so_many_first_mails_an_hour_the_others_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people([1, 2, 3])
    for number in (1, 2, 3):
        asks(number, f"form:a:{number}:ja")
    monkeypatch.setattr(mailing, "MOST_AN_HOUR", 2)
    now = clock.now()

    first, again = services.mail_asked(), services.mail_asked()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=61))
    later = services.mail_asked()

    assert (first, again, later) == (2, 0, 1)
    assert models.Mailing.objects.filter(state="open").count() == 3


def test_where_nothing_waits_no_mails_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[object] = []
    monkeypatch.setattr(selectors, "first_mails_since", counted.append)
    people([1])
    asks(1, "shopify:3")

    assert (services.mail_asked(), counted) == (0, [])


def test_who_asks_again_and_again_has_three_mails_a_day() -> None:
    people([1, 2])
    for number in range(5):
        asks(1, f"form:a:{number}:ja", at=timezone.now() - timedelta(minutes=number))
    asks(2)

    mails = carried()

    assert [mail.to for mail in mails].count("c1@shop.example") == contracts.MOST_A_DAY
    assert "c2@shop.example" in [mail.to for mail in mails]
    assert models.Mailing.objects.filter(state="held_back").count() == 2
    with pytest.raises(contracts.TooManyMails):
        services.send_to(1, by="member:1")


def test_what_others_send_themselves_and_old_news_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people([1, 2, 3])
    asks(1, "shopify:3")
    early = timezone.now() - contracts.LATE - timedelta(minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: early)
        asks(2)
    consenting.record(3, Said("email", "marketing", "granted", "staff", reason="x"), by="member:1")
    asks(3)

    assert carried() == []
    (late,) = models.Mailing.objects.all()  # what waited for too long is seen, and may be sent
    assert (late.customer_id, late.state) == (2, "held_back")
    assert services.send_to(1, by="member:1").number == 1  # but for who is asked to
    assert len(carried()) == 1


def test_it_is_sent_once_more_on_demand_and_not_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    people([1])
    request = asks(1)
    (first,) = carried()
    with pytest.raises(contracts.TooSoon):
        services.send(request, by="member:1")
    later = clock.now() + contracts.GAP + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert services.send(request, by="member:1").number == 2

    assert len(carried()) == 2
    assert sorted(models.Mailing.objects.values_list("state", flat=True)) == ["open", "resent"]
    assert link_in(first)


def test_what_was_answered_meanwhile_does_not_leave() -> None:
    people([1])
    asks(1)
    services.mail_asked()
    consenting.refuse_everything(1)

    assert carried() == []
    assert Send.objects.get().reason == "not_needed"
    with pytest.raises(contracts.NothingAsked):
        services.send_to(1, by="member:1")


def test_a_request_lapses_and_its_link_with_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1, 2])
    asks(1)
    asks(2)
    first, second = carried()
    client.post(link_in(second))
    later = clock.now() + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert services.lapse() == 1
    assert services.lapse() == 0

    assert (state(1), state(2)) == ("unasked", "granted")
    assert sorted(models.Mailing.objects.values_list("state", flat=True)) == ["answered", "lapsed"]
    assert client.post(link_in(first)).status_code in (409, 410, 404)
    assert state(1) == "unasked"


def test_a_template_without_the_link_is_not_sent() -> None:
    people([1, 2])
    asks(1)
    carried()
    number = selectors.template()
    assert number is not None
    from dataclasses import replace

    from joren.act.messages import selectors as messages
    from joren.act.messages.contracts import Text

    content = messages.template(number).content
    sending.revise(number, replace(content, form="text", texts={"ja": Text("a", "b")}), by="x")
    asks(2)

    assert len(carried()) == 1
    assert Send.objects.get(customer_id=2).reason == "broken_template"


def test_a_template_that_was_put_away_is_made_anew() -> None:
    people([1, 2])
    asks(1)
    carried()
    number = selectors.template()
    assert number is not None
    sending.archive(number, by="x")
    asks(2)

    assert len(carried()) == 2


def test_they_go_with_the_person() -> None:
    people([1])
    asks(1)
    services.mail_asked()
    traces = Traces(customers=(1,))

    assert list(erasing.ERASER.goes(traces).values()) == [1]
    assert len(erasing.ERASER.export(traces)) == 1
    erasing.ERASER.erase(traces)

    assert not models.Mailing.objects.exists()


def test_who_turned_out_to_be_somebody_that_refused_gets_no_mail() -> None:
    people([1, 2])
    asks(1)
    merge(1, 2)
    consenting.refuse_everything(2)

    assert carried() == []
    assert not models.Mailing.objects.exists()


def test_an_answer_of_whom_they_turned_out_to_be_is_their_answer(client: Client) -> None:
    people([1, 2])
    request = asks(1)
    (mail,) = carried()
    merge(1, 2)

    assert client.post(link_in(mail)).status_code == 200

    assert request in consents.confirmed_at([request])
    assert consents.still_asked([request]) == {}
    assert state(2) == "granted"
