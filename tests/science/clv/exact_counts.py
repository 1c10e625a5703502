"""Purchases to come of someone still there, in as many digits as mpmath is set to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

PANELS = 60
DEEP = 60.0  # powers of e below its highest point, from where on an integrand is nothing


def of_count(name: str, p: Mapping[str, float], x: int, T: float, t: float, n: int) -> mpf:
    """The chance of exactly n purchases within t."""
    s, z = mpf(p["r"]) + x, mpf(t) / (mpf(p["alpha"]) + mpf(T))
    ways = mpmath.rf(s, n) / mpmath.factorial(n)
    bought = ways * (z / (1 + z)) ** n / (1 + z) ** s
    if name == "nbd":
        return bought
    if name == "pareto_nbd":
        leave, late = mpf(p["s"]), mpf(p["beta"]) + mpf(T)
        stay = bought * (late / (late + mpf(t))) ** leave
        return stay + ways * leave * _left_after(s, mpf(p["alpha"]) + mpf(T), leave, late, t=t, n=n)
    a, c = mpf(p["a"]), mpf(p["b"]) + x + (name != "bg_nbd")
    stays = mpmath.beta(a, c + n) / mpmath.beta(a, c)
    if not n:
        return bought * stays
    leaves = mpmath.beta(a + 1, c + n - 1) / mpmath.beta(a, c)
    return bought * stays + leaves * mpmath.betainc(n, s, 0, z / (1 + z), regularized=True)


def of_order_by(name: str, p: Mapping[str, float], x: int, T: float, t: float) -> mpf:
    """The chance of at least one purchase within t."""
    s, end = mpf(p["r"]) + x, mpf(p["alpha"]) + mpf(T)
    if name != "pareto_nbd":
        return -mpmath.expm1(-s * mpmath.log1p(mpf(t) / end))
    return s * _left_after(mpf(p["s"]), mpf(p["beta"]) + mpf(T), s, end, t=t, n=0)


def expected(name: str, p: Mapping[str, float], x: int, T: float, t: float) -> mpf:
    """Purchases within t where one may leave with each: 1 / q, integrated over q ~ Beta(a, c)."""
    s, z = mpf(p["r"]) + x, mpf(t) / (mpf(p["alpha"]) + mpf(T))
    a, c = mpf(p["a"]), mpf(p["b"]) + x + (name != "bg_nbd")
    digits, before = 40, mpf(0)
    while True:
        with mpmath.workdps(digits):
            rest = 1 - mpmath.hyp2f1(s, a - 1, a + c - 1, -z)
            value = (a + c - 1) / (a - 1) * rest
        if abs(value - before) <= abs(value) * mpf("1e-14"):
            return value
        digits, before = 2 * digits, value  # the two parts cancel


def _left_after(*exact: mpf, t: float, n: int) -> mpf:
    """Of (y / (A + y))^n (A / (A + y))^p (B / (B + y))^q / (B + y), over 0 < y < t."""

    def log_of(u: Any, log: Callable[[Any], Any]) -> Any:  # in u = ln y
        y = mpmath.exp(u) if isinstance(u, mpf) else np.exp(u)
        return (n + 1) * u - (n + p) * log(A + y) - (q + 1) * log(B + y) + p * log(A) + q * log(B)

    p, A, q, B = (float(part) for part in exact)
    grid = np.log(t) - np.append(np.geomspace(400, 1e-6, 1_500), 0.0)
    heights = log_of(grid, np.log)
    some = np.flatnonzero(heights > heights.max() - DEEP)
    places = np.linspace(max(some[0] - 1, 0), some[-1], PANELS + 1)
    ends = [mpf(end) for end in np.interp(places, np.arange(grid.size), grid)]
    p, A, q, B = exact
    ends[-1] = mpmath.log(t)
    return mpmath.quadgl(lambda u: mpmath.exp(log_of(u, mpmath.log)), ends, maxdegree=4)
