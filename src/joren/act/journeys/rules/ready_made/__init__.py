"""Journeys to begin with, in our own words, each with why it pays."""

from __future__ import annotations

from typing import Final

from joren.act.journeys.rules.ready_made.buyers import BUYERS
from joren.act.journeys.rules.ready_made.leads import LEADS
from joren.act.journeys.rules.ready_made.leaving import LEAVING
from joren.act.journeys.rules.ready_made.regulars import REGULARS
from joren.act.journeys.rules.ready_made.shape import ReadyJourney, ReadyMail, Words

READY_MADE: Final[tuple[ReadyJourney, ...]] = (*LEADS, *BUYERS, *REGULARS, *LEAVING)
"""In the order of the stages."""

__all__ = ["READY_MADE", "ReadyJourney", "ReadyMail", "Words"]
