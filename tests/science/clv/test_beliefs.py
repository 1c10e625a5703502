"""What a new customer may do, and how surely the past says so."""

from __future__ import annotations

import numpy as np
import pytest

from joren.science.clv import Summary, bg_nbd, pareto_nbd
from joren.science.clv import beliefs as module
from joren.science.clv.beliefs import Beliefs, beliefs

TRUTH = bg_nbd.given(r=0.6, alpha=5.0, a=0.8, b=2.5)


def customers(size: int) -> Summary:
    rng = np.random.default_rng(7)
    return TRUTH.simulate(rng.integers(100, 400, size) / 7.0, rng)


def believed(size: int) -> Beliefs:
    past = customers(size)
    return beliefs(bg_nbd, bg_nbd.fit(past), past, t=52, rng=np.random.default_rng(1))


def test_the_hills_stand_where_the_truth_is() -> None:
    found = believed(2_000)

    share = 1 - TRUTH.probability_of_purchases(0, 52)
    assert found.orders.low < TRUTH.expected_purchases(52) < found.orders.high
    assert found.share.low < share < found.share.high
    for curve in (found.orders, found.share, *found.parameters):
        area = np.trapezoid(curve.density, curve.values)
        assert area == pytest.approx(1, abs=0.01)
    assert [curve.name for curve in found.parameters] == list(bg_nbd.NAMES)


def test_more_customers_make_the_hill_narrower() -> None:
    few, many = (believed(size).orders for size in (200, 3_200))

    assert many.high - many.low < (few.high - few.low) / 2


def test_very_many_rows_are_believed_by_their_curvature(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = believed(3_000)
    monkeypatch.setattr(module, "EXACT", 0)

    normal = believed(3_000)

    width = exact.orders.high - exact.orders.low
    assert normal.orders.low == pytest.approx(exact.orders.low, abs=0.2 * width)
    assert normal.orders.high == pytest.approx(exact.orders.high, abs=0.2 * width)


def test_a_letter_that_the_data_cannot_tell_has_no_hill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT", 0)
    rng = np.random.default_rng(2)
    never_leaving = pareto_nbd.given(r=2.0, alpha=8.0, s=0.01, beta=500.0)
    past = never_leaving.simulate(np.full(120, 30.0), rng)
    fitted = pareto_nbd.fit(past)

    found = beliefs(pareto_nbd, fitted, past, t=52, rng=rng)

    lost = set(fitted.converged.undetermined)
    assert lost
    assert {curve.name for curve in found.parameters} == set(pareto_nbd.NAMES) - lost
    assert found.orders.low < float(fitted.expected_purchases(52)) < found.orders.high
