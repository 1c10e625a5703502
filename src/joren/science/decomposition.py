"""Why a product changed: how much each factor did, in parts that add up to the change.

Sales are customers times orders per customer times spend per order; when they move, each factor's
part is its logarithmic mean Divisia term (Ang 2005, "The LMDI approach to decomposition analysis: a
practical guide", Energy Policy 33): part = L(V1, V0) ln(f1 / f0), with the logarithmic mean
L(V1, V0) = (V1 - V0) / ln(V1 / V0). Nothing is left over, and exchanging the two periods changes
every sign and nothing else. The page is docs/science/decomposition.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, isfinite, log, log1p, prod
from types import MappingProxyType

from joren.core.errors import BadInput


@dataclass(frozen=True)
class Decomposition:
    """Two values of a product and what each factor did to it; the parts sum to the change."""

    before: float
    after: float
    parts: Mapping[str, float]

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before

    def whole_parts(self) -> Mapping[str, int]:
        """The parts in whole units (yen), adding up to the rounded change.

        By largest remainder: all are rounded down, and the units still missing go to the parts that
        lost most; equal losses in the order of the factors.
        """
        floors = {name: int(part // 1) for name, part in self.parts.items()}
        missing = round(self.change) - sum(floors.values())
        lost = sorted(self.parts, key=lambda name: floors[name] - self.parts[name])
        return MappingProxyType(
            {name: floors[name] + (name in lost[:missing]) for name in self.parts}
        )


def decompose(before: Mapping[str, float], after: Mapping[str, float]) -> Decomposition:
    """Both periods' factors under the same names; their product is what changed.

    A factor of 0 is taken as its limit from above: where the product is 0 in one period, the change
    is split evenly among the factors that are 0 there (Ang & Liu 2007); 0 in both, nothing changed.
    """
    _refuse_unlike(before, after)
    start, end = prod(before.values()), prod(after.values())
    if start == 0 or end == 0:
        gone = before if start == 0 else after
        zeros = [name for name in before if gone[name] == 0] if start != end else []
        parts = {name: (end - start) / len(zeros) if name in zeros else 0.0 for name in before}
        return Decomposition(start, end, MappingProxyType(parts))
    logs = {name: _log_ratio(after[name], before[name]) for name in before}
    mean = _logarithmic_mean(end, start)
    parts = {name: mean * value for name, value in logs.items()}
    # What floating point leaves over, about 1e-16 of the whole, goes where it is least seen.
    largest = max(parts, key=lambda name: abs(parts[name]))
    parts[largest] += (end - start) - fsum(parts.values())
    return Decomposition(start, end, MappingProxyType(parts))


def _log_ratio(top: float, bottom: float) -> float:
    """ln(top / bottom), without loss where they are nearly equal."""
    near = (top - bottom) / bottom
    return log1p(near) if abs(near) < 0.5 else log(top) - log(bottom)


def _logarithmic_mean(one: float, other: float) -> float:
    """(one - other) / ln(one / other); their common value where they are equal."""
    apart = _log_ratio(one, other)
    return (one - other) / apart if apart else one


def _refuse_unlike(before: Mapping[str, float], after: Mapping[str, float]) -> None:
    if not before or set(before) != set(after):
        raise BadInput(
            f"factors before: {', '.join(before) or 'none'}; after: {', '.join(after) or 'none'}",
            hint="the same factors are needed in both periods",
        )
    for period, factors in (("before", before), ("after", after)):
        for name, value in factors.items():
            if not (value >= 0 and isfinite(value)):
                raise BadInput(
                    f"{name} {period} is {value}, a finite number of 0 or more is needed",
                    hint="a product with negative factors has no such decomposition",
                )
