"""Questions about journeys: which there are, who is where, and what a document lacks."""

from joren.act.journeys.rules import READY_MADE, ReadyJourney, read, schema, written
from joren.act.journeys.selectors.beginning import gaps, ready_left
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
    "READY_MADE",
    "ReadyJourney",
    "at_nodes",
    "belonging",
    "due_on",
    "gaps",
    "journey",
    "journeys",
    "moving",
    "of_customer",
    "overdue",
    "overviews",
    "passed",
    "people_at",
    "read",
    "ready_left",
    "schema",
    "version",
    "version_by_id",
    "versions",
    "versions_in",
    "written",
]
