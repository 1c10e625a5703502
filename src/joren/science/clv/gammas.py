"""Ratios of gamma functions, taken so that large arguments do not eat the digits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from joren.science.arrays import Floats

LARGE = 12.0  # from here on Stirling's series is right to the last digit
# Of ln Gamma(z) - (z - 1/2) ln z + z - ln(2 pi) / 2, in 1/z, 1/z^3, ... (DLMF 5.11.1).
SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def log_rising(a: ArrayLike, n: ArrayLike) -> Floats:
    """ln(Gamma(a + n) / Gamma(a)): of the product a (a + 1) ... (a + n - 1)."""
    low, steps = np.asarray(a, dtype=np.float64), np.asarray(n, dtype=np.float64)
    safe = np.maximum(low, LARGE)
    high = safe + steps
    far = (
        (safe - 0.5) * np.log1p(steps / safe)
        + steps * (np.log(high) - 1)
        + _rest(high)
        - _rest(safe)
    )
    near = np.minimum(low, LARGE)
    return np.where(low >= LARGE, far, gammaln(near + steps) - gammaln(near))


def log_beta_ratio(a: ArrayLike, b: ArrayLike, n: ArrayLike) -> Floats:
    """ln(B(a, b + n) / B(a, b)): of staying n times, each with chance 1 - p, p ~ Beta(a, b)."""
    return log_rising(b, n) - log_rising(np.add(a, b), n)


def _rest(z: Floats) -> Floats:
    square = 1 / (z * z)
    total = np.zeros_like(z)
    for factor in reversed(SERIES):
        total = total * square + factor
    rest: Floats = total / z
    return rest
