"""A journey on the past, in columns: who would have entered, and where each would have gone."""

from joren.act.journeys.rules.rehearsing.capping import bound_by, near, over_cap
from joren.act.journeys.rules.rehearsing.entering import Arrivals, entered, joined
from joren.act.journeys.rules.rehearsing.history import Happened, History, between, signal
from joren.act.journeys.rules.rehearsing.walking import Calendar, Elsewhere, Walk, moment_of, walk
from joren.act.journeys.rules.rehearsing.worlds import World, worlds

__all__ = [
    "Arrivals",
    "Calendar",
    "Elsewhere",
    "Happened",
    "History",
    "Walk",
    "World",
    "between",
    "bound_by",
    "entered",
    "joined",
    "moment_of",
    "near",
    "over_cap",
    "signal",
    "walk",
    "worlds",
]
