"""Weights that turn draws from one distribution into draws from another, and how far to trust them.

Vehtari, Simpson, Gelman, Yao & Gabry (2024), Pareto Smoothed Importance Sampling, Journal of
Machine Learning Research 25(72), 1-58. The largest weights are replaced by quantiles of the
generalised Pareto distribution fitted to them (Zhang & Stephens 2009, A New and Efficient
Estimation Method for the Generalized Pareto Distribution, Technometrics 51(3), 316-325).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np

from joren.science.arrays import Floats, Indices

TRUSTED = 0.7  # a shape above which the error of weighted means cannot be told
FEW = 5  # weights of which no tail can be fitted


@dataclass(frozen=True, eq=False)
class Weighed:
    """Weights that add up to 1, with the shape of their tail before it was smoothed.

    `k_hat` below .5: as good as draws of the target; up to .7: usable; above: do not trust.
    `log_mean` is the logarithm of the mean of the raw weights.
    """

    weights: Floats
    k_hat: float
    log_mean: float

    @property
    def effective(self) -> float:
        """How many equally weighted draws would tell means as well."""
        return 1 / float(self.weights @ self.weights)

    def resampled(self, size: int, rng: np.random.Generator) -> Indices:
        """Draws of equal weight, by an even comb through the weights, in random order."""
        comb = (np.arange(size) + rng.random()) / size
        ends = np.cumsum(self.weights)
        return rng.permutation(np.searchsorted(ends / ends[-1], comb))


def weighed(log_ratios: Floats) -> Weighed:
    """Smooth weights given in logarithms; minus infinity weighs nothing."""
    top = float(log_ratios.max())
    raw = np.exp(log_ratios - top)
    log_mean = top + log(float(raw.mean()))
    size = raw.size
    tail = int(min(size / 5, 3 * sqrt(size)))
    order = np.argsort(raw, kind="stable")
    largest = order[size - tail :]
    if tail < FEW or raw[order[size - tail - 1]] <= 0:
        return Weighed(raw / raw.sum(), inf, log_mean)
    cut = float(raw[order[size - tail - 1]])
    if raw[largest[-1]] <= cut * (1 + 1e-9):
        return Weighed(raw / raw.sum(), -inf, log_mean)  # all alike: draws of the target itself
    k, sigma = _pareto(raw[largest] - cut)
    shares = (np.arange(tail) + 0.5) / tail
    smoothed = raw.copy()
    smoothed[largest] = np.minimum(cut + _quantiles(shares, k, sigma), 1.0)
    return Weighed(smoothed / smoothed.sum(), k, log_mean)


def _pareto(excess: Floats) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto distribution, from ascending excesses."""
    n = excess.size
    excess = np.maximum(excess, np.finfo(np.float64).tiny)
    trials = 30 + int(sqrt(n))
    steps = 1 - np.sqrt(trials / (np.arange(1, trials + 1) - 0.5))
    theta = steps / (3 * excess[int(n / 4 + 0.5) - 1]) + 1 / excess[-1]
    shapes = np.log1p(-theta[:, None] * excess).mean(axis=1)
    fit = n * (np.log(-theta / shapes) - shapes - 1)
    chance = 1 / np.exp(fit[None, :] - fit[:, None]).sum(axis=1)
    best = float(chance @ theta / chance.sum())
    shape = float(np.log1p(-best * excess).mean())
    scale = -shape / best
    # A weak prior towards .5 steadies the shape of short tails.
    return (n * shape + 10 * 0.5) / (n + 10), scale


def _quantiles(shares: Floats, k: float, sigma: float) -> Floats:
    if abs(k) < 1e-12:
        return -sigma * np.log1p(-shares)
    quantiles: Floats = sigma * np.expm1(-k * np.log1p(-shares)) / k
    return quantiles
