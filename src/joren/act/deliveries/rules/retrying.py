"""When a delivery that failed is tried again: exponentially later, each at a moment of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=20)
FACTOR: Final = 3
LONGEST: Final = timedelta(hours=24)
MOST: Final = 12
"""Attempts: the last is made about five days after the first."""


def wait_after(attempts: int, *, chance: float, asked: int = 0) -> timedelta | None:
    """How long to wait after so many attempts; None: it is given up.

    ``chance`` (0 to 1) spreads what failed together over ± 20 %; ``asked`` are the seconds that the
    receiver asked for, a day at most.
    """
    if attempts >= MOST:
        return None
    planned: timedelta = min(FIRST * FACTOR ** (attempts - 1), LONGEST)
    return max(planned * (0.8 + 0.4 * chance), min(timedelta(seconds=asked), LONGEST))
