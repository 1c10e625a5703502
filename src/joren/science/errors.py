"""What the numerics refuse, with the way out."""

from __future__ import annotations

from joren.core.errors import Refused


class DidNotConverge(Refused):
    """The search for the best parameters did not end on a maximum."""


class NotEnoughRepeats(Refused):
    """Too few customers came back for a model of coming back."""


class NoFiniteMean(Refused):
    """The fitted distribution is so heavy in its tail that its mean does not exist."""


class OneOutcomeOnly(Refused):
    """All were renewed, or none was, so that any rate beyond what was seen fits equally well."""
