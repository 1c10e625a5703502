"""The rule language: what may be asked, what it means, and how it is said."""

from joren.decide.segments.rules.compiling import Found, Sources, customers, found_by
from joren.decide.segments.rules.fields import (
    FIELDS,
    MEASURES,
    OF_LINES,
    OF_PURCHASES,
    OPS,
    Field,
    of_measure,
)
from joren.decide.segments.rules.reading import check, leaves, named, read, schema, written
from joren.decide.segments.rules.ready_made import READY_MADE, ReadyMade
from joren.decide.segments.rules.sentences import Words, sentence

__all__ = [
    "FIELDS",
    "MEASURES",
    "OF_LINES",
    "OF_PURCHASES",
    "OPS",
    "READY_MADE",
    "Field",
    "Found",
    "ReadyMade",
    "Sources",
    "Words",
    "check",
    "customers",
    "found_by",
    "leaves",
    "named",
    "of_measure",
    "read",
    "schema",
    "sentence",
    "written",
]
