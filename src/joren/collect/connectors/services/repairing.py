"""Rows that wait: repaired and tried again, given up, taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from joren.collect.connectors import contracts, mapping, models
from joren.collect.connectors.contracts import ImportReport
from joren.collect.connectors.opening import Opened, opened, with_value
from joren.collect.connectors.services.importing import import_file
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit

Repairs = Mapping[int, Mapping[str, str]]
_ASK_AT_ONCE: Final = 10_000


def retry_quarantine(
    ids: Sequence[int], *, repairs: Repairs | None = None, actor: str | None = None
) -> tuple[ImportReport, ...]:
    """Import the rows again, with repaired cells; the rest of a row's order comes with it."""
    by_source: dict[int, set[int]] = {}
    for number, source in _among(ids, "waiting", "pk", "source_id"):
        by_source.setdefault(source, set()).add(number)
    known = set().union(*by_source.values())
    if missing := sorted(set(ids) - known):
        raise contracts.NoSuchRow(f"row {missing[0]} does not wait", hint="joren quarantine list")
    reports = []
    for source, own in sorted(by_source.items()):
        waiting = models.QuarantinedRow.objects.filter(source_id=source, state="waiting")
        rows = list(waiting.order_by("row", "pk"))
        groups = {row.group for row in rows if row.pk in own and row.group}
        rows = [row for row in rows if row.pk in own or row.group in groups]
        reports.append(_retry(models.Import.objects.get(pk=source), rows, repairs or {}, actor))
    if actor and reports:
        audit.record(
            "connectors.rows_retried",
            actor=actor,
            subject_kind="quarantine",
            rows=len(known),
            repaired=len(repairs or {}),
            imports=[report.import_id for report in reports],
        )
    return tuple(reports)


def replace_value(
    column: str,
    value: str,
    replacement: str,
    *,
    import_id: int | None = None,
    actor: str | None = None,
) -> tuple[ImportReport, ...]:
    """Put one value for another in every row that waits because of it, and try them again."""
    rows = models.QuarantinedRow.objects.filter(with_value(value), state="waiting", column=column)
    if import_id is not None:
        rows = rows.filter(source_id=import_id)
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        raise contracts.NoSuchRow(
            f"no row waits with {value!r} in {column}", hint="joren quarantine list"
        )
    return retry_quarantine(ids, repairs={pk: {column: replacement} for pk in ids}, actor=actor)


def tell_of_look(rows: int, *, import_id: int | None, actor: str) -> None:
    """Write down that somebody saw the people in waiting rows: one entry for all on a page."""
    if rows:
        audit.record(
            "connectors.rows_seen",
            actor=actor,
            subject_kind="quarantine",
            subject_id="" if import_id is None else import_id,
            rows=rows,
        )


def drop_quarantine(ids: Iterable[int], *, actor: str | None = None) -> int:
    """Give the rows up; returns how many waited."""
    return _turned(ids, "waiting", "dropped", "connectors.rows_dropped", actor)


def restore_quarantine(ids: Iterable[int], *, actor: str | None = None) -> int:
    """Let rows that were given up wait again; returns how many there were."""
    return _turned(ids, "dropped", "waiting", "connectors.rows_restored", actor)


@transaction.atomic
def _turned(ids: Iterable[int], old: str, new: str, deed: str, actor: str | None) -> int:
    turned = sum(
        models.QuarantinedRow.objects.filter(pk__in=part, state=old).update(state=new)
        for part in _parts(list(ids))
    )
    if actor and turned:
        audit.record(deed, actor=actor, subject_kind="quarantine", rows=turned)
    return turned


def _among(ids: Sequence[int], state: str, *fields: str) -> Iterator[tuple[int, ...]]:
    for part in _parts(ids):
        rows = models.QuarantinedRow.objects.filter(pk__in=part, state=state)
        yield from rows.values_list(*fields)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _ASK_AT_ONCE):
        yield ids[start : start + _ASK_AT_ONCE]


def _retry(
    source: models.Import,
    rows: list[models.QuarantinedRow],
    repairs: Repairs,
    actor: str | None,
) -> ImportReport:
    cells = [_repaired(one, repairs.get(one.row.pk, {})) for one in opened(rows)]
    kept = source.mapping
    folder = warehouse().scratch / f"retry-{uuid4().hex}"
    folder.mkdir(parents=True)
    path = folder / "rows.parquet"
    schema = pa.schema([(column, pa.string()) for column in cells[0]])
    pq.write_table(pa.Table.from_pylist(cells, schema=schema), path)
    try:
        return import_file(
            path,
            kind=source.kind,  # type: ignore[arg-type]  # the constraint keeps it to the kinds
            store=source.store or None,
            format=kept["format"],
            mapping=mapping.mapping_of(kept["mapping"]) if kept["mapping"] else None,
            currency=kept["currency"],
            actor=actor,
            name=source.file_name,
            retried=[row.pk for row in rows],
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _repaired(one: Opened, cells: Mapping[str, str]) -> dict[str, str]:
    if not one.cells:
        raise contracts.NoCells(
            f"line {one.row.line} was no row of its table, so that it has no cells to repair",
            hint="repair the line in the file and import it again, or drop it",
        )
    if unknown := sorted(set(cells) - set(one.cells)):
        known = ", ".join(one.cells)
        raise contracts.ColumnsUnknown(f"no column {unknown[0]!r}", hint=f"known: {known}")
    return {**one.cells, **cells}
