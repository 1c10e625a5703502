"""What every fitted model says of itself, whichever model it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from joren.core.errors import BadInput
from joren.science.arrays import Floats, number
from joren.science.clv.summary import Summary
from joren.science.errors import NotEnoughRepeats
from joren.science.maximum import Certificate, Maximum, Objective, maximise

ROUGH = 4_096  # rows on which the several starts are tried
NEARER = 16  # times fewer rows bring a known point nearer, where that leaves more than the above


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the data said when the parameters were found."""

    log_likelihood: float
    customers: float
    covariance: Floats
    certificate: Certificate
    free: int  # parameters that were searched, the others follow from them

    @property
    def aic(self) -> float:
        return 2 * (self.free - self.log_likelihood)

    @property
    def bic(self) -> float:
        return self.free * log(self.customers) - 2 * self.log_likelihood


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidenced:
    """A fit that always stands on data, so that its evidence is known."""

    evidence: Evidence

    @property
    def log_likelihood(self) -> float:
        """Of all customers together, at these parameters."""
        return self.evidence.log_likelihood

    @property
    def aic(self) -> float:
        """Akaike's criterion: less is better, between models of the same data."""
        return self.evidence.aic

    @property
    def bic(self) -> float:
        """Schwarz's criterion: less is better, between models of the same data."""
        return self.evidence.bic


@dataclass(frozen=True, eq=False, kw_only=True)
class Estimate:
    """Parameters under their letters, with the evidence for them (none where they were given)."""

    names: ClassVar[tuple[str, ...]]
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        for name in self.names:
            object.__setattr__(self, name, number(name, getattr(self, name)))
        for name, value in self.params.items():
            if not (value > 0 and np.isfinite(value)):
                raise BadInput(f"{name} = {value}, a finite number above 0 is needed")

    @property
    def params(self) -> Mapping[str, float]:
        """The parameters under the paper's letters."""
        return MappingProxyType({name: getattr(self, name) for name in self.names})

    @property
    def log_likelihood(self) -> float | None:
        """Of all customers together, at these parameters."""
        return None if self.evidence is None else self.evidence.log_likelihood

    @property
    def aic(self) -> float | None:
        """Akaike's criterion: less is better, between models of the same data."""
        return None if self.evidence is None else self.evidence.aic

    @property
    def bic(self) -> float | None:
        """Schwarz's criterion: less is better, between models of the same data."""
        return None if self.evidence is None else self.evidence.bic

    @property
    def covariance(self) -> Floats | None:
        """Of the *logarithms* of the parameters, ordered as `names`; NaN where undetermined."""
        return None if self.evidence is None else self.evidence.covariance

    @property
    def standard_errors(self) -> Mapping[str, float] | None:
        """Of the parameters themselves, by the delta method: value times the error of its log."""
        if self.evidence is None:
            return None
        errors = np.sqrt(np.diag(self.evidence.covariance))
        return MappingProxyType(
            {
                name: self.params[name] * float(error)
                for name, error in zip(self.names, errors, strict=True)
            }
        )

    @property
    def converged(self) -> Certificate | None:
        """The certificate of the search; none where the parameters were given."""
        return None if self.evidence is None else self.evidence.certificate


def best_on(
    summary: Summary,
    objective_on: Callable[[Summary], Objective],
    starts: Sequence[Floats],
    *,
    names: tuple[str, ...],
    near: Mapping[str, float] | None = None,
    few: int = ROUGH,
) -> tuple[tuple[float, ...], Evidence]:
    """The maximum-likelihood parameters of a model on a (compressed) summary.

    `objective_on` turns rows into the mean log-likelihood as a function of log parameters; `near`
    are the parameters of nearly the same data, from which the search is short; `few` rows are
    enough for a model whose likelihood is dear.
    """
    size = len(summary) // (2 if near is None else NEARER)
    rough = None
    if size > few:
        rough = objective_on(summary.thinned(few if near is None else size))
    found = maximise(
        objective_on(summary),
        starts,
        names=names,
        customers=summary.n,
        rough=rough,
        near=None if near is None else np.log([near[name] for name in names]),
    )
    return named_values(found), evidence_of(found, summary.n)


def named_values(found: Maximum) -> tuple[float, ...]:
    """The parameters themselves, back from their logarithms."""
    return tuple(exp(value) for value in found.point.tolist())


def evidence_of(found: Maximum, customers: float) -> Evidence:
    """The evidence for a maximum of the mean log-likelihood."""
    return Evidence(
        found.value * customers, customers, found.covariance, found.certificate, found.point.size
    )


def require_repeats(summary: Summary) -> None:
    """Refuse to learn of coming back from customers who never did."""
    if summary.repeaters <= 0:
        raise NotEnoughRepeats(
            f"none of {summary.n:,.0f} customers bought a second time",
            hint="wait until some have, or fit on a longer period",
        )
    if summary.unit <= 0:
        raise NotEnoughRepeats("T is 0 for every customer: no time has passed to learn from")
