"""What this room does."""

from joren.decide.exports.services.labels import take_labels
from joren.decide.exports.services.writing import (
    plan_export,
    stop_export,
    take_file,
    write_due,
)

__all__ = ["plan_export", "stop_export", "take_file", "take_labels", "write_due"]
