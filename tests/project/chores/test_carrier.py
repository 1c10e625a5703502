"""The second process that sends where many messages wait."""

from __future__ import annotations

import subprocess
import threading

import pytest
from django.conf import LazySettings

from joren.act.messages import models, selectors
from joren.project.chores import carrier, courier
from tests.act.messages.delivering.ledger import a_sender, an_errand, states, waiting, willing
from tests.act.messages.delivering.wire import NOW, at


@pytest.fixture
def three_wait(
    home: object, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> models.Errand:
    at(monkeypatch, NOW)  # by day: at night nothing leaves
    settings.JOREN_URL = "https://joren.shop.example"
    a_sender()
    willing([1, 2, 3])
    errand = an_errand()
    waiting(errand, [1, 2, 3])
    return errand


@pytest.mark.django_db(transaction=True)
def test_it_sends_what_waits_and_ends(three_wait: models.Errand) -> None:
    carrier.carry("email", threading.Event(), rests=0.05)

    assert states() == {("sent", ""): 3}


@pytest.mark.django_db
def test_many_are_those_that_may_leave_now(three_wait: models.Errand) -> None:
    assert selectors.many_wait("email", 3)
    assert not selectors.many_wait("email", 4)
    assert not selectors.many_wait("line", 1)

    models.Errand.objects.filter(pk=three_wait.pk).update(held_at=three_wait.made_at)

    assert not selectors.many_wait("email", 1)


@pytest.mark.django_db
def test_it_is_started_once_and_again_when_it_has_ended(
    three_wait: models.Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def started(_words: object, **_how: object) -> subprocess.Popen[bytes]:
        begun.append(real(["cat"], stdin=subprocess.PIPE))
        return begun[-1]

    monkeypatch.setattr(courier.subprocess, "Popen", started)
    monkeypatch.setattr(courier, "_MANY", 3)
    second = courier.Second("email")
    second.look()
    second.look()

    assert len(begun) == 1

    second.ask_to_end()
    second.wait()
    second.look()

    assert len(begun) == 2
    second.ask_to_end()
    second.wait()
    assert [one.returncode for one in begun] == [0, 0]
