"""Questions about campaigns."""

from joren.act.campaigns.selectors.hours import hours_of
from joren.act.campaigns.selectors.keeping import (
    campaign,
    campaigns,
    collisions,
    compared,
    counts,
    messages_under,
    read,
    timed,
    tried,
    under,
    waited,
)

__all__ = [
    "campaign",
    "campaigns",
    "collisions",
    "compared",
    "counts",
    "hours_of",
    "messages_under",
    "read",
    "timed",
    "tried",
    "under",
    "waited",
]
