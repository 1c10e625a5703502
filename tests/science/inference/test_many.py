"""Many actions: the BCG trials as metafor has them, and shrinkage that pays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from joren.core.errors import BadInput
from joren.science.inference import discovered, false_discovery, pooled
from joren.science.inference.many import Between, dersimonian_laird, heterogeneity, reml

# Colditz et al. (1994), JAMA 271: tuberculosis yes and no, vaccinated, then control.
BCG = np.array(
    [
        [4, 119, 11, 128],
        [6, 300, 29, 274],
        [3, 228, 11, 209],
        [62, 13536, 248, 12619],
        [33, 5036, 47, 5761],
        [180, 1361, 372, 1079],
        [8, 2537, 10, 619],
        [505, 87886, 499, 87892],
        [29, 7470, 45, 7232],
        [17, 1699, 65, 1600],
        [186, 50448, 141, 27197],
        [5, 2493, 3, 2338],
        [27, 16886, 29, 17825],
    ],
    dtype=float,
).T
A, B, C, D = BCG
EFFECTS = np.log(A / (A + B) * (C + D) / C)
ERRORS = np.sqrt(1 / A - 1 / (A + B) + 1 / C - 1 / (C + D))


def test_bcg_is_as_in_metafor() -> None:
    found = pooled(EFFECTS, ERRORS)
    moments = pooled(EFFECTS, ERRORS, between=Between.DERSIMONIAN_LAIRD)

    assert reml(EFFECTS, ERRORS) == pytest.approx(0.3132, abs=5e-5)
    assert dersimonian_laird(EFFECTS, ERRORS) == pytest.approx(0.3088, abs=5e-5)
    assert found.mean == pytest.approx(-0.7145, abs=5e-5)
    assert found.mean / found.error == pytest.approx(-3.9522, abs=5e-4)  # Knapp & Hartung's t
    assert found.between < found.spread < 1.5 * found.between
    assert moments.mean == pytest.approx(-0.7141, abs=5e-5)
    assert heterogeneity(EFFECTS, ERRORS) == pytest.approx(0.9212, abs=5e-5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_are_scipys(values) -> None:
    assert false_discovery(values) == pytest.approx(stats.false_discovery_control(values))


def test_of_those_declared_at_most_a_tenth_are_false() -> None:
    rng = np.random.default_rng(1)
    shares = []
    for _ in range(300):
        truth = np.where(np.arange(60) < 20, 3.0, 0.0)
        p = 2 * stats.norm.sf(np.abs(truth + rng.normal(size=60)))
        declared = false_discovery(p) < 0.1
        shares.append(np.mean(truth[declared] == 0) if declared.any() else 0)

    assert np.mean(shares) < 0.09


def test_what_was_read_in_other_lists_counts_and_what_was_not_read_does_not() -> None:
    told = discovered([0.01, None, 0.04, float("nan")], [0.03, 0.9])

    every = false_discovery([0.01, 0.04, 0.03, 0.9])
    assert told == [pytest.approx(every[0]), None, pytest.approx(every[1]), None]
    assert discovered([None], [0.5]) == [None]


def test_the_best_of_many_is_believed_less_and_about_right() -> None:
    rng = np.random.default_rng(2)
    plain, ours, held = [], [], []
    for _ in range(300):
        truth = rng.normal(1, 0.5, 20)
        errors = rng.uniform(0.3, 1.5, 20)
        seen = truth + errors * rng.normal(size=20)
        found = pooled(seen, errors)
        best = int(np.argmax(seen))
        plain.append(seen[best] - truth[best])
        ours.append(found.shrunk[best] - truth[best])
        held.append(np.mean((found.shrunk_low <= truth) & (truth <= found.shrunk_high)))

    assert np.mean(plain) > 0.8
    assert abs(np.mean(ours)) < 0.15
    assert 0.93 < np.mean(held) < 0.985


def test_a_new_action_lies_within_the_prediction() -> None:
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(400):
        truth = rng.normal(1, 0.5, 13)
        found = pooled(truth[:12] + 0.3 * rng.normal(size=12), np.full(12, 0.3))
        low, high = found.prediction
        inside.append(low <= truth[12] <= high)

    assert 0.93 < np.mean(inside) < 0.99


def test_actions_that_differ_by_chance_alone_stay_together() -> None:
    found = pooled([1.0, 1.1, 0.9, 1.0], [0.5, 0.5, 0.5, 0.5])

    assert found.between == 0
    assert found.spread > 0
    assert np.ptp(found.shrunk) < 0.1
    # Without a spread to see, the error is still not below that of the customers.
    assert found.error == pytest.approx(0.25)


@given(st.floats(0.01, 100), st.floats(-10, 10))
def test_the_unit_and_the_origin_do_not_matter(unit, origin) -> None:
    plain = pooled(EFFECTS, ERRORS)
    moved = pooled(unit * EFFECTS + origin, unit * ERRORS)

    assert moved.mean == pytest.approx(unit * plain.mean + origin, rel=1e-5, abs=1e-5)
    assert moved.between == pytest.approx(unit * plain.between, rel=1e-4)
    assert moved.shrunk == pytest.approx(unit * plain.shrunk + origin, rel=1e-4, abs=1e-4)


def test_two_actions_have_no_prediction_and_one_is_refused() -> None:
    assert pooled([1.0, 2.0], [0.1, 0.1]).prediction == (-np.inf, np.inf)
    with pytest.raises(BadInput, match="1 actions"):
        pooled([1.0], [0.1])
    with pytest.raises(BadInput, match="a standard error is not above 0 in 1 of 2 rows"):
        pooled([1.0, 2.0], [0.1, 0.0])
