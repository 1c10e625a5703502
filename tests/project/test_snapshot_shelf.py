"""Which snapshots are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from joren.core.ids import SnapshotId
from joren.project.snapshot_shelf import DAILY, outdated
from joren.warehouse import Snapshot

some_days = st.lists(st.dates(date(2025, 1, 1), date(2026, 12, 31)), min_size=1, max_size=60)


def snapshots(*days: date) -> list[Snapshot]:
    moment = datetime(2026, 12, 31, tzinfo=UTC)
    return [
        Snapshot(SnapshotId(number), day, moment, 1.0, {}, {}) for number, day in enumerate(days, 1)
    ]


@given(some_days)
def test_every_day_and_every_month_keeps_one(days: list[date]) -> None:
    every = snapshots(*days)
    out = outdated(every)

    kept = [one for one in every if one.id not in out]
    daily_from = max(days) - timedelta(days=DAILY - 1)
    assert kept[-1] == every[-1]
    assert {day for day in days if day >= daily_from} <= {one.as_of for one in kept}
    months = {(day.year, day.month) for day in days}
    assert {(one.as_of.year, one.as_of.month) for one in kept} == months
    old = [one.as_of for one in kept[:-1] if one.as_of < daily_from]
    assert len(old) == len({(day.year, day.month) for day in old})


@given(some_days)
def test_what_was_kept_is_kept_again(days: list[date]) -> None:
    every = snapshots(*days)
    out = outdated(every)

    assert outdated([one for one in every if one.id not in out]) == ()


def test_the_last_build_of_a_day_replaces_the_earlier_ones() -> None:
    day = date(2026, 3, 31)

    assert outdated(snapshots(day, day, day)) == (1, 2)


def test_nothing_is_kept_of_nothing() -> None:
    assert outdated([]) == ()
