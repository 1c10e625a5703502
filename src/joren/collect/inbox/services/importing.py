"""Events that others kept, from files: Segment's own, GA4's, Matomo's, any table.

A row becomes the message that an SDK would have sent, with an id that it has whenever the file is
read; from there on it goes the way of live events, quarantine included.
"""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connections, router, transaction

from joren.accounts.selectors import business
from joren.collect.inbox import models, selectors
from joren.collect.inbox.contracts import (
    LARGEST_MESSAGE,
    BadEvents,
    EventFormat,
    EventsTaken,
    Unreadable,
)
from joren.collect.inbox.rules.foreign import ga4, matomo, table
from joren.collect.inbox.rules.reading import GZIP
from joren.collect.inbox.rules.traces import LINE
from joren.collect.inbox.selectors.bodies import closed
from joren.collect.inbox.services.loading import message_of_line
from joren.collect.inbox.services.receiving import keep_request
from joren.core.clock import zone
from joren.plumbing.sent import Sent, laid_down
from joren.protect.audit import services as audit

_MESSAGES: Final = 500
_LARGEST: Final = 400 * 1024
_LOOK: Final = 65_536
_TOO_DEEP: Final = "nested more than 250 deep"
_LARGEST_LIST: Final = 200 * 2**20
"""A JSON list is read whole; what is larger comes as JSON lines."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class _Bad:
    """A line that is no message."""

    place: int
    reason: str
    text: str


_Found = Iterator[dict[str, Any] | _Bad]


def import_events(
    file: Path,
    *,
    source_id: int,
    format: EventFormat = "auto",
    columns: Mapping[str, str] | None = None,
    name: str = "",
    by: str = "command-line",
    on_progress: Progress | None = None,
) -> EventsTaken:
    """Put a file's events into the inbox of a source; bad lines wait with their reason.

    What came before, live or from a file, is the same event: nothing counts twice.
    """
    source = selectors.source(source_id)
    if not file.is_file():
        raise BadEvents(f"there is no file {file}", hint="JSON lines, CSV, or Parquet")
    taken = bad = 0
    with ExitStack() as held:
        for part in _parts(_read(file, format, columns or {}, held, name or file.name)):
            _keep(source.id, part)
            taken += sum(not isinstance(one, _Bad) for one in part)
            bad += sum(isinstance(one, _Bad) for one in part)
            if on_progress is not None:
                on_progress(taken + bad)
    if not taken + bad:
        raise BadEvents(f"{name or file.name} holds no event", hint="export a longer period")
    audit.record(
        "inbox.events_imported",
        actor=by,
        subject_kind="source",
        subject_id=source_id,
        messages=taken,
        unreadable=bad,
    )
    return EventsTaken(taken, bad)


def import_sent_events(
    sent: Sent,
    *,
    source_id: int,
    format: EventFormat = "auto",
    columns: Mapping[str, str] | None = None,
    by: str,
) -> EventsTaken:
    """The same of a file that a request carries."""
    with laid_down(sent) as path:
        return import_events(
            path, source_id=source_id, format=format, columns=columns, name=sent.name or "", by=by
        )


def _keep(source: int, part: list[dict[str, Any] | _Bad]) -> None:
    now, using = time.time_ns() // 1000, router.db_for_write(models.Batch)
    messages = [one for one in part if not isinstance(one, _Bad)]
    unread = [_unread(source, now, one) for one in part if isinstance(one, _Bad)]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if messages:
            keep_request(cursor, source, now, len(messages), orjson.dumps(messages))
        models.UnreadMessage.objects.bulk_create(unread)


def _unread(source: int, now: int, bad: _Bad) -> models.UnreadMessage:
    sealed, message = closed(source, now, orjson.dumps({LINE: bad.text}))
    return models.UnreadMessage(
        key_id=source,
        received_at=now,
        reason=f"line {bad.place}: {bad.reason}"[:200],
        sealed=sealed,
        message=message,
    )


def _parts(found: Iterable[dict[str, Any] | _Bad]) -> Iterator[list[dict[str, Any] | _Bad]]:
    """As many as one request may hold."""
    part: list[dict[str, Any] | _Bad] = []
    size = 0
    for place, one in enumerate(found, 1):
        length = 200
        if not isinstance(one, _Bad):
            one, length = _weighed(one, place)
        if part and (len(part) == _MESSAGES or size + length > _LARGEST):
            yield part
            part, size = [], 0
        part.append(one)
        size += length
    if part:
        yield part


def _weighed(one: dict[str, Any], place: int) -> tuple[dict[str, Any] | _Bad, int]:
    """The message and its bytes, where it may go into a request."""
    try:
        length = len(orjson.dumps([one]))
    except orjson.JSONEncodeError as problem:
        return _Bad(place, _unwritable(problem), ""), 200
    if length > LARGEST_MESSAGE:
        return _Bad(place, f"larger than {LARGEST_MESSAGE:,} bytes", ""), 200
    return one, length


def _unwritable(problem: Exception) -> str:
    return _TOO_DEEP if "recursion" in str(problem).lower() else f"it holds no JSON: {problem}"


def _read(
    file: Path, format: EventFormat, columns: Mapping[str, str], held: ExitStack, name: str
) -> _Found:
    raw = held.enter_context(file.open("rb"))
    magic = raw.read(4)
    raw.seek(0)
    if magic == b"PAR1":
        yield from _of_rows(_parquet(raw, name), format, columns)
        return
    packed = magic[:2] == GZIP
    text: Any = held.enter_context(gzip.GzipFile(fileobj=raw)) if packed else raw
    try:
        start = text.peek(_LOOK)[:_LOOK].lstrip()
        if format == "csv" or (format == "auto" and start[:1] not in (b"{", b"[")):
            yield from _of_rows(_table(text, start, columns, held), "csv", columns)
        elif start[:1] == b"[":
            yield from _of_rows(_listed(text, name), format, columns)
        else:
            yield from _of_lines(text, format)
    except (OSError, EOFError) as problem:
        raise BadEvents(
            f"{name} cannot be read to its end: {problem}",
            hint="fetch it again, and import it again: nothing counts twice",
        ) from None


def _of_lines(lines: Iterable[bytes], format: EventFormat) -> _Found:
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            row = None
        if not isinstance(row, dict):
            yield _Bad(place, "it is no JSON object", line[:500].decode("utf-8", "replace"))
        else:
            yield from _messages(row, format, line, place)


def _of_rows(
    rows: Iterable[Mapping[str, Any] | _Bad], format: EventFormat, columns: Mapping[str, str]
) -> _Found:
    named: dict[str, str] | None = None
    here = zone(business().time_zone)
    for place, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            yield (
                row
                if isinstance(row, _Bad)
                else _Bad(place, "it is no JSON object", str(row)[:500])
            )
            continue
        try:
            line = orjson.dumps(row, default=str)
        except orjson.JSONEncodeError as problem:
            yield _Bad(place, _unwritable(problem), "")
            continue
        if not _is_of_a_table(row, format, columns):
            yield from _messages(row, format, line, place)
            continue
        named = table.columns_of(list(row), columns) if named is None else named
        try:
            yield table.message_of(row, named, here)
        except Unreadable as why:
            yield _Bad(place, why.message, _cut(line))


def _is_of_a_table(row: Mapping[str, Any], format: EventFormat, columns: Mapping[str, str]) -> bool:
    if format != "auto":
        return format == "csv"
    return bool(columns) or not (ga4.is_one(row) or matomo.is_one(row) or "type" in row)


def _messages(row: Mapping[str, Any], format: EventFormat, line: bytes, place: int) -> _Found:
    try:
        for one in _understood(row, format, line):
            yield _Bad(place, one.message, _cut(line)) if isinstance(one, Unreadable) else one
    except Unreadable as why:
        yield _Bad(place, why.message, _cut(line))


def _understood(
    row: Mapping[str, Any], format: EventFormat, line: bytes
) -> Iterator[dict[str, Any] | Unreadable]:
    if format == "ga4" or (format == "auto" and ga4.is_one(row)):
        yield from ga4.messages_of(row)
    elif format == "matomo" or (format == "auto" and matomo.is_one(row)):
        if not matomo.is_one(row):
            raise Unreadable("it is no visit of Matomo")
        yield from matomo.messages_of(row)
    else:
        yield message_of_line(dict(row), line)


def _cut(line: bytes) -> str:
    return line[:LARGEST_MESSAGE].decode("utf-8", "replace")


def _parquet(raw: BinaryIO, name: str) -> Iterator[Mapping[str, Any]]:
    try:
        for batch in pq.ParquetFile(raw).iter_batches(batch_size=2_000):
            for row in batch.to_pylist():  # JSON has no decimals: as texts they stay exact
                yield {k: str(v) if isinstance(v, Decimal) else v for k, v in row.items()}
    except pa.ArrowException as problem:
        raise BadEvents(f"{name} is damaged: {problem}", hint="export it again") from None


def _listed(text: IO[bytes], name: str) -> list[Any]:
    whole = text.read(_LARGEST_LIST + 1)
    if len(whole) > _LARGEST_LIST:
        raise BadEvents(f"{name} is one list of more than 200 MB", hint="export it in parts")
    try:
        found = orjson.loads(whole)
    except orjson.JSONDecodeError as problem:
        raise BadEvents(f"{name} is no JSON: {problem}", hint="export it again") from None
    return found if isinstance(found, list) else []


def _table(
    text: Any, start: bytes, columns: Mapping[str, str], held: ExitStack
) -> Iterator[Mapping[str, Any] | _Bad]:
    encoding, whole = _encoding_of(text)
    # What is not in it comes as halves of characters, by which its rows are known.
    wrapped = io.TextIOWrapper(text, encoding=encoding, errors="surrogateescape", newline="")
    lines = held.enter_context(wrapped)
    first = start.split(b"\n", 1)[0]
    separator = "\t" if first.count(b"\t") > first.count(b",") else ","
    try:
        reader = csv.DictReader(lines, delimiter=separator, restkey="what is too much")
        if reader.fieldnames:
            table.columns_of(reader.fieldnames, columns)  # before any row: is it a table of events?
        for place, row in enumerate(reader, 1):
            said = "" if whole else ",".join(map(str, row.values()))
            shown = said.encode("utf-8", "replace").decode()
            if shown == said:
                yield row
            else:
                yield _Bad(place, "it is neither UTF-8 nor Shift_JIS (CP932)", shown[:500])
    except csv.Error as problem:
        raise BadEvents(f"the table cannot be read: {problem}", hint="export it again") from None


def _encoding_of(text: Any) -> tuple[str, bool]:
    """What most of its lines are written in, and whether all are; it is read from its beginning.

    A line of Windows in Japan is hardly ever UTF-8, while a line of UTF-8 is often also CP932.
    """
    known = others = unknown = 0
    text.seek(0)
    for line in text:
        if line.isascii():
            continue
        if _is(line, "utf-8"):
            known += 1
        else:
            others += 1
            unknown += not _is(line, "cp932")
    text.seek(0)
    if others > known:
        return "cp932", not known + unknown
    return "utf-8-sig", not others


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
