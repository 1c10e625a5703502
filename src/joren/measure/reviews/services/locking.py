"""One row, locked until the end of the transaction."""

from __future__ import annotations

from typing import Any

from joren.measure.reviews.contracts import NoSuchReview


def locked(model: Any, number: int, what: str) -> Any:
    """The row of that number, or that there is no such review, decision or action."""
    row = model.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchReview(f"there is no {what} {number}", hint="joren reviews list")
    return row
