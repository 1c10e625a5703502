"""What a portion leaves behind when a call, the database or the whole process breaks off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from joren.act.messages import services
from joren.act.messages.contracts import Outcome
from joren.act.messages.services.delivering import carrying
from tests.act.messages.delivering.ledger import an_errand, states, waiting, willing
from tests.act.messages.delivering.wire import NOW, Wire, at

pytestmark = pytest.mark.django_db


def test_a_call_that_breaks_off_costs_the_outcome_of_no_other(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2, 3])
    waiting(an_errand(), [1, 2, 3])

    def break_off() -> None:
        if mail.asked[-1][1].about == 2:
            raise KeyError("c2@shop.example")

    monkeypatch.setattr(mail, "during", break_off)
    services.deliver_some("email")
    services.deliver_some("email")

    assert states() == {("sent", ""): 2, ("unknown", "KeyError"): 1}
    assert len(mail.asked) == 3


def test_who_was_not_called_when_the_worker_stops_waits_and_is_called_later(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = list(range(1, 9))
    willing(everybody)
    waiting(an_errand(), everybody)

    services.deliver_due("email", stopped=lambda: len(mail.asked) == 2)

    assert states() == {
        ("sent", ""): 2, ("waiting", "the worker was stopped"): 3, ("waiting", ""): 3
    }  # fmt: skip
    at(monkeypatch, NOW + timedelta(minutes=6))
    services.deliver_due("email")
    assert (states(), len(mail.asked)) == ({("sent", ""): 8}, 8)


def test_what_was_sent_is_noted_once_the_database_is_free_again(
    mail: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1, 2])
    waiting(an_errand(), [1, 2])
    mail.answers = [Outcome("accepted"), Outcome("refused", reason="550")]
    pauses: list[float] = []
    monkeypatch.setattr(carrying, "sleep", pauses.append)
    for name in ("_noted", "_end_refused"):
        monkeypatch.setattr(carrying, name, _locked_at_first(getattr(carrying, name)))

    services.deliver_some("email")

    assert states() == {("sent", ""): 1, ("refused", "550"): 1}
    assert pauses == [*carrying._PAUSES[:2]] * 2


def _locked_at_first(work: Callable[..., object]) -> Callable[..., object]:
    """Twice, the second time when it was done already and the answer alone is lost."""
    tries: list[int] = []

    def locked(*given: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("database is locked")
        done = work(*given)
        if len(tries) == 2:
            raise OperationalError("server closed the connection unexpectedly")
        return done

    return locked


def test_rows_are_held_by_number_and_sent_by_their_time(mail: Wire) -> None:
    willing([1, 2])
    errand = an_errand()
    waiting(errand, [1], next_at=NOW - timedelta(minutes=1))
    waiting(errand, [2], next_at=NOW - timedelta(minutes=2))

    with CaptureQueriesContext(connection) as asked:
        services.deliver_some("email")

    assert [one.about for _, one in mail.asked] == [2, 1]
    (held,) = [
        one["sql"]
        for one in asked.captured_queries
        if "expires_at" in one["sql"]
        and "ORDER BY" in one["sql"]
        and one["sql"].startswith('SELECT "act_messages_send"."next_at"')
    ]
    assert "ORDER BY 2 ASC" in held  # by its second column alone, the number
