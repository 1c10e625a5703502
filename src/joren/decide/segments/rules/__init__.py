"""The rule language: what may be asked, what it means, and how it is said."""

from joren.decide.segments.rules.compiling import customers, found_by
from joren.decide.segments.rules.events import (
    EVENT_FIELDS,
    EVENT_WORDS,
    HAPPENINGS,
    OF_EVENTS,
    event_words,
)
from joren.decide.segments.rules.fields import (
    ATTRIBUTE,
    FIELDS,
    MEASURES,
    MOVED,
    OF_LINES,
    OF_PURCHASES,
    OPS,
    Field,
    of_measure,
    ops_of,
)
from joren.decide.segments.rules.reading import (
    check,
    leaves,
    named,
    properties_of,
    read,
    read_kept,
    schema,
    written,
)
from joren.decide.segments.rules.ready_made import READY_MADE, ReadyMade
from joren.decide.segments.rules.sentences import Words, sentence
from joren.decide.segments.rules.sources import Found, Sources, purchased

__all__ = [
    "ATTRIBUTE",
    "EVENT_FIELDS",
    "EVENT_WORDS",
    "FIELDS",
    "HAPPENINGS",
    "MEASURES",
    "MOVED",
    "OF_EVENTS",
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
    "event_words",
    "found_by",
    "leaves",
    "named",
    "of_measure",
    "ops_of",
    "properties_of",
    "purchased",
    "read",
    "read_kept",
    "schema",
    "sentence",
    "written",
]
