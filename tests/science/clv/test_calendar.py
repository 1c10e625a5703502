"""The common clock: what it must find, and what it must leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import bg_nbd, calendar, mbg_nbd
from joren.science.errors import NotEnoughRepeats


def test_a_steady_clock_is_the_calendar_itself() -> None:
    customers = calendar.Customers.of([1, 0], [0, 3], [20, 3], 200)
    steady = calendar.Calendar(-1.0, np.zeros(7), 7.0)

    summary = steady.summary(customers)

    assert summary.recency == pytest.approx([20 / 7, 0])
    assert pytest.approx([200 / 7, 197 / 7]) == summary.T
    assert steady.ahead(200, 70) == pytest.approx(10)


def _cdnow(log):
    past = log.summary
    first = 272 - past.T * 7
    return calendar.Customers.of(past.frequency, first, first + past.recency * 7, 272)


@pytest.mark.parametrize("model", [bg_nbd, mbg_nbd])
def test_on_cdnow_the_error_of_the_total_shrinks(model, cdnow_sample) -> None:
    customers, past = _cdnow(cdnow_sample), cdnow_sample.summary
    plain = model.fit(past).conditional_expected_purchases(past, 39).sum()

    days = cdnow_sample.repeat_days
    clock, fitted = calendar.fit(model.fit, customers, days, np.ones(days.size))

    known = clock.summary(customers)
    total = fitted.conditional_expected_purchases(known, clock.ahead(272, 273)).sum()
    truth = cdnow_sample.holdout.sum()
    assert abs(total / truth - 1) < abs(plain / truth - 1) / 2
    assert abs(total / truth - 1) < 0.06


def test_the_season_of_a_year_ago_comes_back_and_the_rest_fades() -> None:
    log = np.zeros(26)
    log[[12, 25]] = 0.6  # each December
    ahead = np.diff(calendar.Calendar(0.0, log, 28.0).clock(28.0 * np.arange(26, 40)))

    assert ahead[12] == pytest.approx(np.exp(0.4), rel=1e-3)
    assert ahead[5] == pytest.approx(1, rel=1e-2)


def test_dates_are_days() -> None:
    by_date = calendar.Customers.of(
        [1],
        np.array(["2026-01-01"], "M8[D]"),
        np.array(["2026-02-01"], "M8[D]"),
        np.datetime64("2026-03-01"),
    )

    assert by_date.end - by_date.first[0] == 59
    assert by_date.last[0] - by_date.first[0] == 31


def test_a_short_history_is_refused() -> None:
    customers = calendar.Customers.of([1, 0], [0, 3], [20, 3], 50)

    with pytest.raises(NotEnoughRepeats, match="51 days observed"):
        calendar.fit(bg_nbd.fit, customers, [20], [1])


def test_an_order_after_the_end_is_refused() -> None:
    with pytest.raises(BadInput, match="after the end"):
        calendar.Customers.of([1], [0], [60], 50)
    with pytest.raises(BadInput, match="neither dates nor numbers"):
        calendar.Customers.of([1], ["a"], ["b"], 50)
