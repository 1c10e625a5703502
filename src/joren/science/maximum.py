"""Finding the maximum of a likelihood, and proving that it was found.

Every parameter is searched as its logarithm, so that all stay positive and a change of unit is a
shift. The search climbs on a sample of the rows from several starts (cheap), then on all rows from
the best point (two or three steps), and ends with Newton's steps on the numerical Hessian. What
comes back is a certificate: how much log-likelihood a further step could still gain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from joren.science.arrays import Floats
from joren.science.errors import DidNotConverge

# Log parameters to the mean log-likelihood of one customer and its gradient.
Objective: TypeAlias = Callable[[Floats], tuple[float, Floats]]

REACH = 9.0  # a parameter further than e^9 from its centre is as good as 0 or infinite
PULL = 1e-3  # how strongly the search is held back beyond the reach
VAGUE = 3.0  # standard error of a log parameter that may be anything within e^6 either way
STEP = 1e-5  # of the differences of the gradient, in log units
GAIN = 1e-3  # log-likelihood, over all customers, that may be left when the search ends
HALVES = 5  # of a step that leads down though it promised a gain
SETTLED = 1e-13  # and below which a further step changes no digit that is shown
SAME = 1e-7  # mean log-likelihood within which two starts have found the same maximum


@dataclass(frozen=True)
class Certificate:
    """Why the parameters may be called the maximum.

    `gradient` is the largest slope of the mean log-likelihood in a log parameter, `remaining` the
    log-likelihood (of all customers) that a further Newton step promises, `condition` the ratio of
    the largest to the least curvature (large: the data hardly tell some parameters apart),
    `starts` and `agreed` how many starts were tried and how many led here. `undetermined` names
    parameters that the data cannot tell, often because they ran off towards 0 or infinity: the
    model has a dimension too many for these data; its predictions stand, but these parameters have
    no standard error and should not be read.
    """

    gradient: float
    remaining: float
    condition: float
    starts: int
    agreed: int
    undetermined: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.remaining <= GAIN


@dataclass(frozen=True)
class Maximum:
    """Where the mean log-likelihood is highest, with the covariance of the log parameters."""

    point: Floats
    value: float
    covariance: Floats
    certificate: Certificate


def maximise(
    objective: Objective,
    starts: Sequence[Floats],
    *,
    names: tuple[str, ...],
    customers: float,
    rough: Objective | None = None,
    near: Floats | None = None,
) -> Maximum:
    """Climb from several starts; raise `DidNotConverge` where the end is no maximum.

    `near` is where the maximum of nearly the same data was: Newton's steps from there are tried
    first, on a sample and then on all rows, and the climb is spared where they end at one.
    """
    centre = np.mean(starts, axis=0)
    held = _held(objective, centre)
    if near is not None:
        if rough is not None:
            near, *_ = _polish(_held(rough, centre), near, customers)
        settled = _certified(held, near, centre, names=names, customers=customers)
        if settled.certificate:
            return _unheld(settled, objective)
    ask = _Ask(held, starts, centre, names, customers)
    certified = ask.climbed(None if rough is None else _held(rough, centre))
    lost = certified.certificate.undetermined
    if rough is not None and (lost or not certified.certificate):
        # Along a ridge a sample leads astray, and its end looks flat: climb on all rows too.
        whole = ask.climbed(None)
        certified = max(certified, whole, key=lambda one: (bool(one.certificate), one.value))
    if not certified.certificate:
        remaining = certified.certificate.remaining
        raise DidNotConverge(
            f"after {certified.certificate.starts} starts on {customers:,.0f} customers a further "
            f"step would still gain {remaining:.3g} of log-likelihood (at most {GAIN} may be left)",
            hint="look for customers who do not belong together: test orders, resellers, bots",
        )
    return _unheld(certified, objective)


def _unheld(found: Maximum, objective: Objective) -> Maximum:
    """The likelihood itself, without what held the search back where a parameter ran off."""
    with np.errstate(all="ignore"):
        value = float(objective(found.point)[0])
    return replace(found, value=value) if np.isfinite(value) else found


@dataclass(frozen=True)
class _Ask:
    """What is to be maximised, and from where."""

    held: Objective
    starts: Sequence[Floats]
    centre: Floats
    names: tuple[str, ...]
    customers: float

    def climbed(self, rough: Objective | None) -> Maximum:
        """From the starts, on a sample first where there is one."""
        found = _climb_all(self.held if rough is None else rough, self.starts)
        best = max(found, key=lambda climbed: climbed.value)
        point = best.point
        if rough is not None:
            bent = _hessian(rough, point, rough(point)[1])
            point = _climb(self.held, point, _inverse(bent)).point
        return _certified(
            self.held,
            point,
            self.centre,
            names=self.names,
            customers=self.customers,
            starts=len(found),
            agreed=sum(climbed.value > best.value - SAME for climbed in found),
        )


def _certified(
    objective: Objective,
    point: Floats,
    centre: Floats,
    *,
    names: tuple[str, ...],
    customers: float,
    starts: int = 1,
    agreed: int = 1,
) -> Maximum:
    """Newton's steps from a point, and what may be said of where they end."""
    point, value, slope, hessian = _polish(objective, point, customers)
    covariance = _inverse(hessian) / customers
    lost = (np.abs(point - centre) > REACH) | (np.sqrt(np.diag(covariance)) > VAGUE)
    remaining = customers * float(slope @ _inverse(hessian) @ slope) / 2
    certificate = Certificate(
        gradient=float(np.abs(slope).max()),
        remaining=remaining if np.isfinite(value) else np.inf,
        condition=float(np.linalg.cond(hessian)),
        starts=starts,
        agreed=agreed,
        undetermined=tuple(name for name, gone in zip(names, lost, strict=True) if gone),
    )
    return Maximum(point, value, _covariance(hessian, lost, customers), certificate)


@dataclass(frozen=True)
class _Climbed:
    point: Floats
    value: float


def _held(objective: Objective, centre: Floats) -> Objective:
    """The objective, pulled back softly where a parameter runs off to 0 or infinity."""

    def held(point: Floats) -> tuple[float, Floats]:
        offset = point - centre
        # Beyond the reach nothing is learned but overflow, so the likelihood is read at its edge.
        edge = np.clip(offset, -REACH - 6, REACH + 6)
        value, slope = objective(centre + edge)
        slope = np.where(edge == offset, slope, 0.0)
        beyond = offset - np.clip(offset, -REACH, REACH)
        return value - PULL * float(beyond @ beyond) / 2, slope - PULL * beyond

    return held


def _climb_all(objective: Objective, starts: Sequence[Floats]) -> list[_Climbed]:
    """Climb from one start after another until two have met at the top."""
    found: list[_Climbed] = []
    for start in starts:
        found.append(_climb(objective, start))
        best = max(climbed.value for climbed in found)
        if sum(climbed.value > best - SAME for climbed in found) >= 2:
            break
    return found


def _climb(objective: Objective, start: Floats, inverse: Floats | None = None) -> _Climbed:
    from scipy.optimize import minimize  # late: it loads for long

    def descent(point: Floats) -> tuple[float, Floats]:
        value, slope = objective(point)
        return -value, -slope

    first = np.eye(start.size) if inverse is None else inverse
    found = minimize(
        descent, start, jac=True, method="BFGS", options={"gtol": 1e-6, "hess_inv0": first}
    )
    return _Climbed(np.asarray(found.x, dtype=np.float64), -float(found.fun))


def _polish(
    objective: Objective, point: Floats, customers: float
) -> tuple[Floats, float, Floats, Floats]:
    """Newton's steps while they promise a gain; point, value, gradient and curvature there."""
    value, slope = objective(point)
    hessian = _hessian(objective, point, slope)
    for _ in range(8):
        step = _inverse(hessian) @ slope
        promised = customers * float(slope @ step)
        if promised < SETTLED:
            break
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        nearer, slope_there = objective(point + step)
        for _ in range(HALVES if promised > GAIN else 0):
            if nearer > value:
                break
            step /= 2  # it went too far, beyond where the curvature holds
            nearer, slope_there = objective(point + step)
        if nearer < value - 1e-12 * abs(value):
            break
        if np.abs(step).max() > 0.05:  # else the curvature has not changed enough to matter
            hessian = _hessian(objective, point + step, slope_there)
        point, value, slope = point + step, nearer, slope_there
    return point, value, slope, hessian


def _hessian(objective: Objective, point: Floats, slope: Floats) -> Floats:
    """Minus the second derivatives, from differences of the gradient."""
    columns = [(slope - objective(point + shift)[1]) / STEP for shift in np.eye(point.size) * STEP]
    square = np.array(columns)
    return (square + square.T) / 2


def _inverse(hessian: Floats) -> Floats:
    """The inverse, with flat and wrong-way directions bent upwards, so that steps climb."""
    values, vectors = np.linalg.eigh(hessian)
    bent = np.maximum(np.abs(values), 1e-9 * max(float(np.abs(values).max()), 1e-300))
    half = vectors / np.sqrt(bent)
    inverse: Floats = half @ half.T  # of this form it is symmetric to the last bit
    return inverse


def _covariance(hessian: Floats, lost: NDArray[np.bool_], customers: float) -> Floats:
    """Of the log parameters; unknown (NaN) for those that are lost."""
    covariance = np.full(hessian.shape, np.nan)
    free = np.flatnonzero(~lost)
    if free.size:
        covariance[np.ix_(free, free)] = _inverse(hessian[np.ix_(free, free)]) / customers
    covariance.flags.writeable = False
    return covariance
