"""Words about files of a segment that are written by themselves. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused
from joren.decide.exports.contracts.contents import Content
from joren.decide.exports.contracts.labels import Encoding

Every = Literal["day", "week", "month"]
FileState = Literal["writing", "kept", "failed", "gone"]
STATES: Final[tuple[FileState, ...]] = get_args(FileState)
LONGEST_KEPT: Final = 365


@dataclass(frozen=True)
class Rhythm:
    """When a file is written, by the shop's clocks.

    ``day`` is of the week (1 is Monday) or of the month; in a month that has no such day it is the
    last one. Each day it says nothing.
    """

    every: Every
    hour: int
    day: int = 1


@dataclass(frozen=True)
class ExportSchedule:
    """A segment whose addresses, or whose customers, are written to a file again and again."""

    id: int
    segment: int
    name: str  # the segment's
    content: Content
    encoding: Encoding
    rhythm: Rhythm
    keep_days: int
    made_at: datetime
    made_by: str
    stopped_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True)
class ExportFile:
    """One file of a schedule, what became of it, and how many people are in it."""

    id: int
    schedule: int
    segment: int
    content: Content
    encoding: Encoding
    due_at: datetime
    finished_at: datetime | None
    state: FileState
    people: int
    said: str


class BadSchedule(BadInput):
    """No file could be written by that rhythm."""


class MakerMayNoMore(Refused):
    """Whoever planned the files has lost the right to take them."""


class NoSuchExport(NotFound):
    """There is no such schedule, or no such file."""


class FileGone(NotFound):
    """The file is kept no longer, or was never finished."""
