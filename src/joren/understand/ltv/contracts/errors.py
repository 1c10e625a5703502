"""What this room says no to."""

from __future__ import annotations

from joren.core.errors import NotFound, Refused


class NothingToConclude(Refused):
    """There is no order to learn from."""


class NoSnapshot(NotFound):
    """No refresh has been finished yet, or not that one."""
