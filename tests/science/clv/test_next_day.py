"""The day of the next order, on a steady clock and on one that runs with the season."""

from __future__ import annotations

import numpy as np
import pytest

from joren.science.clv import bg_nbd, nbd
from joren.science.clv.calendar import PERIOD, Calendar, Customers
from joren.science.clv.candidates import Candidate, Clocked
from joren.science.clv.next_day import next_day

LEVEL = 0.9
ONE = Customers.of([4.0], [0.0], [280.0], 300.0)
LETTERS = {"r": 0.24, "alpha": 4.4, "a": 0.79, "b": 2.4}


def test_on_a_steady_clock_it_is_the_models_own_answer_as_whole_days() -> None:
    model = bg_nbd.given(**LETTERS)
    told = Clocked(Candidate("BG/NBD"), model, None)

    median, low, high, never = next_day(told, ONE, level=LEVEL)

    found = model.next_order(told.summary(ONE), LEVEL)
    assert (median, low, high) == tuple(
        float(np.ceil(time[0])) for time in (found.median, found.low, found.high)
    )
    assert never == found.never[0]


def test_half_of_a_sample_has_come_by_the_median() -> None:
    told = Clocked(Candidate("NBD"), nbd.given(r=3.0, alpha=100.0), None)
    rng = np.random.default_rng(5)

    median, low, high, never = next_day(told, ONE, level=LEVEL)

    # Of somebody who never leaves: exponential at a rate that the past speaks of.
    rates = rng.gamma(3.0 + 4.0, 1 / (100.0 + 300.0), 200_000)
    came = rng.exponential(1 / rates)
    share = [float((came <= day).mean()) for day in (low, median, high) if day is not None]
    assert share == pytest.approx([0.05, 0.5, 0.95], abs=0.02)
    assert never == 0.0


def test_a_clock_that_runs_twice_as_fast_brings_it_in_half_the_days() -> None:
    model = bg_nbd.given(**LETTERS)
    steady = Clocked(Candidate("BG/NBD"), model, None)
    periods = 2_000
    fast = Calendar(ONE.end, np.full(periods, np.log(2.0)), 1.0)
    quick = Clocked(Candidate("BG/NBD", 0.1), model, fast)
    assert fast.clock(ONE.end + PERIOD) - fast.clock(ONE.end) == pytest.approx(2 * PERIOD)

    slow_days = next_day(steady, ONE, level=LEVEL)[0]
    quick_days = next_day(quick, ONE, level=LEVEL)[0]

    assert (quick_days or 0) < (slow_days or 0)
    assert quick_days


def test_beyond_twenty_years_no_day_is_named() -> None:
    told = Clocked(Candidate("NBD"), nbd.given(r=0.01, alpha=1e6), None)
    nobody_knows = Customers.of([0.0], [0.0], [0.0], 10.0)

    median, _, high, _ = next_day(told, nobody_knows, level=LEVEL)

    assert median is None
    assert high is None
