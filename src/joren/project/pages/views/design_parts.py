"""What an audience can tell, as campaigns and journeys show it before they begin."""

from __future__ import annotations

from typing import Any

from joren.core.errors import JorenError
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import EffectDesign


def of_segment(segment: int, share: float) -> dict[str, Any]:
    """For a campaign that leaves that share of a segment out; nothing where none is left out."""
    if not share:
        return {}
    try:
        return _panel(selectors.design(segment, share=share))
    except JorenError:  # no figures yet, or no members: the page says that elsewhere
        return {}


def of_holdout(number: int | None) -> dict[str, Any]:
    """For a journey whose people are drawn by that holdout."""
    if number is None:
        return {}
    try:
        found = selectors.standing_design(number)
    except JorenError:
        return {}
    return _panel(found) if found else {}


def _panel(found: EffectDesign) -> dict[str, Any]:
    measures = (
        found.spend, found.smallest, found.smallest_together, found.smallest_lift, found.held_back,
    )  # fmt: skip
    return {"design": found, "measures": measures, "lift": round(found.lift * 100)}
