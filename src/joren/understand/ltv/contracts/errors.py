"""What this room says no to."""

from __future__ import annotations

from joren.core.errors import BadInput, NotFound, Refused


class NothingToConclude(Refused):
    """There is no order to learn from."""


class AsOfAhead(BadInput):
    """Of that day nothing is known yet."""


class NoValue(NotFound):
    """The customer had no purchase by then."""


class NoSnapshot(NotFound):
    """No refresh has been finished yet, or not that one."""
