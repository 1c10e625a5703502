"""What wants to hear of live events. Their room calls whoever entered here, above it or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from joren.core.registry import Registry

Hear = Callable[[int, Any], None]
"""Takes the number of a micro-batch and its events as an Arrow table of the columns of EVENTS.

It may be called again with the same number after a crash, and acts on it once all the same.
"""

TRIGGERS: Final[Registry[Hear]] = Registry("trigger")
