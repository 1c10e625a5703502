"""Limits of speed: what finds no room waits for its turn, and is not written again and again."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from joren.act.messages import models, services
from joren.act.messages.services.delivering import marking
from tests.act.messages.delivering.ledger import an_errand, waiting, willing
from tests.act.messages.delivering.wire import NOW, Wire, at

pytestmark = pytest.mark.django_db


def test_limits_of_a_domain_and_a_warm_up_hold_some_back(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = list(range(1, 31))
    willing(everybody)
    waiting(an_errand(), everybody)
    models.Pace.objects.create(scope="email:shop.example", per_minute=10)
    models.Pace.objects.create(scope="email", warm_since=NOW.date(), warm_first=24)

    sent = []
    for seconds in (0, 1, 60, 120, 180, 86_400):
        at(monkeypatch, NOW + timedelta(seconds=seconds))
        services.deliver_some("email")
        sent.append(len(mail.asked))

    assert sent == [10, 10, 20, 24, 24, 30]


def test_what_finds_no_room_is_written_twice_and_keeps_its_turn(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = list(range(1, 25))
    willing(everybody)
    errand = an_errand()
    waiting(errand, everybody)
    models.Pace.objects.create(scope="email:shop.example", per_minute=6)
    written: Counter[int] = Counter()
    mark = marking.mark

    def counted(jobs: Any, batch: Any, *, until: Any) -> list[int]:
        written.update(list(jobs))
        return mark(jobs, batch, until=until)

    monkeypatch.setattr(marking, "mark", counted)
    for seconds in range(0, 240, 10):
        at(monkeypatch, NOW + timedelta(seconds=seconds))
        if seconds == 30:
            waiting(errand, everybody[:1], occurrence=2)
        services.deliver_some("email")

    assert [one.about for _, one in mail.asked] == [*everybody, 1]
    assert max(written.values()) == 2


def test_a_warm_up_promises_the_days_to_come_and_another_pace_takes_it_back(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing(range(1, 9))
    waiting(an_errand(), range(1, 9))
    services.set_pace("email:shop.example", per_minute=None, warm_first=2, by="member:1")

    services.deliver_some("email")

    tomorrow = NOW.replace(hour=15)
    turns = models.Send.objects.filter(reason="turn").order_by("pk")
    assert [row.next_at for row in turns] == [
        *[tomorrow] * 3, *[tomorrow + timedelta(1)] * 3,
    ]  # fmt: skip
    services.set_pace("email:shop.example", per_minute=None, by="member:1")
    services.deliver_some("email")
    assert len(mail.asked) == 8
