"""What mail services and LINE tell: once, late, in any order, and from nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import Heard
from joren.act.messages.rules.bounces import stopped_until, verdict
from joren.act.messages.rules.clicks import HIDDEN, Click, scanners
from joren.act.messages.services import suppressing
from joren.collect.customers import models as customers
from joren.collect.customers.selectors.keyring import hashed_key
from joren.core import clock
from joren.protect.consent import selectors as consent
from joren.protect.consent.contracts import Matter
from tests.act.messages.cast import has_now
from tests.act.messages.delivering.ledger import an_errand, waiting, willing

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
NUMBER = "<0123@shop.example>"


def sent(customer: int, number: str = NUMBER, state: str = "sent") -> int:
    (pk,) = waiting(
        an_errand(name=f"新着{customer}{number}"), [customer], state=state, provider_id=number,
        sent_at=clock.now(), next_at=None,
    )  # fmt: skip
    return pk


def told(
    kind: str, *, reason: str = "", at: datetime | None = None, key: str = "", **more: str
) -> Heard:
    moment = at or clock.now()
    return Heard(key or f"{kind}{moment}", kind, more.pop("number", NUMBER), moment, reason, **more)


def stopped() -> set[tuple[int, str]]:
    return set(models.Suppression.objects.values_list("customer_id", "reason"))


@pytest.mark.django_db
def test_a_hard_bounce_and_a_complaint_stop_mail_and_repeats_change_nothing() -> None:
    willing([1, 2])
    sent(1)
    sent(2, "<other@shop.example>")
    words = [
        told("bounced", reason="invalid"),
        told("complained", number="<other@shop.example>"),
        told("delivered", number="<nobody@shop.example>"),
    ]

    for _ in range(2):
        services.keep_heard("postmark", words)
        services.read_heard()

    assert stopped() == {(1, "hard_bounce"), (2, "complaint")}
    assert sorted(models.Feedback.objects.values_list("state", flat=True)) == [
        "done",
        "done",
        "new",
    ]
    rates = selectors.rates(1)
    assert (rates.sent, rates.hard_bounces, rates.complaints) == (2, 1, 1)


@pytest.mark.django_db
def test_a_bounce_is_about_the_address_and_a_complaint_about_the_person() -> None:
    willing([1, 2])
    sent(1)
    sent(2, "<other@shop.example>")
    words = [told("bounced", reason="invalid"), told("complained", number="<other@shop.example>")]
    services.keep_heard("postmark", words)
    services.read_heard()
    assert _why_not(1, 2) == {1: "suppressed:hard_bounce", 2: "suppressed:complaint"}

    has_now(1, "right@shop.example")
    has_now(2, "right2@shop.example")

    assert _why_not(1, 2) == {1: "", 2: "suppressed:complaint"}
    assert [one.customer for one in selectors.suppressed().items] == [2]
    services.keep_heard("postmark", [told("bounced", reason="invalid", key="again")])
    services.read_heard()
    assert _why_not(1) == {1: "suppressed:hard_bounce"}
    has_now(1, "third@shop.example")
    assert _why_not(1) == {1: ""}


@pytest.mark.django_db
def test_the_gate_lets_a_new_address_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    willing([1, 2])
    for one in (1, 2):
        suppressing.no_such_mailbox(one, "", at=NOW, source="x")
    has_now(1, "right@shop.example")
    numbers = [sent(one, f"<{one}>", state="deferred") for one in (1, 2)]
    models.Send.objects.filter(pk__in=numbers).update(next_at=NOW, counted_at=None)

    services.gate_again(10)

    rows = models.Send.objects.order_by("customer_id").values_list("state", "reason")
    assert list(rows) == [("waiting", ""), ("suppressed", "suppressed:hard_bounce")]


def _why_not(*customers_: int) -> dict[int, str]:
    found = selectors.standing_now(
        customers_, channel="email", transactional=False, now=clock.now() + timedelta(minutes=1)
    )
    return {one: standing.why_not for one, standing in found.items()}


@pytest.mark.django_db
def test_soft_bounces_stop_mail_for_a_week_when_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    willing([1])
    sent(1)
    for day in range(3):
        assert stopped() == set()
        services.keep_heard(
            "ses", [told("bounced", reason="timed_out", at=clock.now() - timedelta(days=9 - day))]
        )
        services.read_heard()

    assert stopped() == {(1, "soft_bounce")}
    (row,) = models.Suppression.objects.all()
    assert row.until is not None
    assert row.until - row.since == timedelta(days=7)
    standing = selectors.standing_now(
        [1], channel="email", transactional=False, now=row.until + timedelta(seconds=1)
    )
    assert standing[1].why_not == ""


@pytest.mark.django_db
def test_what_nobody_knew_of_is_settled_by_the_service() -> None:
    willing([1])
    pk = sent(1, state="unknown")

    services.keep_heard("ses", [told("delivered")])
    services.read_heard()

    assert models.Send.objects.get(pk=pk).state == "sent"


@pytest.mark.django_db
def test_an_address_that_unsubscribes_at_its_provider_has_refused() -> None:
    willing([1])
    sent(1)

    services.keep_heard("ses", [told("unsubscribed", at=clock.now() + timedelta(seconds=1))])
    services.read_heard()

    (standing,) = consent.standings_of(1, [Matter("email", "marketing")])
    assert standing.state == "refused"


def asked(client: Client, settings: Settings, events: list[dict[str, Any]], sign: str = "") -> int:
    settings.JOREN_LINE_SECRET = "secret"
    body = json.dumps({"destination": "U0", "events": events}).encode()
    digest = hmac.new(b"secret", body, hashlib.sha256).digest()
    signature = sign or base64.b64encode(digest).decode()
    answer = client.post(
        "/heard/line/", body, "application/json", headers={"x-line-signature": signature}
    )
    return answer.status_code


@pytest.mark.django_db
def test_who_follows_on_line_agrees_and_who_leaves_refuses_in_whatever_order_it_is_told(
    client: Client, settings: Settings
) -> None:
    willing([1])
    friend = "U" + "1" * 32
    customers.Identity.objects.create(id=900, key=hashed_key(f"l:{friend}"), customer_id=1)
    start = int(NOW.timestamp() * 1000)

    def event(kind: str, at: int, number: str) -> dict[str, Any]:
        return {
            "type": kind, "timestamp": start + at, "webhookEventId": number,
            "source": {"type": "user", "userId": friend},
        }  # fmt: skip

    assert asked(client, settings, [], sign="bad") == 403
    assert asked(client, settings, []) == 200  # what LINE sends to try an address
    later, earlier = event("unfollow", 2000, "b"), event("follow", 1000, "a")
    for _ in range(2):
        assert asked(client, settings, [later]) == 200
        assert asked(client, settings, [earlier, {"type": "message", "timestamp": 1}]) == 200
        services.read_heard()

    (standing,) = consent.standings_of(1, [Matter("line", "marketing")])
    assert standing.state == "refused"
    assert models.Feedback.objects.count() == 2
    assert not any(friend in row.number for row in models.Feedback.objects.all())


@pytest.mark.django_db
def test_a_friend_who_followed_before_they_were_a_customer_has_agreed_when_they_are(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2])
    start = int(NOW.timestamp() * 1000)
    friends = {number: "U" + f"{number}" * 32 for number in (1, 2, 3)}
    events = [
        {"type": kind, "timestamp": start + at, "webhookEventId": f"{kind}{number}",
         "source": {"type": "user", "userId": friends[number]}}
        for number, kind, at in (
            (1, "follow", 0), (2, "follow", 0), (2, "unfollow", 5), (3, "follow", 0),
        )
    ]  # fmt: skip
    assert asked(client, settings, events) == 200
    services.read_heard()
    assert services.read_strangers() == 0

    for number in (1, 2):
        key = hashed_key(f"l:{friends[number]}")
        customers.Identity.objects.create(id=900 + number, key=key, customer_id=number)
    late = clock.now() + timedelta(9)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: late)
        assert services.read_strangers() == 0  # of so long ago the night asks
    assert [services.read_strangers(every=True), services.read_strangers()] == [3, 0]

    told = [consent.standings_of(one, [Matter("line", "marketing")])[0].state for one in (1, 2)]
    assert told == ["granted", "refused"]
    (left,) = models.Feedback.objects.filter(state="stranger")
    assert friends[3] not in left.number
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(900))
    services.sweep_heard()
    assert models.Feedback.objects.filter(state="stranger").count() == 1


@pytest.mark.django_db
def test_a_mail_service_proves_itself_and_is_kept_before_it_is_read(
    client: Client, settings: Settings
) -> None:
    said = {
        "RecordType": "Bounce", "ID": 42, "TypeCode": 1, "Type": "HardBounce",
        "MessageID": "0-1", "BouncedAt": "2026-11-28T03:00:00Z", "Email": "c1@shop.example",
        "Metadata": {"joren": NUMBER},
    }  # fmt: skip

    def post(password: str) -> int:
        proof = base64.b64encode(f"user:{password}".encode()).decode()
        return client.post(
            "/heard/mail/", json.dumps(said), "application/json",
            headers={"authorization": f"Basic {proof}"},
        ).status_code  # fmt: skip

    settings.JOREN_ESP, settings.ANYMAIL = "postmark", {}
    assert post("right") == 403  # without a secret nobody can prove anything
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:right"}
    assert [post(one) for one in ("wrong", "right", "right")] == [403, 200, 200]

    (row,) = models.Feedback.objects.all()
    assert (row.kind, row.number, row.state) == ("bounced", NUMBER, "new")
    assert "c1@shop.example" not in str(vars(row))


def test_scanners_are_told_from_people() -> None:
    def click(key: int, seconds: float, address: str, agent: str = "Mozilla/5.0") -> Click:
        return Click(key, NOW + timedelta(seconds=seconds), address, agent)

    person = click(1, 3600, "https://shop.example/a")
    burst = [click(n, n / 2, f"https://shop.example/{n}") for n in (2, 3, 4)]

    assert scanners([person]) == frozenset()
    assert scanners([person, *burst]) == {2, 3, 4}
    assert scanners([person, click(2, 7200, "https://shop.example/b")]) == frozenset()
    assert scanners([person, click(9, 1, HIDDEN)]) == {1, 9}
    assert scanners([click(1, 0, "https://shop.example/a", "Barracuda Sentinel")]) == {1}
    assert scanners(
        [click(1, 0, "https://shop.example/a"), click(2, 1, "https://shop.example/b")], links=2
    ) == {1, 2}


def test_bounces_age_and_are_of_two_kinds() -> None:
    assert verdict("bounced", "invalid") == verdict("rejected", "bounced") == "hard_bounce"
    assert verdict("bounced", "timed_out") == verdict("failed", "") == "soft_bounce"
    assert verdict("deferred", "") == verdict("opened", "") == ""
    days = [NOW - timedelta(days=day) for day in (40, 39, 38)]
    assert stopped_until([]) is None
    assert stopped_until(days[:2]) is None
    assert stopped_until([*days, NOW]) == days[2] + timedelta(days=7)
