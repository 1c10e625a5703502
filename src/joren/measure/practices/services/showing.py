"""Keep files and links that show a practice.

A file is written under a name of its own that ends in ``.part``, and gets its last one with its
row: what a crash leaves unfinished is cleared away by the next one that comes. Whatever else lies
there is left alone: after a restore the files are there before the database is.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.db import IntegrityError, transaction

from joren.core import clock
from joren.measure.practices import models, selectors
from joren.measure.practices.contracts import MOST_PIECES, BadEvidence, Evidence
from joren.measure.practices.rules import showing as rules
from joren.protect.audit import services as audit

_LEFT_FOR: Final = 3_600
_PART: Final = ".part"


def add_file(key: str, *, name: str, parts: Iterable[bytes], by: str, note: str = "") -> Evidence:
    """Keep a file; the same one again is the one that is there."""
    selectors.practice(key)  # refuses what is none
    called, said = rules.file_name(name), rules.note(note)
    folder = selectors.folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    _clear_left()
    path = folder / uuid4().hex
    part = path.with_suffix(_PART)
    try:
        size, digest, head = _written(part, called, parts)
        media_type = rules.media_type_of(called, head)
        with transaction.atomic():
            _check_room(key)
            row = models.Evidence.objects.create(
                practice=key, kind="file", name=called, note=said, stored=path.name, size=size,
                media_type=media_type, sha256=digest, added_at=clock.now(), added_by=by,
            )  # fmt: skip
            _told("evidence_added", by, row.pk, key)
            part.rename(path)  # before the row stands: there is none without its file
    except IntegrityError:
        part.unlink(missing_ok=True)
        return selectors.evidence(models.Evidence.objects.get(practice=key, sha256=digest).pk)
    except BaseException:
        part.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise
    return selectors.evidence(row.pk)


@transaction.atomic
def add_link(key: str, *, url: str, by: str, name: str = "", note: str = "") -> Evidence:
    """Keep a link."""
    selectors.practice(key)
    address = rules.link(url)
    _check_room(key)
    row = models.Evidence.objects.create(
        practice=key, kind="link", name=rules.title(name, address), note=rules.note(note),
        url=address, added_at=clock.now(), added_by=by,
    )  # fmt: skip
    _told("evidence_added", by, row.pk, key)
    return selectors.evidence(row.pk)


@transaction.atomic
def drop(number: int, *, by: str) -> None:
    """Remove one, with its file."""
    one = selectors.evidence(number)
    discard([number])
    _told("evidence_dropped", by, number, one.practice)


def take(number: int, *, by: str) -> tuple[Evidence, Path]:
    """The file, for somebody who takes it away: it may say something of people."""
    path = selectors.path_of(number)
    one = selectors.evidence(number)
    _told("evidence_taken", by, number, one.practice)
    return one, path


def discard(numbers: Iterable[int]) -> None:
    """Rows, and their files once that stands."""
    rows = models.Evidence.objects.filter(pk__in=list(numbers))
    for stored in rows.exclude(stored="").values_list("stored", flat=True):
        path = selectors.folder() / stored
        transaction.on_commit(partial(path.unlink, missing_ok=True))
    rows.delete()


def _written(path: Path, name: str, parts: Iterable[bytes]) -> tuple[int, str, bytes]:
    size, digest, head = 0, hashlib.sha256(), b""
    path.touch(mode=0o600)
    with path.open("wb") as out:
        for part in parts:
            size += len(part)
            rules.check_size(name, size)
            digest.update(part)
            if len(head) < rules.HEAD:
                head = (head + part)[: rules.HEAD]
            out.write(part)
    return size, digest.hexdigest(), head


def _check_room(key: str) -> None:
    if models.Evidence.objects.filter(practice=key).count() >= MOST_PIECES:
        raise BadEvidence(f"{key} has {MOST_PIECES} files and links", hint="remove one first")


def _clear_left() -> None:
    for path in selectors.folder().glob(f"*{_PART}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _LEFT_FOR:
                path.unlink()


def _told(what: str, by: str, number: int, practice: str) -> None:
    audit.record(
        f"practices.{what}", actor=by, subject_kind="practice_evidence", subject_id=number,
        practice=practice,
    )  # fmt: skip
