"""Sharper differences from what was known before: covariates, strata; and wider ones from clusters.

CUPED: Deng, Xu, Kohavi & Walker (2013), Improving the Sensitivity of Online Controlled Experiments
by Utilizing Pre-Experiment Data, WSDM. A slope per arm: Lin (2013), Agnostic Notes on Regression
Adjustments to Experimental Data, Annals of Applied Statistics 7. Strata: Miratrix, Sekhon & Yu
(2013), Adjusting Treatment Effect Estimates by Post-Stratification, JRSS B 75. Covariates and
strata have to be known before the assignment: nothing that the action can have moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, same_length
from joren.science.inference.effects import Effect, students, too_small
from joren.science.inference.means import FEWEST, Average, average, difference_of, ratio
from joren.science.inference.moments import Moments
from joren.science.inference.sums import Sums

FEWEST_CLUSTERS = 10
"""Clusters in an arm below which their errors are too uncertain to read."""


@dataclass(frozen=True)
class Adjusted:
    """An adjusted effect beside the plain one; `slopes` per covariate, money per unit of it.

    `variance_ratio` is the adjusted over the plain variance: .9 saved a tenth of the customers,
    .9996 saved nothing.
    """

    effect: Effect
    plain: Effect
    slopes: tuple[float, ...]
    variance_ratio: float

    @property
    def saved(self) -> float:
        """The share of customers that the adjustment was worth; below 0 where it cost some."""
        return 1 - self.variance_ratio


def cuped(
    control: Moments,
    treated: Moments,
    metric: str,
    covariates: Sequence[str],
    *,
    level: float = 0.95,
    fewest: float = FEWEST,
) -> Adjusted:
    """d(y) - θ · d(x) with θ the slope over both arms together, cov(x)⁻¹ cov(x, y).

    A covariate that says nothing of the others (constant, or a sum of them) gets no slope of its
    own. Its variance is Welch's of y - θ · x.
    """
    both = control + treated
    slopes = _slopes(both, metric, covariates)
    adjusted = [_residual(arm, metric, covariates, slopes) for arm in (control, treated)]
    effect = difference_of(adjusted[0], adjusted[1], "cuped", level, fewest)
    return _beside(control, treated, metric, effect, slopes, fewest)


def without(
    control: Moments, treated: Moments, names: Sequence[str], covariates: Sequence[str]
) -> tuple[Moments, Moments]:
    """Both arms' columns less what the covariates say of them: y - θ · (x - x̄), θ and x̄ of both
    arms together, so that the mean over both stays. What is concluded from them is CUPED's.
    """
    both = control + treated
    centre = both.means(covariates)
    slopes = np.column_stack([_slopes(both, name, covariates) for name in names])
    return _less(control, names, covariates, slopes, centre), _less(
        treated, names, covariates, slopes, centre
    )


def _less(
    arm: Moments, names: Sequence[str], covariates: Sequence[str], slopes: Floats, centre: Floats
) -> Moments:
    totals = np.array([arm.total(name) for name in names])
    known = np.array([arm.total(name) for name in covariates]) - arm.n * centre
    means, of = totals / arm.n, known / arm.n
    places = [arm.names.index(name) for name in names]
    # A product of two columns that nobody counted stays unknown.
    own = arm.products[np.ix_(places, places)] - np.outer(totals, totals) / arm.n
    across = arm.scatter(covariates, names)
    among = arm.scatter(covariates, covariates)
    scatter = own - slopes.T @ across - across.T @ slopes + slopes.T @ among @ slopes
    left = means - of @ slopes
    return Moments(tuple(names), arm.n, arm.n * left, scatter + arm.n * np.outer(left, left))


def adjusted_per_arm(
    control: Moments,
    treated: Moments,
    metric: str,
    covariates: Sequence[str],
    *,
    level: float = 0.95,
    fewest: float = FEWEST,
) -> Adjusted:
    """Lin's: each arm has slopes of its own and is taken to the mean of both arms together.

    Never worse than no adjustment in large samples, also where the action works more on some. The
    variance counts that the common mean was estimated: (θ₁-θ₀)ᵀ cov(x) (θ₁-θ₀) / (n₁+n₀).
    The slopes shown are those of the two arms, weighted by what each lacks: n₀ θ₁ + n₁ θ₀ over n.
    """
    both = control + treated
    if not both.n:
        nobody = too_small(nan, (0.0, 0.0), "adjusted_per_arm", level)
        return Adjusted(nobody, nobody, (nan,) * len(covariates), nan)
    centre = both.means(covariates)
    arms, slopes = [], []
    for arm in (control, treated):
        own = _slopes(arm, metric, covariates)
        found = _residual(arm, metric, covariates, own)
        lost = (arm.n - 1) / max(arm.n - 1 - len(covariates), 1.0)
        value = found.value + float(centre @ own)
        arms.append(Average(value, found.variance * lost, found.n))
        slopes.append(own)
    apart = slopes[1] - slopes[0]
    common = float(apart @ both.covariance(covariates, covariates) @ apart) / both.n
    error = sqrt(arms[0].variance + arms[1].variance + common)
    freedom = min(control.n, treated.n) - 1 - len(covariates)
    n = (control.n, treated.n)
    estimate = arms[1].value - arms[0].value
    if min(n) < max(fewest, len(covariates) + 3):
        effect = too_small(estimate, n, "adjusted_per_arm", level)
    else:
        effect = students(estimate, error, freedom, n, "adjusted_per_arm", level)
    weighted = (control.n * slopes[1] + treated.n * slopes[0]) / both.n
    return _beside(control, treated, metric, effect, weighted, fewest)


def post_stratified(
    strata: Sequence[tuple[Sums, Sums]], *, level: float = 0.95, fewest: float = FEWEST
) -> Adjusted:
    """Σ w (y₁ - y₀) over strata given as (control, treated), w the stratum's share of all.

    A stratum with fewer than two customers in an arm has no variance: merge it with a neighbour.
    """
    if not strata:
        raise BadInput("no strata", hint="give (control, treated) sums, one pair per stratum")
    sizes = np.array([float(c.n + t.n) for c, t in strata])
    for i, (control, treated) in enumerate(strata):
        if min(float(control.n), float(treated.n)) < 2:
            raise BadInput(
                f"stratum {i} has {float(control.n):,.0f} and {float(treated.n):,.0f} customers",
                hint="merge it with a neighbour: two are needed in each arm",
            )
    weights = sizes / sizes.sum()
    parts = [(average(c), average(t)) for c, t in strata]
    estimate = float(sum(w * (t.value - c.value) for w, (c, t) in zip(weights, parts, strict=True)))
    terms = [
        (w * w * a.variance, a.n - 1)
        for w, pair in zip(weights.tolist(), parts, strict=True)
        for a in pair
    ]
    variance = sum(term for term, _ in terms)
    own = sum(term**2 / freedom for term, freedom in terms)
    control = _whole([c for c, _ in strata])
    treated = _whole([t for _, t in strata])
    n = (float(control.n), float(treated.n))
    freedom = variance**2 / own if own > 0 else float("inf")
    effect = (
        students(estimate, sqrt(variance), freedom, n, "post_stratified", level)
        if min(n) >= fewest
        else too_small(estimate, n, "post_stratified", level)
    )
    plain = difference_of(average(control), average(treated), "welch", level, fewest)
    return Adjusted(effect, plain, (), _ratio(effect, plain))


def clustered(
    control: Moments,
    treated: Moments,
    total: str,
    size: str,
    *,
    level: float = 0.95,
    fewest: float = FEWEST_CLUSTERS,
) -> Effect:
    """Difference of means where whole clusters (stores, areas, households) were assigned.

    A row of the moments is a cluster: its `total` of the metric and its `size` in customers. The
    mean is a ratio of sums, its variance that of the delta method over clusters, and n counts
    clusters. Below `fewest` of them it is too small to read.
    """
    averages = (ratio(control, total, size), ratio(treated, total, size))
    return difference_of(*averages, "clustered", level, fewest)


def cluster_moments(clusters: Sequence[int] | Floats, values: Floats) -> Moments:
    """The moments over clusters, columns `total` and `size`, where the rows are at hand."""
    labels, amounts = column("clusters", clusters), column("values", values)
    same_length(clusters=labels, values=amounts)
    _, index = np.unique(labels, return_inverse=True)
    return Moments.of({"total": np.bincount(index, amounts), "size": np.bincount(index)})


def cap_at(values: Floats, share: float) -> float:
    """The quantile that money may be cut at, over both arms together: .999 cuts 1 in 1,000.

    State it before looking; cut rows at it before they are summed, and name it to `welch`.
    """
    if not 0 < share < 1:
        raise BadInput(f"a share of {share} is not between 0 and 1", hint="99.9 % is 0.999")
    return float(np.quantile(column("values", values), share))


def _slopes(moments: Moments, metric: str, covariates: Sequence[str]) -> Floats:
    """Least squares on standardised covariates, those without news of their own left at 0."""
    if not covariates or metric in covariates:
        raise BadInput(f"covariates {', '.join(covariates) or 'none'} for {metric}")
    among = moments.scatter(covariates, covariates)
    across = moments.scatter(covariates, (metric,))[:, 0]
    scale = np.sqrt(np.maximum(np.diag(among), 0.0))
    squares = np.array([float(moments.sums(name).squares) for name in covariates])
    told = scale**2 > 1e-12 * squares  # what is left of a constant is rounding
    slopes = np.zeros(len(covariates))
    if told.any():
        unit = scale[told]
        correlations = among[np.ix_(told, told)] / np.outer(unit, unit)
        solved = np.linalg.pinv(correlations, rcond=1e-10, hermitian=True) @ (across[told] / unit)
        slopes[told] = solved / unit
    return slopes


def _residual(arm: Moments, metric: str, covariates: Sequence[str], slopes: Floats) -> Average:
    """The mean of y - θ · x in an arm, and its variance."""
    if arm.n < 2:
        return Average(nan, nan, arm.n)
    names = (metric, *covariates)
    contrast = np.concatenate([[1.0], -slopes])
    variance = float(contrast @ arm.covariance(names, names) @ contrast)
    return Average(float(arm.means(names) @ contrast), max(variance, 0.0) / arm.n, arm.n)


def _beside(
    control: Moments,
    treated: Moments,
    metric: str,
    effect: Effect,
    slopes: Floats,
    fewest: float,
) -> Adjusted:
    averages = average(control.sums(metric)), average(treated.sums(metric))
    plain = difference_of(*averages, "welch", effect.level, fewest)
    return Adjusted(effect, plain, tuple(slopes.tolist()), _ratio(effect, plain))


def _ratio(effect: Effect, plain: Effect) -> float:
    known = plain.standard_error > 0
    return (effect.standard_error / plain.standard_error) ** 2 if known else nan


def _whole(parts: Sequence[Sums]) -> Sums:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
