"""The process that reads what webhooks and owners brought."""

from __future__ import annotations

import pytest

from joren.collect.registrations import services as registrations
from joren.collect.webhooks import services as webhooks
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
