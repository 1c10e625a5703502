"""A number that can explain itself."""

from __future__ import annotations

from dataclasses import dataclass


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
