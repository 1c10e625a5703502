"""Where one person stands in each journey, or why they are not in it. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from joren.core.words import gettext_noop

Place = Literal["waiting", "done", "goal", "left", "never"]
PLACE_NAMES: Final[Mapping[Place, str]] = {
    "waiting": gettext_noop("on the way"),
    "done": gettext_noop("finished it"),
    "goal": gettext_noop("left it by the goal"),
    "left": gettext_noop("was taken out of it"),
    "never": gettext_noop("never entered it"),
}

Because = Literal[
    "waits", "held_out", "once", "again_after", "not_running", "no_event", "not_in_segment",
    "already_in_segment", "still_in_segment", "in_segment", "no_date", "not_known",
]  # fmt: skip
BECAUSE_WORDS: Final[Mapping[Because, str]] = {
    "waits": gettext_noop("Waits at “%(what)s” until %(at)s."),
    "held_out": gettext_noop("Left out by lot: walks along and gets nothing."),
    "once": gettext_noop("Each enters once: they do not enter again."),
    "again_after": gettext_noop("May enter again from %(at)s."),
    "not_running": gettext_noop("The journey does not run: nobody enters and nobody goes on."),
    "no_event": gettext_noop("“%(what)s” was not heard of them since it was published."),
    "not_in_segment": gettext_noop("Does not belong to “%(what)s”."),
    "already_in_segment": gettext_noop(
        "Belongs to “%(what)s”, and did before: who comes into it anew enters."
    ),
    "still_in_segment": gettext_noop("Belongs to “%(what)s” still: who leaves it enters."),
    "in_segment": gettext_noop("Belongs to “%(what)s”: enters when its day comes."),
    "no_date": gettext_noop("Their day (%(what)s) has not come since it was published."),
    "not_known": gettext_noop("Whether they belong to “%(what)s” is not known."),
}


@dataclass(frozen=True)
class Cause:
    """One thing that is so; ``what`` is a node, an event, a segment or a date of theirs."""

    say: Because
    what: str = ""
    at: datetime | None = None

    @property
    def words(self) -> str:
        """In English, for programs."""
        return BECAUSE_WORDS[self.say] % {"what": self.what, "at": self.at}


@dataclass(frozen=True)
class Whereabouts:
    """One person in one journey, by their newest entry. ``since`` is when they entered, ``ended``
    when they came to their end; all are None of who never entered."""

    journey: int
    name: str
    state: str
    place: Place
    causes: tuple[Cause, ...]
    since: datetime | None = None
    ended: datetime | None = None
