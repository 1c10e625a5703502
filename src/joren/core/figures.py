"""A number that can explain itself."""

from __future__ import annotations

from dataclasses import dataclass

from joren.core.money import Money


@dataclass(frozen=True)
class Figure:
    """One number with all that an honest reader asks for.

    ``name`` is the key of its definition in the glossary. ``unit`` is a currency code (then the
    value is in minor units), or customers, orders, share, days, months, ratio. ``value`` None means
    "not yet known" and ``why`` says why.
    """

    name: str
    value: float | None
    unit: str
    n: int | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    as_of: str = ""
    model: str = ""
    why: str = ""


def in_a_line(figure: Figure) -> str:
    """The value with its interval, or why there is none: for a terminal."""
    if figure.value is None:
        return f"– ({figure.why})"
    value = _amount(figure.value, figure.unit)
    if figure.low is None or figure.high is None:
        return value
    return f"{value} ({_amount(figure.low, figure.unit)} – {_amount(figure.high, figure.unit)})"


def _amount(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.1%}"
    if unit == "ratio":
        return f"{value:,.2f}"
    if unit in ("orders", "customers"):
        return f"{value:,.1f}"
    return str(Money(round(value), unit)) if unit else f"{value:,.0f}"
