"""Questions about journeys: which there are, who is where, and what a document lacks."""

from joren.act.journeys.rules import read, schema, written
from joren.act.journeys.selectors.keeping import (
    journey,
    journeys,
    version,
    version_by_id,
    versions,
    versions_in,
)
from joren.act.journeys.selectors.travelling import (
    at_nodes,
    moving,
    of_customer,
    overdue,
    overviews,
    passed,
    people_at,
)
from joren.act.journeys.selectors.whom import belonging, due_on

__all__ = [
    "at_nodes",
    "belonging",
    "due_on",
    "journey",
    "journeys",
    "moving",
    "of_customer",
    "overdue",
    "overviews",
    "passed",
    "people_at",
    "read",
    "schema",
    "version",
    "version_by_id",
    "versions",
    "versions_in",
    "written",
]
