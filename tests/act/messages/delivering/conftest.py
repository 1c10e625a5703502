"""Mail and LINE over a wire of our own, at one moment."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from tests.act.messages.delivering.wire import NOW, Knowing, Wire, at


@pytest.fixture(autouse=True)
def _here_and_now(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.JOREN_URL = "https://joren.shop.example"
    at(monkeypatch, NOW)


def _wire(monkeypatch: pytest.MonkeyPatch, settings: Settings, wire: Wire) -> Wire:
    # Here, for these are tables, which are not there yet when this file is read.
    from joren.act.messages.services.delivering import carrying
    from tests.act.messages.delivering.ledger import a_sender

    settings.JOREN_SMTP = True
    a_sender()
    monkeypatch.setattr(carrying, "channel_now", lambda _name: wire)
    return wire


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch, settings: Settings, home: object) -> Wire:
    return _wire(monkeypatch, settings, Wire())


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, settings: Settings, home: object) -> Wire:
    return _wire(monkeypatch, settings, Knowing())
