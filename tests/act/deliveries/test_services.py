"""From an announcement to a program that may be away, slow, gone or somebody's own network."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook

from joren.act.deliveries import contracts, models, selectors, services
from joren.act.deliveries.rules import addresses
from joren.act.deliveries.services import carrying, posting
from joren.core import clock
from joren.plumbing import outbox
from tests.collect.killing import killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


class Receiver(ThreadingHTTPServer):
    """A program that is told: what it heard, and what it answers."""

    heard: list[tuple[dict[str, str], str]]
    code: int = 200
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}/hook"


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.code)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.JOREN_WEBHOOK_HOSTS = ("localhost",)
    server = Receiver(("127.0.0.1", 0), _Hook)
    server.heard, server.headers = [], {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def added(receiver: Receiver, *chosen: str) -> tuple[contracts.Endpoint, str]:
    return services.add_endpoint(
        "erp", url=receiver.url, announcements=chosen or ("figures.refreshed",)
    )


def announce(name: str = "figures.refreshed", **content: Any) -> None:
    with transaction.atomic():
        outbox.put(name, **content)


def carry_all() -> int:
    count = 0
    while services.deliver_one():
        count += 1
    return count


def make_due() -> None:
    models.Delivery.objects.update(next_at=clock.now())


def test_what_was_chosen_is_told_and_can_be_verified(receiver: Receiver) -> None:
    _, secret = added(receiver)
    announce(snapshot=7, by="member:3")
    announce("customers.merge_undone", customer=1, by="member:3")

    assert carry_all() == 1

    ((headers, body),) = receiver.heard
    said = Webhook(secret).verify(body, headers)
    assert (said["type"], said["data"]) == ("figures.refreshed", {"snapshot": 7})
    (one,) = selectors.deliveries().items
    assert (one.state, one.attempts, one.code) == ("done", 1, 200)
    assert headers["Webhook-Id" if "Webhook-Id" in headers else "webhook-id"] == one.message


def test_what_is_called_off_is_not_told(receiver: Receiver) -> None:
    added(receiver)
    with suppress(ZeroDivisionError), transaction.atomic():
        outbox.put("figures.refreshed", snapshot=1)
        _ = 1 / 0

    assert carry_all() == 0


def test_what_fails_is_tried_later_and_with_the_same_id(receiver: Receiver) -> None:
    added(receiver)
    announce()
    receiver.code, receiver.headers = 503, {"Retry-After": "3600"}

    carry_all()
    (one,) = selectors.deliveries().items
    assert (one.state, one.attempts, one.code) == ("waiting", 1, 503)
    assert one.next_at is not None
    assert one.next_at - clock.now() > timedelta(minutes=59)
    assert carry_all() == 0  # not yet
    receiver.code = 200
    make_due()
    carry_all()

    assert selectors.delivery(one.id).state == "done"
    assert len({headers.get("webhook-id") for headers, _ in receiver.heard}) == 1


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    added(receiver)
    announce()
    receiver.code, receiver.headers = 302, {"Location": "http://localhost:1/inside"}

    carry_all()

    (one,) = selectors.deliveries().items
    assert (one.state, one.code, len(receiver.heard)) == ("waiting", 302, 1)
    assert "do not follow" in one.error


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.1.2.3", "::1"])
def test_a_name_that_means_an_inner_address_is_not_told(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.add_endpoint("x", url="https://evil.example/", announcements=["figures.refreshed"])
    announce()
    monkeypatch.setattr(posting, "_looked_up", lambda _place: ["8.8.8.8", address])
    monkeypatch.setattr(posting.socket, "create_connection", _never)

    carry_all()

    (one,) = selectors.deliveries().items
    assert (one.state, one.code) == ("waiting", 0)
    assert "no address of the internet" in one.error


def _never(*_: object, **__: object) -> None:
    raise AssertionError("it connected")


def test_it_connects_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    services.add_endpoint("x", url="https://good.example/", announcements=["figures.refreshed"])
    announce()
    asked: list[str] = []
    connected: list[object] = []

    def look_up(place: Any) -> list[str]:
        asked.append(place.host)
        return ["8.8.8.8"]

    def connect(address: object, **_: object) -> None:
        connected.append(address)
        raise OSError("refused")

    monkeypatch.setattr(posting, "_looked_up", look_up)
    monkeypatch.setattr(posting.socket, "create_connection", connect)
    carry_all()

    assert (asked, connected) == (["good.example"], [("8.8.8.8", 443)])


def test_a_name_that_cannot_be_looked_up_fails_as_others_do() -> None:
    place = addresses.Place("https", "a..example", 443, "/", named=False)

    assert "is not found" in posting.post(place, b"", {}).error


def test_what_a_receiver_answers_is_kept_without_nul(receiver: Receiver) -> None:
    added(receiver)
    announce()
    claimed = carrying.claim(now=clock.now())
    assert claimed is not None

    carrying.note(claimed, contracts.Answer(500, "no\0 idea"), now=clock.now())

    assert [one.error for one in selectors.deliveries().items] == ["no idea"]


def test_many_addresses_that_do_not_answer_take_no_longer_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, spent = [0.0], []
    place = addresses.Place("https", "slow.example", 443, "/", named=False)

    def connect(_: object, *, timeout: float) -> None:
        spent.append(timeout)
        now[0] += timeout
        raise TimeoutError("timed out")

    monkeypatch.setattr(posting, "_looked_up", lambda _: [f"8.8.8.{n}" for n in range(9)])
    monkeypatch.setattr(posting.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(posting.socket, "create_connection", connect)
    answer = posting.post(place, b"", {})

    assert "timed out" in answer.error
    assert len(spent) == 3
    assert sum(spent) == pytest.approx(posting.PATIENCE)


def test_a_receiver_that_took_long_to_connect_may_not_drip_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = posting.socket.create_connection

    def slowly(*args: Any, **named: Any) -> Any:
        time.sleep(0.4)
        return real(*args, **named)

    monkeypatch.setattr(posting, "LONGEST", 0.2)
    monkeypatch.setattr(posting, "_looked_up", lambda _: ["127.0.0.1"])
    monkeypatch.setattr(posting.socket, "create_connection", slowly)
    with posting.socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        begun = time.monotonic()
        answer = posting.post(addresses.Place("http", "x", port, "/", named=True), b"", {})

    assert (answer.code, answer.error != "") == (0, True)
    assert time.monotonic() - begun < posting.PATIENCE / 2


def test_a_secret_overlaps_with_the_one_before(receiver: Receiver) -> None:
    one, old = added(receiver)
    _, new = services.rotate_secret(one.id)
    announce()
    carry_all()
    headers, body = receiver.heard[-1]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)

    models.Receiver.objects.update(old_until=clock.now())
    announce()
    carry_all()
    headers, _ = receiver.heard[-1]
    assert len(headers["webhook-signature"].split()) == 1


def test_an_endpoint_that_never_answers_well_is_disabled_and_what_waits_comes_later(
    receiver: Receiver,
) -> None:
    one, _ = added(receiver)
    announce()
    receiver.code = 500
    carry_all()
    assert not selectors.given_up()
    models.Receiver.objects.update(failing_since=clock.now() - contracts.GIVE_UP_AFTER)
    make_due()
    carry_all()

    (failed,) = selectors.given_up()
    assert failed.disabled_because.startswith("it has failed since")
    make_due()
    assert carry_all() == 0
    receiver.code = 200
    services.enable_endpoint(one.id)
    assert carry_all() == 1
    assert not selectors.given_up()


def test_an_endpoint_that_is_gone_is_disabled_at_once(receiver: Receiver) -> None:
    added(receiver)
    announce()
    receiver.code = 410

    carry_all()

    assert [one.disabled_because for one in selectors.given_up()] == ["it answered 410: it is gone"]


def test_a_delivery_is_sent_again_when_somebody_asks(receiver: Receiver) -> None:
    one, _ = added(receiver)
    services.ping(one.id)
    carry_all()
    (sent,) = selectors.deliveries().items

    services.redeliver(sent.id, by="alice")
    carry_all()

    assert len(receiver.heard) == 2
    assert len({body for _, body in receiver.heard}) == 1


def test_many_workers_claim_each_delivery_once(receiver: Receiver) -> None:
    for _ in range(8):
        added(receiver)
    for number in range(5):
        announce(snapshot=number)
    taken: list[int] = []
    start = threading.Barrier(6)

    def work() -> None:
        start.wait()
        misses = 0
        while misses < 20 and len(taken) < 40:
            try:
                claimed = carrying.claim(now=clock.now())
                if claimed is None:
                    misses += 1
                    continue
                taken.append(claimed.id)
                carrying.note(claimed, contracts.Answer(200), now=clock.now())
            except OperationalError:  # SQLite's one writer was another for long
                continue
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == models.Delivery.objects.filter(state="done").count() == 40


def test_a_receiver_hears_one_thing_after_another(receiver: Receiver) -> None:
    added(receiver)
    announce(snapshot=1)
    announce(snapshot=2)

    assert carrying.claim(now=clock.now()) is not None
    assert carrying.claim(now=clock.now()) is None


_CARRY_AND_DIE = """
import os, signal, sys
import django
django.setup()
from joren.act.deliveries.services import carrying
before = getattr(carrying, sys.argv[1])
def dies(*args, **named):
    if sys.argv[2] == "after":
        before(*args, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(carrying, sys.argv[1], dies)
carrying.deliver_one()
"""


@pytest.mark.slow
@pytest.mark.parametrize(("when", "heard"), [("before", 1), ("after", 2)])
def test_a_killed_worker_loses_no_delivery(
    receiver: Receiver, home: Path, settings: Settings, when: str, heard: int
) -> None:
    added(receiver)
    announce()

    said = {"JOREN_WEBHOOK_HOSTS": "localhost", "JOREN_SECRET_KEY": settings.SECRET_KEY}
    assert killed(_CARRY_AND_DIE, "_sent", when, home=home, **said) == -9
    assert carry_all() == 0  # it is held still
    models.Delivery.objects.update(held_until=clock.now())
    assert carry_all() == 1

    assert len(receiver.heard) == heard
    assert [one.state for one in selectors.deliveries().items] == ["done"]


def test_what_is_long_done_is_forgotten(receiver: Receiver) -> None:
    added(receiver)
    announce()
    carry_all()
    announce()
    models.Message.objects.update(made_at=clock.now() - contracts.DONE_KEPT - timedelta(days=1))

    services.sweep()

    assert [one.state for one in selectors.deliveries().items] == ["waiting"]


@pytest.mark.parametrize("chosen", [[], ["no.such"], [" "]])
def test_only_what_is_announced_can_be_chosen(receiver: Receiver, chosen: list[str]) -> None:
    with pytest.raises(contracts.BadReceiver):
        services.add_endpoint("x", url=receiver.url, announcements=chosen)
