"""What comes back: bounces, complaints, clicks, and who follows the shop on LINE."""

from joren.act.messages.services.hearing.keeping import keep_heard, sweep_heard
from joren.act.messages.services.hearing.reading import read_heard

__all__ = ["keep_heard", "read_heard", "sweep_heard"]
