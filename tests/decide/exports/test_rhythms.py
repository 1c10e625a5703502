"""When a file is due, by the shop's clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.decide.exports.contracts import BadSchedule, Rhythm
from joren.decide.exports.rules import checked, due_after, due_before

hours = st.integers(0, 5 * 365 * 24 * 60)
moments = hours.map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
rhythms = st.one_of(
    st.builds(Rhythm, st.just("day"), st.integers(0, 23)),
    st.builds(Rhythm, st.just("week"), st.integers(0, 23), st.integers(1, 7)),
    st.builds(Rhythm, st.just("month"), st.integers(0, 23), st.integers(1, 31)),
)


@given(moments, rhythms, st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/New_York"]))
def test_each_moment_is_the_newest_of_the_next(now: datetime, rhythm: Rhythm, zone: str) -> None:
    before, after = due_before(now, rhythm, zone), due_after(now, rhythm, zone)

    assert before <= now < after
    assert due_before(after, rhythm, zone) == after
    assert due_after(before, rhythm, zone) == after


def test_the_last_day_stands_for_those_that_a_month_lacks() -> None:
    now = datetime(2028, 3, 1, tzinfo=UTC)

    assert due_before(now, Rhythm("month", 6, 31), "UTC") == datetime(2028, 2, 29, 6, tzinfo=UTC)


def test_an_hour_that_summer_time_skips_has_its_file_all_the_same() -> None:
    now = datetime(2026, 3, 29, 12, tzinfo=UTC)

    due = due_before(now, Rhythm("day", 2), "Europe/Berlin")

    assert due == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "keep"),
    [(Rhythm("day", 24), 30), (Rhythm("week", 6, 8), 30), (Rhythm("month", 6, 0), 30),
     (Rhythm("year", 6), 30), (Rhythm("day", 6), 0), (Rhythm("day", 6), 366)],  # type: ignore[arg-type]
)  # fmt: skip
def test_what_no_calendar_has_is_refused(rhythm: Rhythm, keep: int) -> None:
    with pytest.raises(BadSchedule):
        checked(rhythm, keep)
