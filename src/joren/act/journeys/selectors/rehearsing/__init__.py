"""If a journey had run in the last year: who would have entered, and what they would have got."""

from joren.act.journeys.selectors.rehearsing.answering import rehearse, rehearse_one
from joren.act.journeys.selectors.rehearsing.naming import rehearsed_messages, rehearsed_page

__all__ = ["rehearse", "rehearse_one", "rehearsed_messages", "rehearsed_page"]
