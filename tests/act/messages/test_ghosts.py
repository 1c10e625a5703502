"""Whoever is left out has the same record as those who are treated, to the moment of leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joren.act.messages import models, selectors, services
from joren.core import clock
from tests.act.messages.cast import people
from tests.act.messages.test_gate import NOON, agree, an_errand, asked, noon

__all__ = ["noon"]
pytestmark = pytest.mark.django_db
HELD = 9


def states() -> list[tuple[int, str, str]]:
    rows = models.Send.objects.order_by("customer_id", "occurrence")
    return list(rows.values_list("customer_id", "state", "reason"))


def test_a_ghost_is_taken_back_as_long_as_others_of_its_hour_wait(noon: None) -> None:
    people([1, 2, 3, 4])
    agree(1, 2, 3, 4)
    errand = an_errand()
    services.ask(errand, asked((1, 1, 0, None), (2, 1, 0, HELD), (3, 1, 0, None), (4, 1, 0, HELD)))

    services.cancel([errand], [1, 2], reason="left", occurrences=[(1, 2)])
    models.Send.objects.filter(customer_id=3).update(state="sent", next_at=None, sent_at=NOON)
    services.cancel([errand], [3, 4], reason="left")

    assert states() == [
        (1, "suppressed", "cancelled:left"),
        (2, "suppressed", "cancelled:left"),
        (3, "sent", ""),
        (4, "held_out", "would_go"),
    ]
    assert not models.Send.objects.filter(customer_id=2).exclude(counted_at=None).exists()


def test_what_came_between_gate_and_leaving_makes_no_difference_to_whom_the_gate_let_through(
    noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1, 2])
    agree(1, 2)
    errand = an_errand()
    services.ask(errand, asked((1, 1, 0, None)))
    monkeypatch.setattr(clock, "now", lambda: NOON - timedelta(minutes=1))
    services.ask(errand, asked((2, 1, 0, HELD), (5, 1, 0, None)))
    services.cancel([errand], None, reason="left")

    parts = selectors.first_reached(
        [errand], since=NOON - timedelta(1), until=None, after=0, newest=10**6
    )
    let = [one for part in parts for one in part.select(["customer_id", "step"]).to_pylist()]

    assert states()[:2] == [(1, "suppressed", "cancelled:left"), (2, "held_out", "would_go")]
    assert sorted(one["customer_id"] for one in let if one["step"] == "passed") == [1, 2]


def test_what_is_let_go_goes_before_the_gate_with_its_ghosts(noon: None) -> None:
    people([1, 2, 3])
    agree(1, 2, 3)
    errand = an_errand()
    services.ask(errand, asked((1, 1, 0, None), (2, 1, 0, HELD)))
    services.hold_back([errand])

    services.let_go([errand])

    assert states() == [(1, "deferred", "held"), (2, "deferred", "held")]
    services.gate_again(100)
    assert states() == [(1, "waiting", ""), (2, "held_out", "would_go")]
