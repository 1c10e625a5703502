"""What this room does."""

from joren.understand.paths.services.mapping import map_journeys
from joren.understand.paths.services.targets import change_targets

__all__ = ["change_targets", "map_journeys"]
