from __future__ import annotations

from datetime import UTC, datetime

import pytest

from joren.core import clock
from joren.core.errors import BadInput

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


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01T09:05", "2026/11/1 9:05", "2026年11月1日 9時05分", "２０２６/１１/０１ ９:０５",
        "2026-11-01T00:05:00Z", "2026/11/01 09:05 +0900", "46327.378472222",
    ],
)  # fmt: skip
def test_a_moment_is_read_however_a_file_writes_it(text: str) -> None:
    zone = clock.zone("Asia/Tokyo")

    found = clock.written_moment(text, zone)

    assert found == datetime(2026, 11, 1, 9, 5, tzinfo=zone)


@pytest.mark.parametrize("text", ["", "いつか", "2026/13/1", "12345"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert clock.written_moment(text, clock.zone("Asia/Tokyo")) is None


@pytest.mark.parametrize("name", ["Tokyo", "../x", "", "あ" * 120, "\0"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="no time zone"):
        clock.zone(name)
