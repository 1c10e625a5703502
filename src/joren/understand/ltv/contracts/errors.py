"""What this room says no to."""

from __future__ import annotations

from joren.core.errors import NotFound, Refused


class NothingToConclude(Refused):
    """There is no order to learn from."""


class NoValue(NotFound):
    """The customer had no purchase by then."""


class NoSnapshot(NotFound):
    """No refresh has been finished yet, or not that one."""
