"""What comes back: bounces, complaints, clicks, and who follows the shop on LINE."""

from joren.act.messages.services.hearing.keeping import keep_heard, sweep_heard
from joren.act.messages.services.hearing.reading import read_heard, read_strangers
from joren.act.messages.services.hearing.returning import (
    read_returned,
    settle_returned,
    sweep_returned,
    take_returned,
)

__all__ = [
    "keep_heard",
    "read_heard",
    "read_returned",
    "read_strangers",
    "settle_returned",
    "sweep_heard",
    "sweep_returned",
    "take_returned",
]
