"""Words about segments that other rooms follow live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class LiveMove:
    """Somebody came to a followed segment or left it.

    ``id`` grows in the order in which moves become visible, so that "all after this one" misses
    none. ``baseline``: they belonged already when the segment began to be followed, or when its
    rule was changed; nothing happened to them.
    """

    id: int
    segment_id: int
    customer_id: int
    entered: bool
    at: datetime
    baseline: bool


@dataclass(frozen=True)
class Looked:
    """What one look found: how many customers were asked about, and how many moved."""

    segments: int
    customers: int
    entered: int
    left: int
    failed: tuple[int, ...] = ()
