"""From rows of purchases to the summary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.clv import summarised

BEGIN = date(2026, 1, 1)
row = st.tuples(
    st.integers(-3, 5), st.integers(0, 40), st.integers(-500, 2_000)
)  # customer, day, amount
SHIFTS = st.sampled_from([0, 2**40, 2**62])


@given(st.lists(row, min_size=1, max_size=60), SHIFTS)
def test_it_is_what_counting_by_hand_gives(rows: list[tuple[int, int, int]], far: int) -> None:
    who = [customer * (far + 1) for customer, _, _ in rows]
    who = [one if abs(one) < 2**63 else one // 8 for one in who]
    days = [BEGIN + timedelta(days=day) for _, day, _ in rows]
    end = BEGIN + timedelta(days=50)

    found = summarised(who, days, [amount for _, _, amount in rows], until=end)

    assert found.customers.tolist() == sorted(set(who))
    for place, customer in enumerate(found.customers.tolist()):
        by_day: dict[date, int] = {}
        for one, day, (_, _, amount) in zip(who, days, rows, strict=True):
            if one == customer:
                by_day[day] = by_day.get(day, 0) + amount
        repeats = [by_day[day] for day in sorted(by_day)[1:] if by_day[day] > 0]
        summary = found.summary
        assert summary.frequency[place] == len(by_day) - 1
        assert summary.recency[place] == (max(by_day) - min(by_day)).days
        assert summary.T[place] == (end - min(by_day)).days
        assert (found.first_on[place], found.last_on[place]) == (min(by_day), max(by_day))
        assert (found.spend_days[place], found.spend[place]) == (len(repeats), sum(repeats))
        assert found.monetary_value[place] == (sum(repeats) / len(repeats) if repeats else 0)


@given(st.lists(row, min_size=1, max_size=60), st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[tuple[int, int, int]], chance) -> None:
    mixed = chance.sample(rows, len(rows))

    one, other = (
        summarised([r[0] for r in some], [BEGIN + timedelta(days=r[1]) for r in some])
        for some in (rows, mixed)
    )

    assert one.summary.frequency.tolist() == other.summary.frequency.tolist()
    assert one.summary.T.tolist() == other.summary.T.tolist()


def test_texts_moments_and_columns_of_arrow_are_taken_as_they_are() -> None:
    arrow = pytest.importorskip("pyarrow")
    moments = np.array(["2026-01-05T23:59", "2026-01-01T00:00", "2026-01-05T00:01"], "M8[us]")

    found = summarised(
        arrow.chunked_array([["mari", "ken", "mari"]]), arrow.array(moments), [0.5, 0.25, 0.5]
    )

    assert found.customers.tolist() == ["ken", "mari"]
    assert found.summary.frequency.tolist() == [0, 0]  # the two of one day are one
    assert found.summary.T.tolist() == [4, 0]


def _pandas(moments: list[datetime]) -> Any:
    series = pytest.importorskip("pandas").Series(moments)
    return series.dt.tz_convert("Asia/Tokyo")


def _polars(moments: list[datetime]) -> Any:
    return pytest.importorskip("polars").Series(moments).dt.convert_time_zone("Asia/Tokyo")


def _arrow(moments: list[datetime], zone: str = "Asia/Tokyo") -> Any:
    arrow = pytest.importorskip("pyarrow")
    return arrow.array(moments, arrow.timestamp("us", zone))


def _texts(moments: list[datetime]) -> list[str]:
    return [moment.isoformat() for moment in moments]


WRITTEN: dict[str, Callable[[list[datetime]], Any]] = {
    "datetimes": lambda moments: moments,
    "pandas": _pandas,
    "pandas index": lambda moments: pytest.importorskip("pandas").DatetimeIndex(_pandas(moments)),
    "pandas objects": lambda moments: _pandas(moments).astype(object),
    "pandas of arrow": lambda moments: _pandas(moments).astype(
        pytest.importorskip("pandas").ArrowDtype(_arrow(moments).type)
    ),
    "polars": _polars,
    "arrow": _arrow,
    "arrow by offset": lambda moments: _arrow(moments, "+09:00"),
    "arrow in chunks": lambda moments: pytest.importorskip("pyarrow").chunked_array(
        [_arrow(moments)]
    ),
    "texts": _texts,
    "texts without a colon": lambda moments: [
        f"{moment:%Y-%m-%d %H:%M:%S.%f%z}" for moment in moments
    ],
    "bytes": lambda moments: np.array(_texts(moments), "S"),
    "texts of pandas": lambda moments: pytest.importorskip("pandas").Series(_texts(moments)),
    "texts of polars": lambda moments: pytest.importorskip("polars").Series(_texts(moments)),
    "texts of arrow": lambda moments: pytest.importorskip("pyarrow").array(_texts(moments)),
    "mixed": lambda moments: [moments[0], *_texts(moments[1:])],
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_moment_counts_for_the_day_that_its_own_clock_shows(written: str) -> None:
    tokyo = timezone(timedelta(hours=9))
    moments = [datetime(2026, 1, 5, hour, tzinfo=tokyo) for hour in (8, 23)]

    found = summarised([1, 1], WRITTEN[written](moments), until=moments[0])

    assert found.first_on.tolist() == [date(2026, 1, 5)]
    assert found.summary.frequency.tolist() == [0]  # the two of one day are one
    assert found.summary.T.tolist() == [0]


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint64])
def test_ids_as_narrow_as_they_come_stay_in_their_order(kind: type[np.integer]) -> None:
    low, high = np.iinfo(kind).min, np.iinfo(kind).max
    near = [low, low + 1] if np.iinfo(kind).bits == 64 else [low, high]

    found = summarised(np.array(near[::-1], kind), ["2026-01-01", "2026-01-02"])

    assert found.customers.tolist() == near
    assert found.customers.dtype == kind
    assert found.summary.T.tolist() == [0, 1]


def test_what_comes_after_the_end_is_left_out_and_nothing_given_is_changed() -> None:
    amounts = np.array([7, 8, 9])

    found = summarised(
        [1, 1, 2], ["2026-01-01", "2026-01-03", "2026-02-01"], amounts, until="2026-01-31"
    )

    assert found.customers.tolist() == [1]
    assert found.summary.T.tolist() == [30]
    assert found.spend.tolist() == [8]
    assert amounts.tolist() == [7, 8, 9]


@pytest.mark.parametrize(
    ("customers", "days", "said"),
    [
        ([], [], "no transaction"),
        ([1.5], ["2026-01-01"], "no whole numbers"),
        ([None], ["2026-01-01"], "neither a whole number nor a text"),
        ([1], ["soon"], "not dates"),
        ([1], [20_454], "not one column of dates"),
        ([1], ["NaT"], "a day is missing"),
        ([1], ["20260105"], "after the year 9999"),
        ([1], ["2026-01-05T08:00+9x"], "not dates"),
        ([1, 2], ["2026-01-01"], "different lengths"),
        ([1], ["2027-01-01"], "no transaction up to"),
    ],
)
def test_what_cannot_be_is_refused(customers, days, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        summarised(customers, np.array(days), until="2026-12-31")


def test_of_cdnow_it_counts_what_the_literature_does(data_dir: Path) -> None:
    lines = (data_dir / "CDNOW_sample.txt").read_text().split("\n")
    rows = [line.split() for line in lines if line.strip()]

    days = [f"{r[2][:4]}-{r[2][4:6]}-{r[2][6:]}" for r in rows]
    found = summarised(
        [int(r[1]) for r in rows], days, [float(r[4]) for r in rows], until="1997-09-30"
    )

    assert len(found.summary) == 2_357
    assert found.summary.repeaters == 946  # Fader, Hardie & Lee (2005), table 1
    assert found.summary.frequency.sum() == 2_457
