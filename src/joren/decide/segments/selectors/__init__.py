"""Questions about segments: which there are, whom a rule fits, and what they are worth.

Also what rules are made of, which every face asks.
"""

from joren.decide.segments.rules import (
    ATTRIBUTE,
    EVENT_FIELDS,
    EVENT_WORDS,
    FIELDS,
    HAPPENINGS,
    MEASURES,
    OPS,
    READY_MADE,
    Field,
    check,
    event_words,
    of_measure,
    read,
    written,
)
from joren.decide.segments.selectors.asking import (
    against_rest,
    heard_events,
    members_of,
    members_table,
    overlaps,
    preview,
    refuse_unknown,
    size,
)
from joren.decide.segments.selectors.cautions import cautions_of
from joren.decide.segments.selectors.keeping import (
    asks_of,
    moves_of,
    moves_table,
    report,
    rule_of,
    segment,
    segments,
    sentences,
    versions,
)
from joren.decide.segments.selectors.live import (
    followed_live,
    live_members,
    moves_since,
    newest_mark,
    standing,
)
from joren.decide.segments.selectors.picking import Pickable, pickable

__all__ = [
    "ATTRIBUTE",
    "EVENT_FIELDS",
    "EVENT_WORDS",
    "FIELDS",
    "HAPPENINGS",
    "MEASURES",
    "OPS",
    "READY_MADE",
    "Field",
    "Pickable",
    "against_rest",
    "asks_of",
    "cautions_of",
    "check",
    "event_words",
    "followed_live",
    "heard_events",
    "live_members",
    "members_of",
    "members_table",
    "moves_of",
    "moves_since",
    "moves_table",
    "newest_mark",
    "of_measure",
    "overlaps",
    "pickable",
    "preview",
    "read",
    "refuse_unknown",
    "report",
    "rule_of",
    "segment",
    "segments",
    "sentences",
    "size",
    "standing",
    "versions",
    "written",
]
