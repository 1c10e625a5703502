"""How a terminal says figures and money."""

from __future__ import annotations

from typing import Annotated

import typer

from joren.core.figures import Figure
from joren.core.money import decimals

Number = Annotated[int, typer.Argument(help="The holdout's number.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def money(amount: int | None, unit: str) -> str:
    """Minor units in the major one."""
    return "unknown" if amount is None else f"{amount / 10 ** decimals(unit):,.{decimals(unit)}f}"


def shown(figure: Figure) -> str:
    """With its sign and interval, or a dash."""
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        form, scale, unit = ".2%", 1.0, ""
    elif figure.unit == "ratio":
        form, scale, unit = ".2f", 1.0, ""
    else:
        places = decimals(figure.unit)
        form, scale, unit = f",.{places}f", 10.0**places, f" {figure.unit}"
    value = f"{figure.value / scale:+{form}}{unit}"
    if figure.low is None or figure.high is None:
        return value
    return f"{value} ({figure.low / scale:+{form}} to {figure.high / scale:+{form}})"
