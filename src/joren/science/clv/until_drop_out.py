"""Expected purchases of someone who may drop out after each of them.

While alive they buy at a rate ~ Gamma(shape s, rate 1), and after each purchase they drop out with
probability p ~ Beta(a, c). The expected number of purchases within the time z is

    M(a, c, s, z) = E[(1 - exp(-rate p z)) / p] = E_p[(1 - (1 + p z)^-s) / p].

Closed form (Fader, Hardie & Lee 2005, eq. 9 and 10, after Euler's transformation of the
hypergeometric function, DLMF 15.8.1), with w = z / (1 + z) and C = a + c - 1:

    M = C / (a - 1) (1 - (1 - w)^(a - 1) 2F1(C - s, a - 1; C; w)).

The paper's own 2F1(s, c; C; w) overflows for a few hundred purchases; the transformed one stays
near 1. Where it is not to be trusted (a near 1, tiny z, very large parameters), the integral over p
is taken by double-exponential quadrature, whose integrand is positive, so that nothing cancels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import hyp2f1

from joren.science.arrays import Floats, Indices, Number

NODES = 500
TAIL = 40.0  # e^-40 of the integrand may be left out
TRUSTED = 60.0  # the largest parameter for which SciPy's 2F1 was found right to 1e-10
CANCELLED = 1e-5  # less than this of 1 left after the subtraction: integrate instead
TERMS = 9
SOON = 0.01  # of z (s + TERMS), below which a few powers of z are exact
CHUNK = 4_096


def purchases_until_drop_out(a: Number, c: Floats, s: Floats, z: Floats) -> Floats:
    """M(a, c, s, z), element by element; relative error below 1e-9 also in the extremes."""
    given = [np.asarray(part, dtype=np.float64) for part in (a, c, s, z)]
    shape = np.broadcast_shapes(*(part.shape for part in given))
    every = [np.broadcast_to(part, shape).ravel() for part in given]
    expected = np.zeros(every[0].size)
    soon = every[3] * (every[2] + TERMS) < SOON
    expected[soon] = _series(*(part[soon] for part in every))
    ahead = np.flatnonzero(~soon)
    closed, sure = _closed_form(*(part[ahead] for part in every))
    expected[ahead] = closed
    for rows in _chunks(ahead[~sure]):
        expected[rows] = _quadrature(*(part[rows] for part in every))
    return expected.reshape(shape)


def _series(a: Floats, c: Floats, s: Floats, z: Floats) -> Floats:
    """In powers of z, whose terms fall by a hundred each: for the near future."""
    term = s * z
    total = term.copy()
    for k in range(1, TERMS):
        term = -term * ((s + k) / (k + 1) * z * (a + k - 1) / (a + c + k - 1))
        total += term
    return total


def _closed_form(a: Floats, c: Floats, s: Floats, z: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The closed form, and where it may be trusted."""
    excess, total = a - 1.0, a + c - 1.0
    with np.errstate(all="ignore"):  # what comes out as no number is integrated instead
        power = np.exp(-excess * np.log1p(z))
        left = 1.0 - power * hyp2f1(total - s, excess, total, z / (1.0 + z))
        expected = total / excess * left
    sure = (
        np.isfinite(expected)
        & (a <= TRUSTED)
        & (np.abs(left) > CANCELLED)
        & (np.abs(total) > CANCELLED)
        & (np.abs(total - s) < TRUSTED)
    )
    return expected, sure


def _quadrature(a: Floats, c: Floats, s: Floats, z: Floats) -> Floats:
    """The integral over p in y = logit p = m + k sinh u, on even nodes in u."""
    a, c, s, z = (part[:, None] for part in (a, c, s, z))
    middle = np.log(a / c)
    width = np.sqrt(1 / a + 1 / c)  # the spread of logit p; a peak when a and c are large
    scale = np.minimum(width, 1.0)
    bend = -np.log(s * z)  # below this logit the integrand's second factor is flat
    left = TAIL / a + 9 * width + np.maximum(0.0, middle - bend)
    right = TAIL / c + 9 * width
    low, high = -np.arcsinh(left / scale), np.arcsinh(right / scale)
    u = low + (high - low) / NODES * np.arange(NODES + 1)
    y = middle + scale * np.sinh(u)
    log_p, log_q = -np.logaddexp(0.0, -y), -np.logaddexp(0.0, y)
    log_weight = a * log_p + c * log_q
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True)) * np.cosh(u)
    inside = -np.expm1(-s * np.log1p(np.exp(log_p) * z))
    # Divided by p only where p has not underflowed: below, the ratio has reached its limit s z.
    ratio = np.where(log_p > -600, inside * np.exp(-np.maximum(log_p, -600)), s * z)
    expected: Floats = (weight * ratio).sum(axis=1) / weight.sum(axis=1)
    return expected


def _chunks(rows: Indices) -> list[Indices]:
    return np.array_split(rows, -(-rows.size // CHUNK)) if rows.size else []
