"""A smooth function of a few variables, learned from a few values and slopes.

A polynomial, by least squares on values and gradients together: each costly
call of a function of k variables gives k + 1 equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from joren.science.arrays import Floats, Indices

SPARE = 4.0  # equations for each coefficient
NEAR = 6.0  # squared distance by which an equation counts e times less


@dataclass(frozen=True, eq=False)
class Surface:
    """The polynomial: one row of exponents for each coefficient."""

    exponents: Indices
    coefficients: Floats

    def __call__(self, points: Floats) -> Floats:
        """Its value at each row."""
        values: Floats = _terms(points, self.exponents) @ self.coefficients
        return values


def calls_needed(variables: int, degree: int) -> int:
    """How many calls of the function tell its coefficients with something to spare."""
    return int(np.ceil(SPARE * len(_exponents(variables, degree)) / (variables + 1)))


def fitted(
    points: Floats, function: Callable[[Floats], tuple[float, Floats]], degree: int
) -> Surface:
    """Learn the function from its values and slopes at the rows, best near the origin."""
    exponents = _exponents(points.shape[1], degree)
    told = [function(point) for point in points]
    weight = np.exp(-(points**2).sum(axis=1) / NEAR / 2)
    sides, rows = [weight * np.array([value for value, _ in told])], [_terms(points, exponents)]
    for i in range(points.shape[1]):
        lower = exponents.copy()
        lower[:, i] = np.maximum(lower[:, i] - 1, 0)
        rows.append(exponents[:, i] * _terms(points, lower))
        sides.append(weight * np.array([slope[i] for _, slope in told]))
    design = np.concatenate([weight[:, None] * row for row in rows])
    coefficients, *_ = np.linalg.lstsq(design, np.concatenate(sides), rcond=None)
    return Surface(exponents, coefficients)


def _exponents(variables: int, degree: int) -> Indices:
    rows = [
        np.bincount(chosen, minlength=variables + 1)[:variables]
        for chosen in combinations_with_replacement(range(variables + 1), degree)
    ]
    return np.array(rows, dtype=np.intp)


def _terms(points: Floats, exponents: Indices) -> Floats:
    powers = np.stack([points**degree for degree in range(exponents.max() + 1)])
    terms = np.ones((points.shape[0], exponents.shape[0]))
    for i in range(points.shape[1]):
        terms *= powers[exponents[:, i], :, i].T
    return terms
