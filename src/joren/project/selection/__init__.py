"""Which customers: a filter over the figures of one snapshot, answered in columns."""

from joren.project.selection.answers import (
    BOUNDS,
    COLUMNS,
    SORTS,
    Totals,
    chosen,
    members,
    of_customers,
    of_these,
    totals,
    with_bounds,
)
from joren.project.selection.by_words import NO_ORDER, by_words
from joren.project.selection.standing_then import history_of
from joren.project.selection.wanted import (
    CHOICES,
    NOT_KNOWN,
    RANGES,
    Range,
    Wanted,
    as_query,
    read,
)

__all__ = [
    "BOUNDS",
    "CHOICES",
    "COLUMNS",
    "NOT_KNOWN",
    "NO_ORDER",
    "RANGES",
    "SORTS",
    "Range",
    "Totals",
    "Wanted",
    "as_query",
    "by_words",
    "chosen",
    "history_of",
    "members",
    "of_customers",
    "of_these",
    "read",
    "totals",
    "with_bounds",
]
