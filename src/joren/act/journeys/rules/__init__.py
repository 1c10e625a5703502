"""What a document means, and where it leads. No Django."""

from joren.act.journeys.rules.checking import Known, faults
from joren.act.journeys.rules.completeness import gaps
from joren.act.journeys.rules.drafting import altered, moved, put_after, starting_by, without
from joren.act.journeys.rules.moments import (
    arrives,
    days_due,
    falls_on,
    local_moment,
    shifted_birthdays,
)
from joren.act.journeys.rules.reading import read, read_over, read_with, schema, written
from joren.act.journeys.rules.ready_made import READY_MADE, ReadyJourney, ReadyMail, Words
from joren.act.journeys.rules.texts import Form, as_text
from joren.act.journeys.rules.walking import names_of, salt, targets, thresholds

__all__ = [
    "READY_MADE",
    "Form",
    "Known",
    "ReadyJourney",
    "ReadyMail",
    "Words",
    "altered",
    "arrives",
    "as_text",
    "days_due",
    "falls_on",
    "faults",
    "gaps",
    "local_moment",
    "moved",
    "names_of",
    "put_after",
    "read",
    "read_over",
    "read_with",
    "salt",
    "schema",
    "shifted_birthdays",
    "starting_by",
    "targets",
    "thresholds",
    "without",
    "written",
]
