"""When what waits may leave: limits of speed, a warm-up, and the night of each clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joren.act.messages import models, services
from joren.act.messages.contracts import Policy
from tests.act.messages.delivering.ledger import (
    an_errand,
    states,
    waiting,
    willing,
)
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


def test_what_waited_into_the_night_leaves_in_the_morning_by_each_clock(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2, 3])
    models.LocalZone.objects.create(customer_id=3, zone="Europe/London")
    news, order = an_errand(), an_errand(kind="transactional", name="注文")
    late = NOW + timedelta(days=2)
    waiting(news, [1, 2, 3], expires_at=late)
    waiting(news, [2], occurrence=2, expires_at=NOW + timedelta(hours=12))
    waiting(order, [1])

    at(monkeypatch, NOW.replace(hour=12, minute=5))  # 21:05 in the shop, 12:05 in London
    services.deliver_some("email")

    assert [one.about for _, one in mail.asked] == [3, 1]
    put_off = models.Send.objects.filter(state="waiting", reason="quiet_hours")
    assert {row.next_at for row in put_off} == {NOW.replace(hour=23)}
    at(monkeypatch, NOW.replace(hour=15, minute=1))
    assert services.expire() == 1  # no morning comes in its time
    at(monkeypatch, NOW.replace(hour=23))
    services.deliver_some("email")
    assert sorted(one.about for _, one in mail.asked) == [1, 1, 2, 3]


def test_without_quiet_hours_the_night_keeps_nothing(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.set_policy(Policy(quiet=None), by="tests")
    willing([1])
    waiting(an_errand(), [1])

    at(monkeypatch, NOW.replace(hour=14))
    services.deliver_some("email")

    assert states() == {("sent", ""): 1}
