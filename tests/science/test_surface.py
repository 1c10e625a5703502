"""The polynomial that stands for a costly function."""

from __future__ import annotations

import numpy as np
import pytest

from joren.science.surface import calls_needed, fitted, least_squares


@pytest.mark.parametrize("variables", [1, 2, 4])
def test_a_polynomial_of_the_fourth_degree_is_met_exactly(variables: int) -> None:
    rng = np.random.default_rng(1)
    slant = rng.standard_normal(variables)

    def function(u: np.ndarray) -> tuple[float, np.ndarray]:
        z = float(slant @ u)
        return 1 + z**4 - z**3 + float(u[0]) ** 2, slant * (4 * z**3 - 3 * z**2) + 2 * u * (
            np.arange(variables) == 0
        )

    surface = fitted(rng.standard_normal((calls_needed(variables, 4), variables)), function, 4)

    fresh = rng.standard_normal((50, variables))
    assert surface(fresh) == pytest.approx([function(u)[0] for u in fresh], rel=1e-6)


def test_least_squares_are_those_of_lapack() -> None:
    rng = np.random.default_rng(7)
    design, sides = rng.standard_normal((90, 20)) * 10.0 ** rng.integers(-2, 3, 20), rng.random(90)

    found = least_squares(design, sides)

    best, *_ = np.linalg.lstsq(design, sides, rcond=None)
    assert design @ found == pytest.approx(design @ best, abs=1e-9)


def test_columns_that_hang_together_are_no_error() -> None:
    design = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [3.0, 6.0, 0.0]])

    assert design @ least_squares(design, np.array([1.0, 2.0, 3.0])) == pytest.approx([1, 2, 3])
