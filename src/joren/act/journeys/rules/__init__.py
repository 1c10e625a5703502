"""What a document means, and where it leads. No Django."""

from joren.act.journeys.rules.checking import Known, faults
from joren.act.journeys.rules.moments import arrives, days_due, local_moment, shifted_birthdays
from joren.act.journeys.rules.reading import read, schema, written
from joren.act.journeys.rules.walking import names_of, salt, targets, thresholds

__all__ = [
    "Known",
    "arrives",
    "days_due",
    "faults",
    "local_moment",
    "names_of",
    "read",
    "salt",
    "schema",
    "shifted_birthdays",
    "targets",
    "thresholds",
    "written",
]
