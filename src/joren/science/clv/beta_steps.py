"""How much a beta function changes over a step, without cancellation.

A share theta ~ Beta(z, g) has E[theta^d] = B(z + d, g) / B(z, g). As a difference of gamma
functions this loses every digit where z is large or g and d are small. Here the recurrence of the
gamma function carries z up to SHIFT, each step of it in closed form,

    ln((w + d)(w + g) / (w (w + g + d))) = log1p(g d / (w (w + g + d))),

and Stirling's series (DLMF 5.11.1) does the rest, each term differenced by algebra before numbers
are put in. Whatever is added has one sign or cancels by a factor of 3 at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joren.science.arrays import Floats

SHIFT = 32  # where the term in x^-5 of Stirling's series is 1e-11 of the whole
AT_ONCE = 2_048  # elements for which all steps fit into the processor's cache
BOUND = 1e120  # beyond it products overflow, and everything has long reached its limit


@dataclass(frozen=True)
class Step:
    """ln E[theta^d] and its slopes in z, in d and in g."""

    log: Floats
    by_z: Floats
    by_d: Floats
    by_g: Floats


def log_step(z: ArrayLike, d: ArrayLike, g: ArrayLike) -> Floats:
    """ln B(z + d, g) - ln B(z, g), element by element; z and g above 0, d at least 0."""
    z, d, g = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (z, d, g)))
    below = _over_shifts(lambda w, d, g: np.log1p(d / w * (g / (w + g + d))), z, d, g)
    z = z + _shifts(z)
    corner, side = z + g + d, d / z * (g / (z + g + d))
    large = (
        (z - 0.5) * np.log1p(side)
        - d * np.log1p(g / (z + d))
        - g * np.log1p(d / (z + g))
        + _cross(z, d, g) / 12
        - _cross_of_cubes(z, d, g, corner) / 360
    )
    total: Floats = large - below
    return total


def step(z: ArrayLike, d: ArrayLike, g: ArrayLike) -> Step:
    """The same with its slopes, for a gradient."""
    z, d, g = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (z, d, g)))
    return Step(log_step(z, d, g), _by_z(z, d, g), -rise(z + d, g), -rise(z + g, d))


def falling(z: ArrayLike, m: ArrayLike, g: float) -> Floats:
    """The sum of E[theta^h] over h = 0 ... m - 1, theta ~ Beta(z, g); z at least 1.

    It telescopes to (g + z - 1) (1 - B(z + m, g - 1) / B(z, g - 1)) / (g - 1), in which g - 1 may
    be negative, or 0 in the limit.
    """
    excess, low = g - 1.0, np.asarray(z, dtype=np.float64)
    if excess == 0:
        total: Floats = low * rise(low, m)
        return total
    total = (low + excess) * (-np.expm1(log_step(low, m, excess)) / excess)
    return total


def _shifts(z: Floats) -> int:
    return SHIFT if z.size and float(z.min()) < SHIFT else 0


def _over_shifts(term: Callable[..., Floats], z: Floats, *others: Floats) -> Floats:
    """The sum of a term over the steps of the recurrence: at once where that is little."""
    if z.size <= AT_ONCE:
        steps = np.arange(_shifts(z), dtype=np.float64)
        at_once: Floats = term(z[..., None] + steps, *(other[..., None] for other in others)).sum(
            axis=-1
        )
        return at_once
    total = np.zeros(z.shape)
    for k in range(_shifts(z)):
        total += term(z + k, *others)
    return total


def _cross(z: Floats, d: Floats, g: Floats) -> Floats:
    """1/(z+d) + 1/(z+g) - 1/z - 1/(z+g+d), which is below 0."""
    corner = z + g + d
    crossed: Floats = -(z + corner) / z * (d / (z + d)) * (g / (z + g)) / corner
    return crossed


def _cross_of_cubes(z: Floats, d: Floats, g: Floats, corner: Floats) -> Floats:
    """The same of the third powers: (r^3 - s^3) - (p^3 - q^3) with p = 1/z, ... s = 1/corner."""
    p, q, r, s = 1 / z, 1 / (z + g), 1 / (z + d), 1 / corner
    u = g * p * q
    fall_r, fall_s = d * p * r, d * q * s
    squares = fall_r * (r + p) + fall_s * (s + q) + r * fall_s + q * fall_r
    crossed: Floats = _cross(z, d, g) * (r * r + r * s + s * s) - u * squares
    return crossed


def _by_z(z: Floats, d: Floats, g: Floats) -> Floats:
    """psi(z+d) + psi(z+g) - psi(z) - psi(z+g+d), which is above 0."""
    slope = -_over_shifts(_cross, z, d, g)
    z = z + _shifts(z)
    crossed = _cross(z, d, g)
    p, q, r, s = 1 / z, 1 / (z + g), 1 / (z + d), 1 / (z + g + d)
    side, fall_r, fall_s = g * p * q, d * p * r, d * q * s
    squares = crossed * (r + s) - side * (fall_r + fall_s)
    fourths = squares * (r * r + s * s)
    fourths -= side * (p + q) * (fall_r * (r + p) + fall_s * (s + q))
    slope += np.log1p(d / z * (g / (z + g + d))) - crossed / 2 - squares / 12 + fourths / 120
    return slope


def rise(w: ArrayLike, d: ArrayLike) -> Floats:
    """psi(w + d) - psi(w)."""
    w, d = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (w, d)))
    total = _over_shifts(lambda w, d: d / w / (w + d), w, d)
    w = w + _shifts(w)
    p, q = 1 / w, 1 / (w + d)
    half = d * p * q
    total += np.log1p(d / w) + half / 2 + half * (p + q) / 12
    total -= half * (p + q) * (p * p + q * q) / 120
    return total
