"""Shop days and spans of them, over leap days and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.clock import shop_day, zone
from joren.core.errors import BadInput, NotFound
from joren.core.period import Period, months, trailing
from joren.core.registry import Registry

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(days, st.integers(1, 800))
def test_the_period_before_ends_where_this_one_begins(last: date, length: int) -> None:
    period = trailing(length, last)

    assert period.days == period.before.days == length
    assert period.before.last + timedelta(days=1) == period.first


def test_a_leap_day_is_a_day() -> None:
    assert Period(date(2028, 2, 28), date(2028, 3, 1)).days == 3


def test_months_touch_both_ends() -> None:
    found = list(months(date(2026, 11, 30), date(2027, 1, 1)))

    assert found == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_the_shops_day_begins_at_its_own_midnight() -> None:
    moment = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)

    assert shop_day(moment, "Asia/Tokyo") == date(2026, 11, 23)
    assert shop_day(moment, "America/New_York") == date(2026, 11, 22)


@pytest.mark.parametrize("name", ["Asia/Edo", "", "../etc/passwd"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="no time zone"):
        zone(name)


def test_a_name_is_entered_once_and_a_lost_one_says_what_is_known() -> None:
    registry: Registry[int] = Registry("number")
    registry.enter("one", 1)

    with pytest.raises(BadInput):
        registry.enter("one", 2)
    with pytest.raises(NotFound) as lost:
        registry["two"]
    assert lost.value.hint == "known: one"
