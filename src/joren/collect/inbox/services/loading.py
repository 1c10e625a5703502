"""Events of a file, one JSON object a line: the past of a shop that sent elsewhere until now."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from django.db import connections, router, transaction

from joren.collect.inbox import models, selectors
from joren.collect.inbox.contracts import LARGEST_MESSAGE, BadEvents
from joren.collect.inbox.rules.reading import GZIP
from joren.collect.inbox.services.receiving import keep_request
from joren.protect.audit import services as audit

_MESSAGES: Final = 500
_LARGEST: Final = 400 * 1024

Progress = Callable[[int, int], None]


def load_events(
    file: Path,
    *,
    source_id: int,
    by: str = "command-line",
    on_progress: Progress | None = None,
) -> int:
    """Put the file's messages into the inbox of a source; returns how many.

    A message that came before, live or from a file, is the same event: nothing counts twice.
    """
    source = selectors.source(source_id)
    if not file.is_file():
        raise BadEvents(f"there is no file {file}", hint="one JSON object a line, or that gzipped")
    using, loaded = router.db_for_write(models.Batch), 0
    for request, read in _requests(file):
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            body = b"[" + b",".join(request) + b"]"
            keep_request(cursor, source.id, time.time_ns() // 1000, len(request), body)
        loaded += len(request)
        if on_progress is not None:
            on_progress(read, file.stat().st_size)
    audit.record(
        "inbox.events_loaded",
        actor=by,
        subject_kind="source",
        subject_id=source_id,
        messages=loaded,
    )
    return loaded


def keep_messages(source_id: int, messages: Sequence[Mapping[str, Any]]) -> None:
    """Put messages that joren itself made into the inbox of a source; each has a messageId."""
    source = selectors.source(source_id)
    using = router.db_for_write(models.Batch)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for start in range(0, len(messages), _MESSAGES):
            part = list(messages[start : start + _MESSAGES])
            now = time.time_ns() // 1000
            keep_request(cursor, source.id, now, len(part), orjson.dumps(part))


def _requests(file: Path) -> Iterator[tuple[Sequence[bytes], int]]:
    """Messages, as many as a request may hold, and how many bytes of the file were read."""
    found: list[bytes] = []
    size = 0
    with file.open("rb") as raw, gzip.GzipFile(fileobj=raw) as unpacked:
        packed = raw.read(2) == GZIP
        raw.seek(0)
        lines: Iterable[bytes] = unpacked if packed else raw
        try:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                message = _message(line, number)
                if found and (len(found) == _MESSAGES or size + len(message) > _LARGEST):
                    yield found, raw.tell()
                    found, size = [], 0
                found.append(message)
                size += len(message)
        except (OSError, EOFError) as problem:
            raise BadEvents(
                f"{file.name} cannot be read to its end: {problem}",
                hint="fetch it again, and load it again: nothing counts twice",
            ) from None
        if found:
            yield found, raw.tell()


def _message(line: bytes, number: int) -> bytes:
    """The message of that line, whose moment is already by a right clock."""
    try:
        said: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or len(line) > LARGEST_MESSAGE:
        raise BadEvents(
            f"line {number} is no JSON object of at most {LARGEST_MESSAGE:,} bytes",
            hint="repair it and load the file again: nothing counts twice",
        )
    return orjson.dumps(message_of_line(said, line))


def message_of_line(said: dict[str, Any], line: bytes) -> dict[str, Any]:
    """The message, whose moment is already by a right clock."""
    for name in ("sentAt", "writeKey", *(("originalTimestamp",) if "timestamp" in said else ())):
        said.pop(name, None)
    if not said.get("messageId"):
        # The same line of a file that is loaded again is the same event.
        said["messageId"] = f"line:{hashlib.blake2b(line.strip(), digest_size=16).hexdigest()}"
    return said
