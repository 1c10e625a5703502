"""Questions about imports, mappings and the quarantine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.db.models import Count, Min, Q, QuerySet

from joren.collect.connectors import contracts, models, uploads
from joren.collect.connectors.contracts import (
    OPEN,
    Fault,
    ImportReport,
    ImportState,
    Kind,
    Remembered,
    RowState,
    Status,
    Waiting,
)
from joren.collect.connectors.formats import generic
from joren.collect.connectors.opening import Opened, each_opened, opened, values_of
from joren.core import clock
from joren.plumbing.cursor import Slice, decode, encode

_VALUES = 20
BY_WEBHOOK = "webhook:"


def imports(
    *, after: str = "", limit: int = 50, status: str = "", by_itself: bool = True
) -> Slice[ImportState]:
    """The newest first; ``status`` also ``open`` for those that are waited for.

    ``by_itself``: with what came by webhooks, of which there may be many a minute.
    """
    rows = models.Import.objects.order_by("-pk")
    if not by_itself:
        rows = rows.exclude(actor__startswith=BY_WEBHOOK)
    if status:
        rows = rows.filter(status__in=OPEN if status == "open" else [status])
    if after:
        rows = rows.filter(pk__lt=decode(after, size=1)[0])
    found = list(rows[: limit + 1])
    shown = tuple(_state(row) for row in found[:limit])
    return Slice(shown, encode(shown[-1].id) if len(found) > limit else "")


def import_state(import_id: int) -> ImportState:
    """How far that import is."""
    row = models.Import.objects.filter(pk=import_id).first()
    if row is None:
        raise contracts.NoSuchImport(f"no import {import_id}", hint="GET /imports lists them")
    return _state(row)


def undoable() -> int | None:
    """The import that ended last of those that are in: what can be taken back."""
    done = models.Import.objects.filter(status="done").order_by("-finished_at", "-pk")
    return done.values_list("pk", flat=True).first()


def mapping_of_import(import_id: int) -> dict[str, Any]:
    """How its file is read: mapping, format and currency, as they were said."""
    row = models.Import.objects.filter(pk=import_id).first()
    if row is None:
        raise contracts.NoSuchImport(f"no import {import_id}", hint="GET /imports lists them")
    return dict(row.mapping)


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Every field that a row of the kind may have."""
    return generic.fields_of(kind)


def required_of(kind: Kind) -> tuple[str, ...]:
    """Fields without which a row of the kind says nothing."""
    return generic.required_of(kind)


def waiting_count() -> int:
    """How many rows wait in quarantine."""
    return models.QuarantinedRow.objects.filter(state="waiting").count()


def quarantine(
    *,
    import_id: int | None = None,
    column: str | None = None,
    expected: str | None = None,
    state: str = "waiting",
    after: str = "",
    limit: int = 100,
) -> Slice[Waiting]:
    """Rows of that state, the oldest import first, the rows of one order one after another."""
    rows = _chosen(import_id=import_id, column=column, expected=expected, state=state)
    if after:
        source, group, row = decode(after, size=3)
        rows = rows.filter(
            Q(source_id__gt=source)
            | Q(source_id=source, group__gt=group)
            | Q(source_id=source, group=group, pk__gt=row)
        )
    found = list(rows.select_related("source").order_by("source_id", "group", "pk")[: limit + 1])
    shown = tuple(_waiting(one) for one in opened(found[:limit]))
    last = shown[-1] if shown else None
    more = last and len(found) > limit
    return Slice(shown, encode(last.import_id, last.group, last.id) if last and more else "")


def quarantine_ids(
    *,
    import_id: int | None = None,
    column: str | None = None,
    expected: str | None = None,
    state: str = "waiting",
) -> tuple[int, ...]:
    """The numbers of all rows of that state, and of that reason."""
    rows = _chosen(import_id=import_id, column=column, expected=expected, state=state)
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def waiting_row(number: int) -> Waiting:
    """The row of that number, if it waits."""
    rows = models.QuarantinedRow.objects.filter(pk=number, state="waiting")
    row = rows.select_related("source").first()
    if row is None:
        raise contracts.NoSuchRow(f"row {number} does not wait", hint="joren quarantine list")
    (one,) = opened([row])
    return _waiting(one)


def faults(*, import_id: int | None = None) -> tuple[Fault, ...]:
    """Why rows wait, the most frequent reason first."""
    rows = _chosen(import_id=import_id, column=None, expected=None, state="waiting")
    counted = rows.exclude(column="").values("column", "expected").annotate(rows=Count("pk"))
    return tuple(
        Fault(one["column"], one["expected"], one["rows"], _values(rows, one))
        for one in counted.order_by("-rows", "column")[:50]
    )


def waiting_by_import() -> dict[int, tuple[str, int]]:
    """File name and number of waiting rows of each import that has some."""
    rows = models.QuarantinedRow.objects.filter(state="waiting")
    counted = rows.values("source_id", "source__file_name").annotate(rows=Count("pk"))
    return {
        one["source_id"]: (one["source__file_name"], one["rows"])
        for one in counted.order_by("-source_id")
    }


def waiting_as_lines(import_id: int) -> Iterator[list[str]]:
    """The waiting rows in their file's own columns, the header first."""
    rows = models.QuarantinedRow.objects.filter(source_id=import_id, state="waiting")
    header: list[str] = []
    for one in each_opened(rows.order_by("row", "pk")):
        if not one.cells:
            continue  # a line that was no row of its table has no columns
        if not header:
            header = list(one.cells)
            yield header
        yield [one.cells.get(column) or "" for column in header]


def mappings() -> tuple[Remembered, ...]:
    """What is remembered of sources, the newest first."""
    return tuple(
        Remembered(
            row.pk,
            cast("Kind", row.kind),
            row.store,
            tuple(row.columns),
            row.mapping,
            row.file_name,
            row.saved_at,
            row.saved_by,
            row.used_at,
            row.used,
        )
        for row in models.SourceMapping.objects.order_by("-saved_at", "-pk")
    )


def mapping_remembered(mapping_id: int) -> Remembered:
    """The one of that number."""
    for one in mappings():
        if one.id == mapping_id:
            return one
    raise contracts.NoSuchMapping(f"no mapping {mapping_id}", hint="joren mapping list")


def report_of(row: models.Import, *, seconds: float) -> ImportReport:
    return ImportReport(
        row.pk,
        row.rows_read,
        row.accepted,
        row.unchanged,
        row.updated,
        row.quarantined,
        seconds,
        tuple(row.notices),
    )


def _chosen(
    *, import_id: int | None, column: str | None, expected: str | None, state: str
) -> QuerySet[models.QuarantinedRow]:
    rows = models.QuarantinedRow.objects.filter(state=state)
    if import_id is not None:
        rows = rows.filter(source_id=import_id)
    if column is not None:
        rows = rows.filter(column=column)
    if expected is not None:
        rows = rows.filter(expected=expected)
    return rows


def _values(
    rows: QuerySet[models.QuarantinedRow], one: Mapping[str, Any]
) -> tuple[tuple[str, int], ...]:
    same = rows.filter(column=one["column"], expected=one["expected"])
    counted = same.values("value", "value_key").annotate(rows=Count("pk"), one=Min("pk"))
    found = values_of(rows, counted.order_by("-rows", "one")[:_VALUES])
    return tuple(sorted(found.items(), key=lambda value: (-value[1], value[0])))


def _state(row: models.Import) -> ImportState:
    end = row.finished_at or clock.now()
    return ImportState(
        id=row.pk,
        kind=cast("Kind", row.kind),
        file_name=row.file_name,
        store=row.store,
        format=row.format,
        size=row.size,
        status=cast("Status", row.status),
        phase=row.phase,
        share=1.0 if row.status == "done" else row.share,
        read=row.rows_read,
        accepted=row.accepted,
        unchanged=row.unchanged,
        updated=row.updated,
        quarantined=row.quarantined,
        notices=tuple(row.notices),
        code=row.error_code,
        message=row.error,
        hint=row.hint,
        actor=row.actor,
        received_at=row.started_at,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
        seconds=round((end - row.begun_at).total_seconds(), 1) if row.begun_at else 0.0,
        cancelling=row.cancelling,
        kept=row.status != "done" and uploads.is_there(row.upload),
    )


def _waiting(one: Opened) -> Waiting:
    row = one.row
    return Waiting(
        row.pk,
        row.source_id,
        row.source.file_name,
        row.source.kind,
        row.row,
        row.line,
        row.column,
        one.value,
        row.expected,
        one.reason,
        one.cells,
        cast("RowState", row.state),
        row.group,
    )
