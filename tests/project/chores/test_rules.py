"""The night: once on each day of the business's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.project.chores.rules import ATTEMPTS, RETRY_AFTER, Past, is_due, night_before

ZONES = ("Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC")
moments = st.datetimes(datetime(2023, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the zone is drawn)
times = st.times().map(lambda time: time.strftime("%H:%M"))


@given(moments, st.sampled_from(ZONES), times)
def test_the_night_is_the_newest_one_and_no_later_than_now(
    now: datetime, zone: str, at: str
) -> None:
    night = night_before(now, zone, at)

    assert night <= now
    assert now - night <= timedelta(hours=25)  # the day on which clocks go back
    assert night_before(night, zone, at) == night


@given(st.sampled_from(ZONES), times, st.dates(date(2023, 1, 1), date(2029, 1, 1)))
def test_each_day_has_one_night(zone: str, at: str, day: date) -> None:
    here = ZoneInfo(zone)
    begin = datetime.combine(day, datetime.min.time(), here).astimezone(UTC)
    hours = [begin + timedelta(minutes=30 * number) for number in range(2 * 24 * 7)]

    nights = {night_before(hour, zone, at) for hour in hours}

    assert len(nights) in (7, 8)  # seven days, and the night before them
    assert len({night.astimezone(here).date() for night in nights}) == len(nights)


@pytest.mark.parametrize(
    ("now", "zone", "night"),
    [
        # 2:30 does not exist on the day on which summer begins: the same moment is called 3:30.
        ("2026-03-08T12:00", "America/New_York", "2026-03-08T07:30"),
        # 2:30 comes once more when it ends at 2:00; New York repeats 1:00 to 2:00.
        ("2026-11-01T12:00", "America/New_York", "2026-11-01T07:30"),
        ("2028-02-29T12:00", "Asia/Tokyo", "2028-02-28T17:30"),  # 閏日
        ("2028-02-29T17:29", "Asia/Tokyo", "2028-02-28T17:30"),
        ("2028-02-29T17:30", "Asia/Tokyo", "2028-02-29T17:30"),
    ],
)
def test_clocks_change_and_leap_days_come(now: str, zone: str, night: str) -> None:
    found = night_before(datetime.fromisoformat(now).replace(tzinfo=UTC), zone, "02:30")

    assert found == datetime.fromisoformat(night).replace(tzinfo=UTC)


def test_the_hour_that_comes_twice_is_its_first() -> None:
    both = [datetime(2026, 11, 1, hour, 45, tzinfo=UTC) for hour in (5, 6)]

    assert {night_before(now, "America/New_York", "01:30") for now in both} == {
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    }


def test_missed_nights_are_caught_up_once() -> None:
    night = datetime(2026, 11, 1, 18, 30, tzinfo=UTC)
    past = Past(night=night - timedelta(days=9), well=True, attempts=1)

    assert is_due(past, night, night + timedelta(hours=5))
    assert not is_due(Past(night=night), night, night + timedelta(hours=5))


def test_what_failed_is_tried_again_after_a_while_and_not_for_ever() -> None:
    night = datetime(2026, 11, 1, 18, 30, tzinfo=UTC)
    failed = Past(night, well=False, attempts=1, finished_at=night)

    assert not is_due(failed, night, night + RETRY_AFTER / 2)
    assert is_due(failed, night, night + RETRY_AFTER)
    assert not is_due(Past(night, False, ATTEMPTS, night), night, night + timedelta(hours=9))


def test_no_time_of_day_is_refused() -> None:
    with pytest.raises(BadInput, match="25:00"):
        night_before(datetime(2026, 1, 1, tzinfo=UTC), "UTC", "25:00")
