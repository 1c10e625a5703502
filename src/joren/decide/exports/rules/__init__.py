"""Pure rules of files: how addresses stand in them, and when they are due."""

from joren.decide.exports.rules.labels import fitted, harmless, postal_code, recipient
from joren.decide.exports.rules.rhythms import checked, due_after, due_before

__all__ = [
    "checked",
    "due_after",
    "due_before",
    "fitted",
    "harmless",
    "postal_code",
    "recipient",
]
