"""What a portion leaves behind when a call, the database or the whole process breaks off."""

from __future__ import annotations

import pytest

from joren.act.messages import services
from tests.act.messages.delivering.ledger import an_errand, states, waiting, willing
from tests.act.messages.delivering.wire import Wire

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
