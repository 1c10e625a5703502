from __future__ import annotations

from datetime import UTC, datetime

import pytest

from joren.core import clock

THEN = datetime(2026, 8, 1, 1, 0, tzinfo=UTC)


def test_a_stopped_clock_goes_on_afterwards() -> None:
    with clock.stopped_at(THEN):
        stopped = clock.now()

    assert stopped == THEN
    assert clock.now() > THEN


def test_a_stopped_clock_goes_on_after_an_error() -> None:
    with pytest.raises(LookupError), clock.stopped_at(THEN):
        raise LookupError

    assert clock.now() > THEN
