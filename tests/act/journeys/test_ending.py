"""Who leaves is sent nothing more: also what was put off, and whichever version asked for it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from joren.act.journeys import models, services
from joren.act.journeys.contracts import Document
from joren.act.journeys.services import keeping
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.act.messages.contracts import Policy, Quiet
from joren.core import clock
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from tests.act.journeys.cast import NOON, a_journey
from tests.act.journeys.test_travelling import bought, events
from tests.act.messages.cast import a_template, people

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)  # 23:00 in Tokyo
WAIT = {"id": "w", "do": "wait", "minutes": 10_000, "then": "end"}


@pytest.fixture(autouse=True)
def night(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    people([1])
    record(1, Said("email", "marketing", "granted", "staff", at=NOON - timedelta(9)), by="t")
    messages.set_policy(Policy(quiet=Quiet(time(21), time(8))), by="alice")


def sends(*after: dict[str, Any], name: str = "夜") -> Document:
    template = messages.create(a_template(kind="brand", name=name), by="alice").id
    then = after[0]["id"] if after else "end"
    first = {"id": "s", "do": "send", "template": template, "then": then}
    return a_journey([first, *after], goal=[{"kind": "event", "event": "Paid"}])


def entered(document: Document) -> int:
    """The journey, into which one has come, whose message was put off to the morning."""
    number = services.publish(services.create(document, by="alice").id, by="alice").id
    services.hear(1, bought(1, when=NIGHT))
    services.tick()
    assert ledger.Send.objects.get().state == "deferred"
    return number


def pays() -> None:
    services.hear(2, events((1, "Paid", NIGHT, {})))
    services.tick()


def test_the_end_takes_back_what_was_put_off_for_those_who_are_through() -> None:
    journey = entered(sends())
    assert models.Enrolment.objects.get().standing == "done"

    services.end(journey, by="alice")

    assert ledger.Send.objects.get().reason == "cancelled:left"


def test_the_goal_takes_back_what_was_put_off_for_those_who_are_through() -> None:
    entered(sends())

    pays()

    assert models.Enrolment.objects.get().standing == "done"
    assert ledger.Send.objects.get().reason == "cancelled:left"


def test_who_was_led_to_a_new_version_is_not_sent_what_the_old_one_put_off() -> None:
    journey = entered(sends(WAIT))
    services.change(journey, sends(WAIT, name="朝"), by="alice")
    services.publish(journey, by="alice", moves={(1, "w"): "w"})

    pays()

    assert models.Enrolment.objects.get().standing == "goal"
    assert ledger.Send.objects.get().reason == "cancelled:left"


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("send", ("waiting", "", timedelta(hours=72))),
        ("skip", ("suppressed", "cancelled:paused", timedelta(hours=72))),
        ("shift", ("waiting", "", timedelta(hours=72 + 48))),
    ],
)
def test_what_a_pause_found_in_the_ledger_goes_by_the_policy_with_which_it_ends(
    monkeypatch: pytest.MonkeyPatch, policy: Any, told: tuple[str, str, timedelta]
) -> None:
    journey = entered(sends(WAIT))
    services.pause(journey, by="alice")
    later = NIGHT + timedelta(hours=48 - 9)  # at noon
    monkeypatch.setattr(clock, "now", lambda: later)
    messages.gate_again(10)
    row = ledger.Send.objects.get()
    assert (row.state, row.reason, row.next_at) == ("deferred", "paused", None)

    keeping.resume_at(journey, NIGHT + timedelta(hours=48), overdue=policy, by="alice")
    messages.gate_again(10)

    row = ledger.Send.objects.get()
    assert (row.state, row.reason, row.expires_at - NIGHT) == told


def test_what_was_let_through_leaves_no_more_during_a_pause_and_takes_from_no_budget() -> None:
    messages.set_policy(Policy(quiet=None, month_most=5), by="alice")
    number = services.publish(services.create(sends(WAIT), by="alice").id, by="alice").id
    services.hear(1, bought(1, when=NIGHT))
    services.tick()
    assert ledger.Send.objects.get().state == "waiting"

    services.pause(number, by="alice")

    row = ledger.Send.objects.get()
    assert (row.state, row.reason, row.counted_at) == ("deferred", "paused", None)
    assert ledger.Budget.objects.get(scope="2026-11").used == 0


@pytest.mark.parametrize("told_again", [True, False])
def test_an_end_that_was_killed_goes_on_when_it_is_called_again_or_with_the_next_tick(
    monkeypatch: pytest.MonkeyPatch, told_again: bool
) -> None:
    journey = entered(sends(WAIT))

    def killed(*_args: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "take_all", killed)
        with pytest.raises(KeyboardInterrupt):
            services.end(journey, by="alice")
    assert models.Enrolment.objects.get().standing == "active"

    if told_again:
        for _ in range(2):
            assert services.end(journey, by="alice").state == "ended"
    else:
        services.tick()

    assert not models.Mark.objects.filter(name__startswith="end:").exists()
    assert models.Enrolment.objects.get().standing == "left"
    assert ledger.Send.objects.get().reason == "cancelled:left"
