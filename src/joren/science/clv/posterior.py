"""What the parameters may be, given the data: draws of their posterior without a Markov chain.

Sums over unique rows make a likelihood cheap, and a handful of log parameters have a posterior that
is nearly normal. So draws come from a multivariate t around its peak (wider than the posterior in
the tails) and are weighed by the exact posterior, with Pareto-smoothed weights; where the weights
say that the proposal does not fit, it is moved to where they are, and drawn from again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp
from types import MappingProxyType, ModuleType
from typing import Any, TypeAlias

import numpy as np
from scipy.special import gammaln

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices
from joren.science.clv.estimates import Estimate
from joren.science.clv.priors import Normal, weak
from joren.science.errors import DidNotConverge
from joren.science.importance import TRUSTED, Weighed, weighed
from joren.science.maximum import Maximum, Objective, maximise
from joren.science.surface import calls_needed, fitted

# Rows of log parameters to log densities.
LogDensity: TypeAlias = Callable[[Floats], Floats]

FREEDOM = 8.0  # degrees of freedom of the proposal: tails that a posterior seldom has
ROUNDS = 6  # of moving the proposal
PILOT = 200  # draws of a round that only looks where to go
PLENTY = 0.4  # a share of effective draws with which no further round is needed
WIDE = 0.15  # share of the draws that come from the prior where moving once was not enough
# Degree of a surface for the likelihood, and the standard deviations within which it may answer.
SURFACES = ((4, 4.0), (6, 3.5))
CHECKS = 40  # draws at which the surface is held to the likelihood
CLOSE = 0.1  # and how near its logarithm has to be
STEP = 1e-4  # of the central differences of the prior


@dataclass(frozen=True, eq=False)
class Posterior:
    """Weighted draws of the log parameters.

    `evidence` is the logarithm of the data's chance under the model and the prior (the marginal
    likelihood): between models of the same data the higher one is the better supported.
    """

    model: ModuleType
    points: Floats
    weighed: Weighed
    evidence: float

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' letters, in the order of the columns of `points`."""
        return tuple(self.model.NAMES)

    @property
    def effective(self) -> float:
        """How many independent draws these weighted ones are worth."""
        return self.weighed.effective

    @property
    def k_hat(self) -> float:
        """The shape of the weights' tail; above .7 the draws are not to be trusted."""
        return self.weighed.k_hat

    @property
    def means(self) -> Mapping[str, float]:
        """Of the parameters themselves."""
        return self._named(self.weighed.weights @ np.exp(self.points))

    @property
    def standard_deviations(self) -> Mapping[str, float]:
        """Of the parameters themselves."""
        values = np.exp(self.points)
        away = values - self.weighed.weights @ values
        return self._named(np.sqrt(self.weighed.weights @ away**2))

    def interval(self, level: float = 0.9) -> Mapping[str, tuple[float, float]]:
        """Bounds of each parameter, with equal chances on both sides."""
        if not 0 < level < 1:
            raise BadInput(f"level = {level}, a share between 0 and 1 is needed")
        bounds: dict[str, tuple[float, float]] = {}
        for name, column in zip(self.names, self.points.T, strict=True):
            low, high = np.exp(weighted_bounds(column, self.weighed.weights, level)).tolist()
            bounds[name] = (low, high)
        return MappingProxyType(bounds)

    def centre(self) -> Estimate:
        """The model at the mean of the log parameters: one set that stands for all."""
        return self._given(self.weighed.weights @ self.points)

    def draws(self, size: int, rng: np.random.Generator) -> list[Estimate]:
        """The model at so many draws of equal weight."""
        return [self._given(self.points[row]) for row in self.weighed.resampled(size, rng)]

    def _given(self, point: Floats) -> Estimate:
        values = {name: exp(value) for name, value in zip(self.names, point.tolist(), strict=True)}
        made: Estimate = self.model.given(**values)
        return made

    def _named(self, values: Floats) -> Mapping[str, float]:
        return MappingProxyType(dict(zip(self.names, values.tolist(), strict=True)))


def weighted_bounds(values: Floats, weights: Floats, level: float) -> Floats:
    """Between which values that share of the weight lies, as much of the rest on either side."""
    order = np.argsort(values)
    ends = np.cumsum(weights[order])
    sides = np.array([(1 - level) / 2, (1 + level) / 2])
    return np.asarray(np.interp(sides, ends / ends[-1], values[order]), dtype=np.float64)


def posterior(
    model: ModuleType,
    data: Any,
    rng: np.random.Generator,
    *,
    prior: LogDensity | None = None,
    draws: int = 4_000,
) -> Posterior:
    """Draw the parameters of a model from their posterior, given what it would be fitted on.

    Of `mbg_cnbd_k` it is asked at one k, `mbg_cnbd_k.of_k(2)`; of `gamma_gamma` given `spends_of`.
    `prior` is the log density of the log parameters (each row of its argument is one set), the
    weak one of `priors` if none is given. One that is not `Normal` needs data that can be fitted.
    """
    if hasattr(model, "of_k"):
        raise BadInput("k is not drawn: it is a whole number", hint="give a model such as .of_k(2)")
    rows = data.compressed()
    if not rows.n > 0:
        raise BadInput("there is nobody to learn from", hint="a prior alone is not a posterior")
    belief: LogDensity = weak(model, rows) if prior is None else prior
    peak = peak_of(model, rows, belief)
    exact = _Exact(model.objective_on(rows), float(rows.n), belief)
    return _drawn(model, exact, _Proposal(peak.point, peak.covariance), rng, draws)


def peak_of(model: ModuleType, data: Any, prior: LogDensity) -> Maximum:
    """The most probable log parameters, with the covariance of the normal that fits there."""
    if isinstance(prior, Normal):
        start = prior.mean
    else:
        start = np.log(list(model.fit(data).params.values()))
    return maximise(
        _with_prior(model.objective_on(data), prior, float(data.n)),
        [start, start + np.resize([1.0, -1.0], start.size)],
        names=model.NAMES,
        customers=float(data.n),
    )


@dataclass(frozen=True)
class _Exact:
    """The log posterior, up to a constant, from the likelihood itself."""

    objective: Objective
    n: float
    prior: LogDensity

    def __call__(self, points: Floats) -> Floats:
        likelihood = np.array([self.n * self.objective(point)[0] for point in points])
        return self.with_prior(likelihood, points)

    def with_prior(self, likelihood: Floats, points: Floats) -> Floats:
        total: Floats = likelihood + self.prior(points)
        return np.where(np.isnan(total), -np.inf, total)


@dataclass(frozen=True)
class _Proposal:
    """A multivariate t with the centre and the covariance of what it is to cover.

    Where that was not enough, a share of the draws comes from the normal prior itself (`wide`): a
    posterior is nowhere more than the best likelihood times the prior, so no weight is boundless.
    """

    centre: Floats
    covariance: Floats
    wide: Normal | None = None

    def draws(self, size: int, rng: np.random.Generator) -> Floats:
        normal = rng.standard_normal((size, self.centre.size))
        stretch: Floats = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, size))
        drawn: Floats = self.centre + (normal * stretch[:, None]) @ self.root().T
        if self.wide is not None:
            some = rng.random(size) < WIDE
            drawn[some] = self.wide.draws(int(some.sum()), rng)
        return drawn

    def log_density(self, points: Floats) -> Floats:
        narrow = self._log_density(points)
        if self.wide is None:
            return narrow
        mixed: Floats = np.logaddexp(np.log1p(-WIDE) + narrow, np.log(WIDE) + self.wide(points))
        return mixed

    def whitened(self, points: Floats) -> Floats:
        white = np.linalg.solve(self.root(), (points - self.centre).T)
        return np.asarray(white.T, dtype=np.float64)

    def distance(self, points: Floats) -> Floats:
        distance: Floats = np.sqrt((self.whitened(points) ** 2).sum(axis=1))
        return distance

    def root(self) -> Floats:
        return np.asarray(np.linalg.cholesky(self.covariance), dtype=np.float64)

    def _log_density(self, points: Floats) -> Floats:
        k, root = self.centre.size, self.root()
        away = self.distance(points) ** 2
        constant = gammaln((FREEDOM + k) / 2) - gammaln(FREEDOM / 2)
        constant -= k / 2 * np.log(FREEDOM * np.pi) + np.log(np.diag(root)).sum()
        density: Floats = constant - (FREEDOM + k) / 2 * np.log1p(away / FREEDOM)
        return density

    def moved(self, points: Floats, weights: Floats, prior: LogDensity | None) -> _Proposal:
        centre = weights @ points
        away = points - centre
        spread = (away * weights[:, None]).T @ away
        # Kept from collapsing onto the few draws that a bad proposal has hit.
        wide = prior if isinstance(prior, Normal) else None
        return _Proposal(centre, spread + 0.02 * np.diag(np.diag(self.covariance)), wide)


def _drawn(
    model: ModuleType, exact: _Exact, proposal: _Proposal, rng: np.random.Generator, size: int
) -> Posterior:
    for number in range(ROUNDS):
        points = proposal.draws(PILOT, rng)
        found = weighed(exact(points) - proposal.log_density(points))
        if found.k_hat < TRUSTED and found.effective > PLENTY * PILOT:
            break
        proposal = proposal.moved(points, found.weights, exact.prior if number else None)
    for _ in range(ROUNDS):
        points = proposal.draws(size, rng)
        found = weighed(_density(exact, proposal, points, rng) - proposal.log_density(points))
        if found.k_hat <= TRUSTED:
            return Posterior(model, points, found, found.log_mean)
        proposal = proposal.moved(points, found.weights, exact.prior)
    raise DidNotConverge(
        f"the draws of the posterior have k = {found.k_hat:.2f}, above {TRUSTED} they mislead "
        f"({found.effective:,.0f} of {size:,} are effective)",
        hint="give a prior with shorter tails, or more draws",
    )


def _density(
    exact: _Exact, proposal: _Proposal, points: Floats, rng: np.random.Generator
) -> Floats:
    """The log posterior at the points: from a surface where one is as good as the likelihood.

    A surface is learned within some standard deviations of the centre and held to the likelihood at
    fresh draws of the posterior; outside, and where each surface fails, the likelihood answers.
    """
    for degree, within in SURFACES:
        needed = calls_needed(proposal.centre.size, degree)
        inside = np.flatnonzero(proposal.distance(points) < within)
        if inside.size < 5 * needed:
            continue
        learned, others = inside[:needed], inside[needed:]
        density = _on_surface(exact, proposal, points, inside, fitted_on=learned, degree=degree)
        likely = weighed(density[others] - proposal.log_density(points[others]))
        checked = others[np.unique(likely.resampled(CHECKS, rng))]
        if float(np.abs(exact(points[checked]) - density[checked]).max()) < CLOSE:
            outside = np.setdiff1d(np.arange(points.shape[0]), inside)
            density[outside] = exact(points[outside])
            return density
    return exact(points)


def _on_surface(
    exact: _Exact,
    proposal: _Proposal,
    points: Floats,
    inside: Indices,
    *,
    fitted_on: Indices,
    degree: int,
) -> Floats:
    """The log posterior at the points inside, read off a polynomial; nothing outside."""
    root = proposal.root()

    def of_whitened(u: Floats) -> tuple[float, Floats]:
        value, slope = exact.objective(proposal.centre + root @ u)
        return exact.n * value, exact.n * (root.T @ slope)

    surface = fitted(proposal.whitened(points[fitted_on]), of_whitened, degree)
    density = np.full(points.shape[0], -np.inf)
    density[inside] = exact.with_prior(surface(proposal.whitened(points[inside])), points[inside])
    return density


def _with_prior(objective: Objective, prior: LogDensity, n: float) -> Objective:
    """The mean log-posterior of a customer; the slope of the prior by central differences."""

    def held(point: Floats) -> tuple[float, Floats]:
        value, slope = objective(point)
        steps = np.eye(point.size) * STEP
        around = prior(np.concatenate((point[None], point + steps, point - steps)))
        rise = (around[1 : point.size + 1] - around[point.size + 1 :]) / (2 * STEP)
        return value + float(around[0]) / n, slope + rise / n

    return held
