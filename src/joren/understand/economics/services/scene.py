"""Figures of one report: a value where it is known, and otherwise why it is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from joren.core.figures import Figure
from joren.science.inference import Sums, mean_interval, proportion_interval
from joren.understand.economics.contracts import reasons

LEVEL = 0.95


@dataclass(frozen=True)
class Scene:
    """What every figure of one report has in common."""

    as_of: date
    currency: str

    def unknown(self, name: str, unit: str, why: str, *, n: int = 0) -> Figure:
        return Figure(name, None, unit, n, as_of=self.as_of.isoformat(), why=why)

    def plain(self, name: str, value: float, unit: str, n: int, *, model: str = "") -> Figure:
        """What was counted, not sampled: it has no interval."""
        return Figure(name, value, unit, n, as_of=self.as_of.isoformat(), model=model)

    def part(self, name: str, part: int, whole: int, n: int, why: str) -> Figure:
        """A share of what there is."""
        if whole <= 0:
            return self.unknown(name, "share", why)
        return self.plain(name, part / whole, "share", n)

    def rate(self, name: str, k: int, n: int, why: str) -> Figure:
        """A share of people who might have done otherwise: with Wilson's interval."""
        if n == 0:
            return self.unknown(name, "share", why)
        limits = proportion_interval(k, n, LEVEL)
        return replace(
            self.plain(name, k / n, "share", n, model="Wilson"),
            low=float(limits.low),
            high=float(limits.high),
            level=LEVEL,
        )

    def mean(self, name: str, unit: str, n: int, total: float, squares: float, why: str) -> Figure:
        """A mean; the interval needs two."""
        if n == 0:
            return self.unknown(name, unit, why)
        found = self.plain(name, total / n, unit, n, model="Student's t")
        if n == 1:
            return found
        limits = mean_interval(Sums(n, total, squares), LEVEL)
        return replace(found, low=float(limits.low), high=float(limits.high), level=LEVEL)


def over(name: str, top: Figure, bottom: Figure, *, model: str = "") -> Figure:
    """One figure over another; limits are those of the upper one."""
    blank = Figure(name, None, "ratio", top.n, as_of=top.as_of)
    for one in (top, bottom):
        if one.value is None:
            return replace(blank, why=one.why)
    if top.value is None or bottom.value is None:
        return blank
    if bottom.value <= 0:
        return replace(blank, why=reasons.NOTHING_SPENT)
    return replace(
        blank,
        value=top.value / bottom.value,
        low=None if top.low is None else top.low / bottom.value,
        high=None if top.high is None else top.high / bottom.value,
        level=top.level,
        model=model,
    )


def times(name: str, unit: str, figure: Figure, factor: float, *, model: str) -> Figure:
    """A figure by a factor that is taken as known."""
    if figure.value is None:
        return replace(figure, name=name, unit=unit)
    low, high = (None if x is None else x * factor for x in (figure.low, figure.high))
    return replace(
        figure, name=name, unit=unit, value=figure.value * factor, low=low, high=high, model=model
    )
