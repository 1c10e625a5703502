"""Questions about journeys: which there are, who is where, and what a document lacks."""

from joren.act.journeys.rules import (
    READY_MADE,
    ReadyJourney,
    put_after,
    read,
    read_with,
    schema,
    starting_by,
    targets,
    without,
    written,
)
from joren.act.journeys.selectors.beginning import gaps, ready_left
from joren.act.journeys.selectors.keeping import (
    journey,
    journeys,
    version,
    version_by_id,
    versions,
    versions_in,
)
from joren.act.journeys.selectors.rehearsing import rehearse, rehearse_one
from joren.act.journeys.selectors.travelling import (
    at_nodes,
    became,
    before,
    moving,
    of_customer,
    overdue,
    overview,
    overviews,
    passed,
    people_at,
    queues,
)
from joren.act.journeys.selectors.whom import belonging, due_on

__all__ = [
    "READY_MADE",
    "ReadyJourney",
    "at_nodes",
    "became",
    "before",
    "belonging",
    "due_on",
    "gaps",
    "journey",
    "journeys",
    "moving",
    "of_customer",
    "overdue",
    "overview",
    "overviews",
    "passed",
    "people_at",
    "put_after",
    "queues",
    "read",
    "read_with",
    "ready_left",
    "rehearse",
    "rehearse_one",
    "schema",
    "starting_by",
    "targets",
    "version",
    "version_by_id",
    "versions",
    "versions_in",
    "without",
    "written",
]
