"""Files that are due are written, each once, and old ones go. What fails is seen and tried again.

A moment is claimed by a row of its own, so that of two workers one writes it. A file is written
under another name and gets its own when it is whole.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from joren.accounts.selectors import business, may_still
from joren.core import clock
from joren.core.errors import JorenError
from joren.decide.exports import models, rules, selectors
from joren.decide.exports.contracts import (
    CONTENTS,
    WRITERS,
    BadSchedule,
    Content,
    Encoding,
    ExportFile,
    ExportSchedule,
    MakerMayNoMore,
    NoSuchExport,
    Rhythm,
)
from joren.decide.exports.selectors import kept
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import NoSuchSegment
from joren.protect.audit import services as audit

ATTEMPTS: Final = 3
RETRY_AFTER: Final = timedelta(minutes=15)
DEAD_AFTER: Final = timedelta(hours=1)
_log = logging.getLogger(__name__)


@transaction.atomic
def plan_export(
    segment: int,
    rhythm: Rhythm,
    *,
    by: str,
    content: Content = "labels",
    encoding: Encoding = "utf-8",
    keep_days: int = 30,
) -> ExportSchedule:
    """Write the segment's addresses, or its customers, to a file by that rhythm from now on."""
    if content not in CONTENTS:
        raise BadSchedule(f"content {content!r}", hint=", ".join(CONTENTS))
    rules.checked(rhythm, keep_days)
    _refuse_archived(segment)
    row = models.Schedule.objects.create(
        segment_id=segment, content=content, encoding=encoding, every=rhythm.every, day=rhythm.day,
        hour=rhythm.hour, keep_days=keep_days, made_at=clock.now(), made_by=by,
    )  # fmt: skip
    audit.record(
        "exports.planned", actor=by, subject_kind="segment", subject_id=segment,
        schedule=row.pk, content=content, every=rhythm.every, hour=rhythm.hour, keep_days=keep_days,
    )  # fmt: skip
    return selectors.export_schedule(row.pk)


@transaction.atomic
def stop_export(number: int, *, by: str) -> None:
    """Write no more of them; what is kept stays until its time. Said again, nothing changes."""
    row = models.Schedule.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchExport(f"no schedule {number}", hint="joren exports list")
    if row.stopped_at is None:
        row.stopped_at = clock.now()
        row.save(update_fields=["stopped_at"])
        audit.record("exports.stopped", actor=by, subject_kind="segment",
                     subject_id=row.segment_id, schedule=number)  # fmt: skip


def take_file(number: int, *, by: str) -> tuple[ExportFile, Path]:
    """A file to give to whoever may have it; that is written down first."""
    file, path = kept.kept_file(number)
    audit.record(
        "exports.file_taken", actor=by, subject_kind="segment", subject_id=file.segment,
        file=number, customers=file.people, personal=True,
    )  # fmt: skip
    return file, path


def write_due(*, now: datetime | None = None) -> int:
    """Write the files whose moment has come, and remove those that are old; returns how many."""
    moment = now or clock.now()
    _sweep(moment)
    written = 0
    for row in models.Schedule.objects.filter(stopped_at=None).order_by("pk"):
        due = rules.due_before(moment, kept.rhythm_of(row), business().time_zone)
        # However many moments were missed, the newest stands for them all.
        if due > row.made_at and (file := _claimed(row, due, moment)):
            written += _write(file)
    return written


@transaction.atomic
def _claimed(schedule: models.Schedule, due: datetime, now: datetime) -> models.File | None:
    made: bool
    file, made = models.File.objects.get_or_create(
        schedule=schedule, due_at=due, defaults={"begun_at": now, "state": "writing"}
    )
    if made:
        return file
    file = models.File.objects.select_for_update().get(pk=file.pk)
    dead = file.state == "writing" and now - file.begun_at > DEAD_AFTER
    again = file.state == "failed" and now - file.begun_at > RETRY_AFTER
    if not (dead or again) or file.attempts >= ATTEMPTS:
        return None
    file.state, file.begun_at, file.attempts = "writing", now, file.attempts + 1
    file.save()
    return file


def _write(file: models.File) -> int:
    path, part = selectors.path_of(file), selectors.path_of(file).with_suffix(".part")
    state, said, people = "failed", "the worker was stopped", 0
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        people = _written(file, part)
        part.replace(path)
        state, said = "kept", ""
    except JorenError as refused:
        said = refused.message
        _log.warning("export %s: %s", file.pk, said)
    except Exception as fault:  # the next schedule has its turn, and the page says what happened
        said = f"{type(fault).__name__}; the log of joren up says more"
        _log.exception("export %s", file.pk)
    finally:
        part.unlink(missing_ok=True)
        models.File.objects.filter(pk=file.pk).update(
            state=state, said=said, people=people, finished_at=clock.now()
        )
    return int(state == "kept")


def _written(file: models.File, part: Path) -> int:
    """The file, for its owner's eyes; returns how many people are in it."""
    schedule = file.schedule
    _refuse_archived(schedule.segment_id)
    if not may_still(schedule.made_by, "export_personal"):
        raise MakerMayNoMore(
            f"{schedule.made_by}, who planned it, may not take personal data any more",
            hint="somebody who may plans it anew",
        )
    encoding: Encoding = "cp932" if schedule.encoding == "cp932" else "utf-8"
    parts = WRITERS[schedule.content](schedule.segment_id, encoding, f"schedule:{schedule.pk}")
    count = 0
    with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:  # noqa: PTH123 (Path opens no file by its number)
        for part_of_it, people in parts:
            out.write(part_of_it)
            count += people
    return count


def _refuse_archived(segment: int) -> None:
    if segments.segment(segment).archived:
        raise NoSuchSegment(f"segment {segment} is archived", hint="restore it first")


def _sweep(now: datetime) -> None:
    """Files that were kept long enough go, and files that no row knows."""
    for row in models.File.objects.filter(state="kept").select_related("schedule"):
        if now - row.due_at > timedelta(days=row.schedule.keep_days):
            selectors.path_of(row).unlink(missing_ok=True)
            models.File.objects.filter(pk=row.pk).update(state="gone")
