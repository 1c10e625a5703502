"""What can be kept of parts, praise and meetings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from joren.core.numbers import whole_number
from joren.measure.team.contracts import (
    ALONE,
    DUTIES,
    LANGUAGES,
    OWNED,
    PRAISE_SOURCES,
    TOPICS,
    BadTeamEntry,
    MeetingText,
    TrainingText,
)

_LONGEST = 200
MOST_MINUTES = 10_000
"""About a month of working days."""


def check_parts(kind: str, parts: Mapping[str, Sequence[int]]) -> None:
    """One owner and one decider at most; an owner only where the action names none itself."""
    for duty, members in parts.items():
        if duty not in DUTIES:
            raise BadTeamEntry(f"{duty!r} is no part in an action", hint=", ".join(DUTIES))
        if duty in ALONE and len(set(members)) > 1:
            raise BadTeamEntry(
                f"{len(set(members))} members as {duty}", hint="one, so that it is clear who"
            )
    if kind in OWNED and parts.get("owner"):
        raise BadTeamEntry(
            f"the owner of a {kind} is kept with it", hint=f"set it on the page of the {kind}"
        )


def short(whose: str, text: str) -> str:
    """The text on one line, if it says something."""
    said = " ".join(text.split())
    if not 0 < len(said) <= _LONGEST:
        raise BadTeamEntry(f"{whose} has {len(said)} characters", hint=f"from 1 to {_LONGEST}")
    return said


def checked_meeting(text: MeetingText) -> MeetingText:
    """The same, tidy; refused where it says nothing."""
    if not text.notes.strip():
        raise BadTeamEntry("the notes are empty", hint="write what was said")
    present = tuple(dict.fromkeys(text.present))
    return MeetingText(text.held_on, short("the title", text.title), text.notes.strip(), present)


def checked_training(text: TrainingText, *, today: date) -> TrainingText:
    """The same, tidy; refused where it says nothing, or what is yet to come."""
    if not 1 <= text.minutes <= MOST_MINUTES:
        raise BadTeamEntry(f"it took {text.minutes} minutes", hint=f"from 1 to {MOST_MINUTES}")
    if text.on > today:
        raise BadTeamEntry(f"it is on {text.on}, which is yet to come", hint="today or before")
    return replace(
        text, what=short("what was learned", text.what), evidence=text.evidence.strip(),
        practice=text.practice.strip(),
    )  # fmt: skip


def check_topics(topics: Iterable[str]) -> None:
    """Refuse what nobody is told of."""
    for one in topics:
        if one not in TOPICS:
            raise BadTeamEntry(f"nobody is told of {one!r}", hint=", ".join(TOPICS))


def check_source(source: str, key: str) -> None:
    """By hand, or for one result that is named."""
    named = whole_number(key) is not None
    if source not in ("", *PRAISE_SOURCES) or (not named if source else bool(key)):
        raise BadTeamEntry(
            f"{source!r} {key!r} names no result", hint=f"{', '.join(PRAISE_SOURCES)} and a number"
        )


def check_language(language: str) -> None:
    """Refuse what joren does not speak."""
    if language not in LANGUAGES:
        raise BadTeamEntry(f"joren does not speak {language!r}", hint=" or ".join(LANGUAGES))
