"""The models' equations as they are printed, in as many digits as their cancellations eat."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import mpmath
from mpmath import mpf


def likelihood_ratio(name: str, p: Mapping[str, float], x: int, t_x: float, T: float) -> mpf:
    """P(gone) / P(still there), given the past."""
    r, alpha = mpf(p["r"]), mpf(p["alpha"])
    t_x, T = mpf(t_x), mpf(T)
    if name == "nbd":
        return mpf(0)
    if name == "pareto_nbd":
        return _fading(r, alpha, mpf(p["s"]), mpf(p["beta"]), x, t_x, T)
    k, at_once = int(p.get("k", 1)), name != "bg_nbd"
    stays = x + at_once
    if not stays:
        return mpf(0)
    s, w = r + k * x, (T - t_x) / (alpha + T)
    here = sum(mpmath.rf(s, j) / mpmath.factorial(j) * w**j for j in range(k))
    return mpf(p["a"]) / (mpf(p["b"]) + stays - 1) * ((alpha + T) / (alpha + t_x)) ** s / here


def log_likelihood(name: str, p: Mapping[str, float], x: int, t_x: float, T: float) -> mpf:
    """Of a customer's past, as far as parameters matter."""
    r, alpha, k = mpf(p["r"]), mpf(p["alpha"]), int(p.get("k", 1))
    s, end = r + k * x, alpha + mpf(T)
    value = mpmath.loggamma(s) - mpmath.loggamma(r) + r * mpmath.log(alpha) - s * mpmath.log(end)
    odds = likelihood_ratio(name, p, x, t_x, T)
    if name == "pareto_nbd":
        value += mpf(p["s"]) * mpmath.log(mpf(p["beta"]) / (mpf(p["beta"]) + mpf(T)))
    elif name != "nbd":
        a, b = mpf(p["a"]), mpf(p["b"])
        value += mpmath.log(mpmath.beta(a, b + x + (name != "bg_nbd")) / mpmath.beta(a, b))
        w = (mpf(T) - mpf(t_x)) / end
        value += mpmath.log(sum(mpmath.rf(s, j) / mpmath.factorial(j) * w**j for j in range(k)))
        if x:
            value += (k - 1) * x * mpmath.log(mpf(t_x))
            value += mpmath.loggamma(x) - mpmath.loggamma(k * x)
    return value + mpmath.log(1 + odds)


def expected(name: str, p: Mapping[str, float], x: int, T: float, t: float) -> mpf:
    """Purchases within t of someone still there."""
    s, end = mpf(p["r"]) + x, mpf(p["alpha"]) + mpf(T)
    if name == "nbd":
        return s / end * mpf(t)
    if name == "pareto_nbd":
        late, leave = mpf(p["beta"]) + mpf(T), mpf(p["s"]) + mpf("1e-40")  # beside the pole at 1
        return s * late / end / (leave - 1) * (1 - (late / (late + mpf(t))) ** (leave - 1))
    z = mpf(t) / end
    return _over_chances(name, p, x, lambda q: -mpmath.expm1(-s * mpmath.log1p(q * z)) / q)


def expected_of_regular(p: Mapping[str, float], x: int, t_x: float, T: float, t: float) -> mpf:
    """Purchases within t of someone still there who buys with every k-th event.

    Summed over the events since the last purchase and over the events to come, one by one.
    """
    k, a, c = int(p["k"]), mpf(p["a"]), mpf(p["b"]) + x + 1
    s, end = mpf(p["r"]) + k * x, mpf(p["alpha"]) + mpf(T)
    waited = (mpf(T) - mpf(t_x)) / end
    weights = [mpmath.rf(s, j) / mpmath.factorial(j) * waited**j for j in range(k)]
    since = [weight / sum(weights) for weight in weights]
    z = mpf(t) / end
    total = mpf(0)
    for j, share in enumerate(since):
        shape, rest = s + j, mpf(1)
        chance = (1 + z) ** -shape  # of no event at all; then one more each time
        events, purchases, stay = 0, 0, mpf(1)
        while True:
            rest -= chance  # the chance of more events than these
            chance *= (shape + events) / (events + 1) * z / (1 + z)
            events += 1
            if (events + j) % k == 0:
                purchases += 1
                total += share * stay * rest
                stay *= (c + purchases - 1) / (a + c + purchases - 1)
                if stay * rest < total * mpf("1e-16"):
                    break
    return total


def discounted(name: str, p: Mapping[str, float], x: int, T: float, rate: float) -> mpf:
    """All purchases of someone still there, discounted."""
    s, end, rate = mpf(p["r"]) + x, mpf(p["alpha"]) + mpf(T), mpf(rate)
    if name == "nbd":
        return s / end / rate
    if name == "pareto_nbd":
        y = rate * (mpf(p["beta"]) + mpf(T))
        return s / end / rate * y * mpmath.exp(y) * mpmath.expint(mpf(p["s"]), y)

    def of(q: mpf) -> mpf:
        y = rate * end / q
        return s / q * mpmath.exp(y) * mpmath.expint(s + 1, y)

    return _over_chances(name, p, x, of)


def _over_chances(name: str, p: Mapping[str, float], x: int, of: Callable[[mpf], mpf]) -> mpf:
    """The mean over the chance to leave with a purchase, of someone still there."""
    a, c = mpf(p["a"]), mpf(p["b"]) + x + (name != "bg_nbd")

    def at(v: mpf) -> mpf:  # in v = logit of the chance
        log_q, log_stay = -mpmath.log1p(mpmath.exp(-v)), -mpmath.log1p(mpmath.exp(v))
        return mpmath.exp(a * log_q + c * log_stay) * of(mpmath.exp(log_q))

    middle, width = mpmath.log(a / c), mpmath.sqrt(1 / a + 1 / c)
    low, high = middle - 12 * width - 50 / a, middle + 12 * width + 50 / c
    steps = (0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    inner = [middle + width * i for i in (*(-i for i in reversed(steps)), 0, *steps)]
    far = [low + (inner[0] - low) * i / 6 for i in range(6)]
    return mpmath.quad(at, [*far, *inner, high]) / mpmath.beta(a, c)


def _fading(r: mpf, alpha: mpf, s: mpf, beta: mpf, x: int, t_x: mpf, T: mpf) -> mpf:
    """Note 009 by Fader & Hardie: a difference of two hypergeometric functions."""
    all_of = r + s + x
    first = s + 1 if alpha >= beta else r + x
    most = max(alpha, beta)

    def part(time: mpf) -> mpf:
        z = abs(alpha - beta) / (most + time)
        return mpmath.hyp2f1(all_of, first, all_of + 1, z) / (most + time) ** all_of

    inside = part(t_x) - part(T)
    return s / all_of * inside * (alpha + T) ** (r + x) * (beta + T) ** s
