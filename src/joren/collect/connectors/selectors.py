"""Questions about imports and the quarantine."""

from __future__ import annotations

from typing import cast

from joren.collect.connectors import models
from joren.collect.connectors.contracts import ImportReport, RowState, Waiting


def imports(*, limit: int = 50) -> tuple[ImportReport, ...]:
    """The newest first."""
    rows = models.Import.objects.filter(status="done").order_by("-pk")[:limit]
    return tuple(report_of(row, seconds=0.0) for row in rows)


def quarantine(*, import_id: int | None = None, limit: int = 100) -> tuple[Waiting, ...]:
    """Rows that wait, the oldest first."""
    rows = models.QuarantinedRow.objects.filter(state="waiting").select_related("source")
    if import_id is not None:
        rows = rows.filter(source_id=import_id)
    return tuple(_waiting(row) for row in rows.order_by("pk")[:limit])


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


def _waiting(row: models.QuarantinedRow) -> Waiting:
    return Waiting(
        row.pk,
        row.source_id,
        row.source.file_name,
        row.source.kind,
        row.row,
        row.line,
        row.column,
        row.value,
        row.expected,
        row.reason,
        row.raw,
        cast("RowState", row.state),
    )
