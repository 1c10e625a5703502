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
SINGULAR = 1e-12  # of a column's length: less left of it hangs on those before
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
    return Surface(exponents, least_squares(design, np.concatenate(sides)))


def least_squares(design: Floats, sides: Floats) -> Floats:
    """The coefficients that come nearest to the sides, found on one core.

    LAPACK wakes all cores for a few hundred rows; where others work too, their waiting for each
    other costs a hundred times what the sums do. The modified Gram-Schmidt process with the sides
    as one more column is as stable as its QR (Bjorck 1967, BIT 7, 1-21).
    """
    scale = np.sqrt((design**2).sum(axis=0))
    if not scale.all():
        return _of_least_norm(design, sides)
    rest = np.concatenate([(design / scale).T, sides[None]])  # a row for each column: contiguous
    size = scale.size
    upper = np.zeros((size, size + 1))
    for j in range(size):
        norm = float(np.sqrt((rest[j] ** 2).sum()))
        if norm < SINGULAR:
            return _of_least_norm(design, sides)
        one = rest[j] / norm
        shares = np.einsum("ki,i->k", rest[j + 1 :], one)
        rest[j + 1 :] -= shares[:, None] * one
        upper[j, j], upper[j, j + 1 :] = norm, shares
    found = np.zeros(size)
    for j in reversed(range(size)):
        found[j] = (upper[j, size] - (upper[j, j + 1 : size] * found[j + 1 :]).sum()) / upper[j, j]
    answer: Floats = found / scale
    return answer


def _of_least_norm(design: Floats, sides: Floats) -> Floats:
    """Where columns hang together, the smallest of the many answers."""
    coefficients, *_ = np.linalg.lstsq(design, sides, rcond=None)
    return np.asarray(coefficients, dtype=np.float64)


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
