"""The search for a maximum, where a sample of the rows says something else than all of them."""

from __future__ import annotations

import numpy as np
import pytest

from joren.science.arrays import Floats
from joren.science.maximum import maximise

STARTS = [np.array([0.5, 0.3]), np.array([-0.5, 0.2])]


def all_rows(point: Floats) -> tuple[float, Floats]:
    """Highest at (0, 0), and flat far from there along the second parameter."""
    x, y = point
    bell = np.exp(-2 * y**2)
    return -(x**2) / 2 + bell, np.array([-x, -4 * y * bell])


def sample(top: float, point: Floats) -> tuple[float, Floats]:
    """Highest at (0, top)."""
    x, y = point[0], point[1] - top
    return -(x**2) / 2 - y**2 / 2, np.array([-x, -y])


def test_a_sample_that_leads_onto_a_ridge_does_not_decide() -> None:
    found = maximise(
        all_rows, STARTS, names=("a", "b"), customers=1e3, rough=lambda point: sample(8.0, point)
    )

    assert found.point == pytest.approx([0.0, 0.0], abs=1e-6)
    assert found.certificate
    assert found.certificate.undetermined == ()


def test_a_sample_that_is_nearly_right_saves_the_climb() -> None:
    asked: list[Floats] = []

    def objective(point: Floats) -> tuple[float, Floats]:
        asked.append(point)
        return all_rows(point)

    found = maximise(
        objective, STARTS, names=("a", "b"), customers=1e3, rough=lambda point: sample(0.01, point)
    )

    assert found.point == pytest.approx([0.0, 0.0], abs=1e-6)
    assert len(asked) < 20
