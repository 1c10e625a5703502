"""Schedules, and the files that they wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Final, cast

from django.conf import settings

from joren.accounts.selectors import business
from joren.core import clock
from joren.decide.exports import models, rules
from joren.decide.exports.contracts import (
    Content,
    Encoding,
    Every,
    ExportFile,
    ExportSchedule,
    FileGone,
    FileState,
    NoSuchExport,
    Rhythm,
)
from joren.decide.segments import selectors as segments

FOLDER: Final = "exports"
_LISTED: Final = 100


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.JOREN_HOME) / FOLDER


def path_of(row: models.File) -> Path:
    """Where the file of that moment lies, whether it is there or not."""
    return folder() / f"{row.schedule_id}-{row.due_at:%Y%m%d-%H%M}.csv"


def export_schedules() -> tuple[ExportSchedule, ...]:
    """Every schedule, those that were stopped last."""
    rows = sorted(
        models.Schedule.objects.order_by("pk"), key=lambda row: (row.stopped_at is not None, row.pk)
    )
    names = {one.id: one.name for one in segments.segments()}
    return tuple(_schedule(row, names.get(row.segment_id, "")) for row in rows)


def export_schedule(number: int) -> ExportSchedule:
    """That schedule."""
    row = models.Schedule.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchExport(f"no schedule {number}", hint="joren exports list")
    names = {one.id: one.name for one in segments.segments()}
    return _schedule(row, names.get(row.segment_id, ""))


def export_files(*, limit: int | None = _LISTED) -> tuple[ExportFile, ...]:
    """The newest files and failures, newest first; None is all that are kept."""
    rows = models.File.objects.select_related("schedule").order_by("-due_at", "-pk")[:limit]
    return tuple(_file(row) for row in rows)


def kept_file(number: int) -> tuple[ExportFile, Path]:
    """A file that can be taken, and where it lies."""
    row = models.File.objects.select_related("schedule").filter(pk=number).first()
    if row is None:
        raise NoSuchExport(f"no file {number}", hint="joren exports files")
    path = path_of(row)
    if row.state != "kept" or not path.exists():
        raise FileGone(f"file {number} is {row.state}", hint="the next one is written on its day")
    return _file(row), path


def rhythm_of(row: models.Schedule) -> Rhythm:
    """When its files are due."""
    return Rhythm(cast(Every, row.every), row.hour, row.day)


def _schedule(row: models.Schedule, name: str) -> ExportSchedule:
    rhythm = rhythm_of(row)
    ahead = rules.due_after(clock.now(), rhythm, business().time_zone)
    return ExportSchedule(
        row.pk, row.segment_id, name, cast(Content, row.content), cast(Encoding, row.encoding),
        rhythm, row.keep_days, row.made_at, row.made_by, row.stopped_at,
        None if row.stopped_at else ahead,
    )  # fmt: skip


def _file(row: models.File) -> ExportFile:
    return ExportFile(
        row.pk, row.schedule_id, row.schedule.segment_id, cast(Content, row.schedule.content),
        cast(Encoding, row.schedule.encoding), row.due_at, row.finished_at,
        cast(FileState, row.state), row.people, row.said,
    )  # fmt: skip
