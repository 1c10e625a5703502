"""The process that reads what webhooks and owners brought."""

from __future__ import annotations

import pytest

from joren.act.campaigns import services as campaigns
from joren.act.forms import services as forms
from joren.act.messages import services as messages
from joren.act.pressure import services as pressure
from joren.collect.registrations import services as registrations
from joren.collect.webhooks import services as webhooks
from joren.measure.team import services as team
from joren.project.chores import courier


@pytest.mark.django_db
def test_webhooks_are_read_though_registrations_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [2, 1, 0]

    def fails() -> int:
        raise RuntimeError

    monkeypatch.setattr(registrations, "settle", fails)
    monkeypatch.setattr(webhooks, "read_deliveries", lambda: left.pop(0))
    courier._read()

    assert not left


@pytest.mark.django_db
def test_no_chore_waits_for_another(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    def fails() -> int:
        raise RuntimeError

    monkeypatch.setattr(forms, "settle", fails)
    monkeypatch.setattr(forms, "note_confirmed", lambda: done.append("confirmed"))
    monkeypatch.setattr(campaigns, "launch_due", fails)
    monkeypatch.setattr(messages, "read_heard", lambda: done.append("heard"))
    monkeypatch.setattr(messages, "tell_facts", lambda: done.append("told"))
    courier._read()

    assert done == ["confirmed", "heard", "told"]
    assert caplog.text.count("is tried again") == 2


@pytest.mark.django_db
def test_notices_are_mailed_whatever_could_not_be_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done = []

    def fails() -> int:
        raise RuntimeError

    monkeypatch.setattr(pressure, "look", fails)
    monkeypatch.setattr(team, "look", fails)
    monkeypatch.setattr(team, "mail_due", lambda: done.append("mailed"))
    courier._watch()

    assert done == ["mailed"]
