"""A customer's own ratio, drawn towards everybody's as far as little is known of them.

Bühlmann & Straub (1970), "Glaubwürdigkeit für Schadensätze": customer i shows the numerator P_i on
the denominator R_i (profit on revenue), with mean theta_i R_i and variance sigma^2 R_i, and theta_i
varies over customers with mean m and variance tau^2. The best linear estimate of theta_i is

    (P_i + k m) / (R_i + k),    k = sigma^2 / tau^2,

as if everyone had brought k of revenue at the shop's ratio. The page is docs/science/shrinkage.md.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, same_length
from joren.science.errors import NotEnoughRepeats


@dataclass(frozen=True)
class RatioSums:
    """Over customers with a denominator above 0. Sums of parts are the sums of the whole."""

    n: float
    numerator: float
    denominator: float
    numerator_squares: float
    products: float
    denominator_squares: float
    numerator_squares_over_denominator: float

    def __add__(self, other: RatioSums) -> RatioSums:
        return RatioSums(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Prior:
    """The shop's ratio and how much denominator it is worth as evidence.

    `strength` infinite: customers do not differ beyond chance, everyone gets the shop's ratio; 0:
    chance plays no part, everyone keeps their own.
    """

    ratio: float
    strength: float


def ratio_sums(numerator: ArrayLike, denominator: ArrayLike) -> RatioSums:
    """The sums that a prior is estimated from, where the rows are at hand."""
    top, bottom = _pair(numerator, denominator)
    some = bottom > 0
    top, bottom = top[some], bottom[some]
    return RatioSums(
        float(top.size),
        float(top.sum()),
        float(bottom.sum()),
        float(top @ top),
        float(top @ bottom),
        float(bottom @ bottom),
        float((top * top / bottom).sum()),
    )


def estimated_prior(sums: RatioSums) -> Prior:
    """m is the ratio of totals; sigma^2 and tau^2 by the method of moments.

    With the residuals e_i = P_i - m R_i: sum e^2 / R is near tau^2 sum R + sigma^2 n, and sum e^2
    near tau^2 sum R^2 + sigma^2 sum R. Two equations, two unknowns. Where all denominators are
    equal they say the same, and what customers differ by is all taken as chance.
    """
    if sums.n < 1 or sums.denominator <= 0:
        raise NotEnoughRepeats("no customer has a denominator above 0 to take a ratio of")
    m = sums.numerator / sums.denominator
    over = sums.numerator_squares_over_denominator - m * sums.numerator
    plain = sums.numerator_squares - 2 * m * sums.products + m * m * sums.denominator_squares
    # Determinant of the two equations: >= 0 by Cauchy-Schwarz, 0 where all denominators are equal.
    apart = sums.n * sums.denominator_squares - sums.denominator**2
    alike = over <= 1e-12 * sums.numerator_squares_over_denominator
    if alike or apart <= 1e-12 * sums.denominator**2:
        return Prior(m, inf)
    between = (sums.n * plain - sums.denominator * over) / apart
    within = (sums.denominator_squares * over - sums.denominator * plain) / apart
    if between <= 0:
        return Prior(m, inf)
    return Prior(m, max(within, 0.0) / between)


def shrunken_ratio(
    numerator: ArrayLike, denominator: ArrayLike, prior: Prior | None = None
) -> Floats:
    """(P + k m) / (R + k) for each customer; the prior is estimated from them where not given.

    A customer whose denominator is not above 0 (nothing bought, or more refunded than bought) gets
    the shop's ratio: there is nothing to take a share of.
    """
    top, bottom = _pair(numerator, denominator)
    known = estimated_prior(ratio_sums(top, bottom)) if prior is None else prior
    if not (known.strength >= 0 and np.isfinite(known.ratio)):
        raise BadInput(
            f"a prior of ratio {known.ratio} and strength {known.strength}",
            hint="the ratio has to be finite, the strength 0 or more",
        )
    shrunk = np.full(top.size, known.ratio)
    if known.strength == inf:
        return shrunk
    some = bottom > 0
    shrunk[some] = (top[some] + known.strength * known.ratio) / (bottom[some] + known.strength)
    return shrunk


def _pair(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats]:
    top, bottom = column("numerator", numerator), column("denominator", denominator)
    same_length(numerator=top, denominator=bottom)
    return top, bottom
