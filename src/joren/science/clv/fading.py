"""The integral of the Pareto/NBD: an event whose hazard fades while another does not come.

Two clocks run against each other, one ~ Gamma(p, rate A), the other ~ Gamma(q, rate B). The chance
that the second rings before d, and the first has not rung by then, is q times

    I = integral over 0 < y < d of (A / (A + y))^p (B / (B + y))^q dy / (B + y).

The textbook takes a difference of two hypergeometric functions, which cancel or overflow for a few
hundred purchases. Here I is integrated in v = ln(1 + y / min(A, B)), in which the integrand is
smooth and positive, and cut where it has fallen by e^-CUT.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from joren.science.arrays import Floats

CUT = 37.0


class Rule(NamedTuple):
    """Nodes between 0 and 1, and their weights."""

    nodes: Floats
    weights: Floats

    @staticmethod
    def gauss(size: int) -> Rule:
        """Exact for polynomials of twice the size."""
        nodes, weights = np.polynomial.legendre.leggauss(size)
        return Rule((nodes + 1) / 2, weights / 2)


TEN, TWENTY = Rule.gauss(10), Rule.gauss(20)
BLOCK = 1_024  # rows whose nodes stay in the processor's cache
PANELLED = 32  # the same of rows on panels
CLOSE, FAR = 5.0, 30.0  # around the bend at v = ln(max / min), where the curve is not exponential

# Of an integral that is smooth: its length, how far the integrand may fall for ten and for twenty
# nodes to be right to the last digits, and the power of y that twenty nodes bear.
SMOOTH, EVEN, SHALLOW, LOW = 2.0, 7.0, 15.0, 16
SHORT = 7.0  # an integral no longer than this needs no panels: its bends are smooth enough
PEAK = (-8.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 12.0)  # in widths of it
RISE = (-48.0, -32.0, -20.0, -12.0, -8.0, -5.0, -3.0, -2.0, -1.0, 0.0)  # before an end on the rise


class Mean(NamedTuple):
    """ln I, and what the integrand's weights make of the logarithms and rates inside it."""

    log: Floats
    log_a: Floats  # mean of ln((A + y) / A)
    log_b: Floats
    rate_a: Floats  # mean of A / (A + y)
    rate_b: Floats


def fading(p: Floats, A: Floats, q: Floats, B: Floats, d: Floats) -> Mean:
    """I on at most twenty nodes, and its slopes: what a search needs, for d finite and rows in 1-D.

    Right to 1e-12 while the integral is `SHORT`, as it is unless T is a thousand times alpha.
    """
    span = _span(p, A, q, B, d)
    even = (span <= SMOOTH) & (_depth(p, A, q, B, span) <= EVEN)
    found = np.empty((len(Mean._fields), span.size))
    for which, rule in ((even, TEN), (~even, TWENTY)):
        if which.any():
            some = [part[which] for part in (p, A, q, B, span)]
            found[:, which] = _mean(rule, *some)
    return Mean(*found)


def _mean(rule: Rule, p: Floats, A: Floats, q: Floats, B: Floats, span: Floats) -> Mean:
    found = np.empty((len(Mean._fields), span.size))
    for begin in range(0, span.size, BLOCK):
        rows = slice(begin, begin + BLOCK)
        found[:, rows] = _mean_of_block(rule, p[rows], A[rows], q[rows], B[rows], span[rows])
    return Mean(*found)


def _mean_of_block(
    rule: Rule, p: Floats, A: Floats, q: Floats, B: Floats, span: Floats
) -> tuple[Floats, ...]:
    """A row of the tables is a node, a column a customer."""
    first = B > A
    least, more = np.where(first, A, B), np.minimum(A, B) / np.maximum(A, B)
    of_least, of_most = np.where(first, p, q), np.where(first, q, p)
    nodes, weights = rule.nodes[:, None], rule.weights
    grown = np.exp(nodes * span)
    grown_most = 1.0 + (grown - 1.0) * more
    log_most = np.log(grown_most)
    height = np.exp(nodes * (-of_least * span) - of_most * log_most)
    # dy / (B + y) is dv where B is the least of the two.
    height = np.where(first, height * grown / grown_most, height)
    total, at = np.stack((weights, weights * rule.nodes)) @ height
    with np.errstate(divide="ignore", invalid="ignore"):
        of_first, of_second = (
            [np.where(total > 0, part / total, 0.0) for part in pair]
            for pair in (
                (at * span, weights @ (height / grown)),
                (weights @ (height * log_most), weights @ (height / grown_most)),
            )
        )
        log = np.log(total * span * (least / B))
    log_a, rate_a = (
        np.where(first, one, other) for one, other in zip(of_first, of_second, strict=True)
    )
    log_b, rate_b = (
        np.where(first, one, other) for one, other in zip(of_second, of_first, strict=True)
    )
    return log, log_a, log_b, rate_a, rate_b


def log_fading(p: Floats, A: Floats, q: Floats, B: Floats, d: Floats) -> Floats:
    """ln I, for rows in 1-D, on panels where twenty nodes are too few."""
    logs = fading(p, A, q, B, d).log
    far = np.flatnonzero(_span(p, A, q, B, d) > SHORT)
    if far.size:
        logs[far] = log_fading_with(p[far], A[far], q[far], B[far], d[far])
    return logs


def log_fading_with(
    p: Floats, A: Floats, q: Floats, B: Floats, d: Floats, n: Floats | None = None
) -> Floats:
    """ln I, for any d (also infinite); with n, of (y / (A + y))^n times the integrand.

    On panels where the curve has bends far apart, falls deep, or peaks by a large n.
    """
    every = [
        np.asarray(part, dtype=np.float64) for part in (p, A, q, B, d, 0.0 if n is None else n)
    ]
    rows = [part.ravel() for part in np.broadcast_arrays(*every)]
    logs = np.empty(rows[0].size)
    smooth = _smooth(*rows)
    with np.errstate(divide="ignore"):  # no time is no integral
        for which, integral in ((smooth, _in_one), (~smooth, _on_panels)):
            if which.any():
                logs[which] = integral(*(part[which] for part in rows))
    return logs.reshape(np.broadcast_shapes(*(part.shape for part in every)))


def _smooth(p: Floats, A: Floats, q: Floats, B: Floats, d: Floats, n: Floats) -> NDArray[np.bool_]:
    """Where twenty nodes are right to 1e-12: neither long, nor deep, nor a high power."""
    end = _span(p, A, q, B, d)
    depth = _depth(p, A, q, B, np.minimum(end, SMOOTH))
    smooth: NDArray[np.bool_] = (end <= SMOOTH) & (depth <= SHALLOW) & (n <= LOW)
    return smooth


def _in_one(p: Floats, A: Floats, q: Floats, B: Floats, d: Floats, n: Floats) -> Floats:
    first, span = B > A, _span(p, A, q, B, d)
    least, ratio = np.minimum(A, B), np.minimum(A, B) / np.maximum(A, B)
    of_least, of_most, scale = np.where(first, p, q), np.where(first, q, p), np.log(least / A)
    total = np.zeros_like(span)
    for node, weight in zip(*map(np.ndarray.tolist, TWENTY), strict=True):
        v = node * span
        y = np.expm1(v)  # in units of the least
        log_most = np.log1p(y * ratio)
        log_a = np.where(first, v, log_most)
        power = -of_least * v - of_most * log_most + np.where(first, v - log_most, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):  # no time, or no purchase in it
            bought = np.where(n > 0, n * (np.log(y) + scale - log_a), 0.0)
        total += weight * np.exp(power + bought)
    integral: Floats = np.log(total * span * (least / B))
    return integral


def _on_panels(p: Floats, A: Floats, q: Floats, B: Floats, d: Floats, n: Floats) -> Floats:
    total = np.empty(p.shape)
    for begin in range(0, p.size, PANELLED):
        rows = slice(begin, begin + PANELLED)
        total[rows] = _panels_of_block(p[rows], A[rows], q[rows], B[rows], d[rows], n[rows])
    return total


def _panels_of_block(p: Floats, A: Floats, q: Floats, B: Floats, d: Floats, n: Floats) -> Floats:
    """In the tables a panel is a layer, a node a row, and a customer a column."""
    first, least = B > A, np.minimum(A, B)
    bend, end = np.log(np.maximum(A, B) / least), _span(p, A, q, B, d)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        peak = _around_highest(n, p, A, q, B, d) if n.any() else None
    if peak is not None:
        # Before its peak the curve may be as low as where it has fallen by e^-CUT without n.
        with np.errstate(over="ignore"):
            last = np.log1p(d / least)
        end = np.where(n > 0, np.minimum(last, np.maximum(end, peak[-1])), end)
    edges = _edges(bend, end, peak)
    low, width = edges[:-1, None], np.diff(edges, axis=0)
    v = low + TWENTY.nodes[:, None] * width[:, None]
    with np.errstate(divide="ignore"):
        log_y = v + np.log(-np.expm1(-v))  # of y / least
    other = np.logaddexp(0.0, log_y - bend)
    log_a, log_b = np.where(first, v, other), np.where(first, other, v)
    power = -p * log_a - q * log_b - log_b + v + np.log(least / B)
    if n.any():
        with np.errstate(invalid="ignore"):
            bought = n * (log_y + np.log(least / A) - log_a)
        power = power + np.where(n > 0, bought, 0.0)
    # Of hundreds of purchases the integral itself is below the least number that there is.
    highest = power.max(axis=(0, 1))
    highest = np.where(np.isfinite(highest), highest, 0.0)
    integral: Floats = highest + np.log(
        (TWENTY.weights @ np.exp(power - highest) * width).sum(axis=0)
    )
    return integral


def _span(p: Floats, A: Floats, q: Floats, B: Floats, d: Floats) -> Floats:
    """The end of the integral in v: d, or where the integrand has fallen by e^-CUT."""
    least, most = np.minimum(A, B), np.maximum(A, B)
    bend = np.log(most / least)
    fall = CUT + np.where(B > A, bend, 0.0)  # dy / (B + y) rises before it falls
    of_least, of_most = np.where(B > A, p, q), np.where(B > A, q, p)
    with np.errstate(over="ignore"):
        ends = (
            np.log1p(d / least),
            fall / of_least,
            np.logaddexp(0.0, bend + _log_expm1(fall / of_most)),
            (fall + of_most * bend) / (of_least + of_most),
        )
    end: Floats = np.minimum.reduce(np.broadcast_arrays(*ends))
    return end


def _depth(p: Floats, A: Floats, q: Floats, B: Floats, span: Floats) -> Floats:
    """How many powers of e the integrand falls by, over an integral of that length."""
    ratio = np.minimum(A, B) / np.maximum(A, B)
    of_least, of_most = np.where(B > A, p, q), np.where(B > A, q, p)
    depth: Floats = of_least * span + of_most * np.log1p(np.expm1(span) * ratio)
    return depth


def _log_expm1(x: Floats) -> Floats:
    """ln(e^x - 1) for x > 0."""
    value: Floats = x + np.log(-np.expm1(-x))
    return value


def _around_highest(
    n: Floats, p: Floats, A: Floats, q: Floats, B: Floats, d: Floats
) -> list[Floats]:
    """Ends of panels in v around the highest point of the curve of n purchases.

    That is its peak, from far before to far after, or the end d where it still rises there.
    """
    n, least = np.maximum(n, 0.5), np.minimum(A, B)
    # In v the curve is y^n (A + y)^-of_a (B + y)^-of_b, with one peak where its slope is 0.
    of_a, of_b = n + p - (B > A), q + (B > A)
    half = ((n - of_b) * A + (n - of_a) * B) / 2
    root = np.sqrt(half**2 + (p + q) * n * A * B)
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(half > 0, (half + root) / (p + q), n * A * B / (root - half))
    bend = n / y**2 - of_a / (A + y) ** 2 - of_b / (B + y) ** 2
    width = 1 / np.sqrt(np.maximum((least + y) ** 2 * bend, 1e-6 * (p + q)))
    top, end, y = np.log1p(y / least), np.log1p(d / least), np.minimum(d, y)
    rise = (least + y) * (n / y - of_a / (A + y) - of_b / (B + y))
    steep = 1 / (np.maximum(rise, 0.0) + 1 / width)
    return [
        np.where(top > end, end + before * steep, top + around * width)
        for before, around in zip(RISE, PEAK, strict=True)
    ]


def _edges(bend: Floats, end: Floats, peak: list[Floats] | None) -> Floats:
    """Ends of panels, a row each, ascending: around the bend, and the peak of n purchases."""
    edges = [np.zeros_like(end), end, *(bend + at for at in (-FAR, -CLOSE, 0.0, CLOSE, FAR))]
    edges += [end / 2, *(peak or ())]
    return np.sort(np.clip(np.stack(edges), 0.0, end), axis=0)
