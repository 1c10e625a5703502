"""On which days of the past the models are judged."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from joren.understand.ltv.rules.windows import LEARN_DAYS, plan

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("weeks", "cutoffs", "window"),
    [(25, 0, 13), (26, 1, 13), (30, 2, 13), (39, 4, 13), (78, 5, 13), (104, 6, 26), (200, 6, 52)],
)
def test_the_history_decides_on_the_cut_offs(weeks: int, cutoffs: int, window: int) -> None:
    found = plan(AS_OF - timedelta(weeks=weeks, days=-1), AS_OF)

    assert (len(found.cutoffs), found.days) == (cutoffs, window * 7)


@pytest.mark.parametrize("days", range(182, 1500, 61))
def test_each_leaves_a_quarter_to_learn_from_and_its_window_to_judge_by(days: int) -> None:
    first = AS_OF - timedelta(days=days - 1)
    found = plan(first, AS_OF)

    assert list(found.cutoffs) == sorted(set(found.cutoffs))
    assert (found.cutoffs[0] - first).days + 1 >= LEARN_DAYS
    assert found.cutoffs[-1] + timedelta(days=found.days) == AS_OF
