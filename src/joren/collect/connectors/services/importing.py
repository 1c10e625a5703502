"""Files in, rows through the doors of orders and customers, bad rows into quarantine."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from joren.accounts.selectors import business
from joren.collect.connectors import contracts, mapping, models, parsing, selectors
from joren.collect.connectors.contracts import ImportReport, Kind
from joren.collect.connectors.files import Staged, stage
from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.known import format_named
from joren.collect.connectors.formats.shape import Canonical
from joren.collect.connectors.mapping import Mapping as ColumnMapping
from joren.collect.connectors.parsing import Parsed
from joren.collect.connectors.services.remembering import recall_mapping, remember_mapping
from joren.collect.customers.contracts import Store
from joren.collect.customers.services import store_named
from joren.collect.orders.contracts import Taken
from joren.collect.orders.services import (
    forget_taken,
    take_ad_spend,
    take_customers,
    take_orders,
    take_products,
    take_refunds,
)
from joren.core import clock
from joren.core.errors import BadInput, JorenError, Refused
from joren.plumbing import outbox
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Warehouse

Progress = Callable[[str, float], None]
_CHUNK = 2_000
_OF_NO_STORE = {"products": take_products, "ad_spend": take_ad_spend}
_OF_STORES = {"orders": take_orders, "refunds": take_refunds}


def import_file(
    path: Path,
    *,
    kind: Kind,
    store: str | None = None,
    format: str = "auto",
    mapping: ColumnMapping | None = None,
    currency: str | None = None,
    actor: str | None = None,
    on_progress: Progress | None = None,
    name: str | None = None,
    import_id: int | None = None,
) -> ImportReport:
    """Import one file: all its good rows, or none when the file as a whole is refused.

    ``import_id`` names the import that waits for this file, instead of a new one.
    """
    began = time.monotonic()
    say = on_progress or (lambda _phase, _share: None)
    house = warehouse()
    row = (
        _taken_up(import_id)
        if import_id is not None
        else models.Import.objects.create(
            kind=kind,
            file_name=name or path.name,
            status="reading",
            store=store or "",
            mapping=_kept(mapping, format, currency),
            started_at=clock.now(),
            begun_at=clock.now(),
            actor=actor or "",
        )
    )
    work = house.scratch / f"import-{row.pk}"
    try:
        _carry_out(house, row, path, work, say)
    except Exception as failed:
        _fail(row, failed)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    say("done", 1.0)
    outbox.put("connectors.file_imported", import_id=row.pk, kind=kind, read=row.rows_read)
    return selectors.report_of(row, seconds=round(time.monotonic() - began, 3))


def _taken_up(import_id: int) -> models.Import:
    """The import that waits, now ours alone."""
    waiting = models.Import.objects.filter(pk=import_id, status="waiting")
    if not waiting.update(status="reading", begun_at=clock.now()):
        raise contracts.NoSuchImport(f"import {import_id} does not wait", hint="joren imports list")
    return models.Import.objects.get(pk=import_id)


def drop_quarantine(ids: Iterable[int]) -> int:
    """Give the rows up; returns how many waited."""
    waiting = models.QuarantinedRow.objects.filter(pk__in=list(ids), state="waiting")
    return waiting.update(state="dropped")


def retry_quarantine(
    ids: Sequence[int],
    *,
    repairs: Mapping[int, Mapping[str, str]] | None = None,
    actor: str | None = None,
) -> tuple[ImportReport, ...]:
    """Import the rows again, with repaired cells; the rest of a row's order comes with it."""
    chosen = list(models.QuarantinedRow.objects.filter(pk__in=list(ids), state="waiting"))
    if missing := sorted(set(ids) - {row.pk for row in chosen}):
        raise contracts.NoSuchRow(f"row {missing[0]} does not wait", hint="joren quarantine list")
    reports = []
    for source_id in sorted({row.source_id for row in chosen}):
        groups = {row.group for row in chosen if row.source_id == source_id and row.group}
        own = [row.pk for row in chosen if row.source_id == source_id]
        waiting = models.QuarantinedRow.objects.filter(source_id=source_id, state="waiting")
        rows = list((waiting.filter(pk__in=own) | waiting.filter(group__in=groups)).order_by("row"))
        reports.append(_retry(models.Import.objects.get(pk=source_id), rows, repairs or {}, actor))
    return tuple(reports)


def recover_imports() -> int:
    """After a crash, once promised work is finished: say of each open import what to do."""
    left = models.Import.objects.filter(status__in=["reading", "applying"])
    return left.update(
        status="failed",
        error_code="Interrupted",
        error="the import was interrupted",
        hint="run it again: what is in already counts as unchanged",
        finished_at=clock.now(),
    )


def _retry(
    source: models.Import,
    rows: list[models.QuarantinedRow],
    repairs: Mapping[int, Mapping[str, str]],
    actor: str | None,
) -> ImportReport:
    cells = []
    for row in rows:
        unknown = sorted(set(repairs.get(row.pk, {})) - set(row.raw))
        if unknown:
            known = ", ".join(row.raw)
            raise contracts.ColumnsUnknown(f"no column {unknown[0]!r}", hint=f"known: {known}")
        cells.append({**row.raw, **repairs.get(row.pk, {})})
    kept = source.mapping
    folder = warehouse().scratch / f"retry-{source.pk}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "rows.parquet"
    schema = pa.schema([(column, pa.string()) for column in cells[0]])
    pq.write_table(pa.Table.from_pylist(cells, schema=schema), path)
    try:
        report = import_file(
            path,
            kind=source.kind,  # type: ignore[arg-type]  # the constraint keeps it to the kinds
            store=source.store or None,
            format=kept["format"],
            mapping=mapping.mapping_of(kept["mapping"]) if kept["mapping"] else None,
            currency=kept["currency"],
            actor=actor,
            name=source.file_name,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    models.QuarantinedRow.objects.filter(pk__in=[row.pk for row in rows]).update(state="retried")
    return report


def _carry_out(house: Warehouse, row: models.Import, path: Path, work: Path, say: Progress) -> None:
    say("reading", 0.0)
    kept = row.mapping
    chosen = mapping.mapping_of(kept["mapping"]) if kept["mapping"] else ColumnMapping()
    staged = stage(house.engine, path, work, sheet=chosen.sheet)
    chosen, recalled = _recalled(row, staged, chosen)
    row.sha256, row.size, row.settings = staged.sha256, staged.size, _settings(row)
    if _same_as_before(row):
        return
    shape = _shape(row, staged, kept["format"], chosen)
    say("typing", 0.3)
    ours = business()
    zone = chosen.time_zone or ours.time_zone
    parsed = parsing.parse(
        house.engine,
        staged,
        shape,
        row.kind,  # type: ignore[arg-type]  # the constraint keeps it to the kinds
        zone=zone,
        currency=kept["currency"] or chosen.currency or ours.currency,
        latest=clock.now() + timedelta(days=1),
        store=row.store or None,
    )
    row.rows_read = staged.rows + len(staged.broken)
    _apply_from_here(row)
    say("applying", 0.6)
    taken = _take(house, row, parsed, zone=shape.zone or zone)
    _finish(house, row, staged, parsed, taken)
    row.notices = [*recalled, *shape.notices, *_notices(parsed, taken)]
    row.save(update_fields=["notices"])
    forget_taken(house, row.pk)
    if kept["mapping"] and not recalled and (chosen.columns or chosen.constants):
        remember_mapping(
            chosen,
            staged.columns,
            kind=row.kind,
            store=row.store,
            name=row.file_name,
            actor=row.actor,
        )


def _recalled(
    row: models.Import, staged: Staged, chosen: ColumnMapping
) -> tuple[ColumnMapping, list[str]]:
    """What was said of such files before, where nothing is said of this one."""
    if row.mapping["format"] != "auto" or chosen.columns or chosen.constants:
        return chosen, []
    found = recall_mapping(staged.columns, kind=row.kind, store=row.store)
    if found is None:
        return chosen, []
    number, remembered = found
    row.mapping = {**row.mapping, "mapping": mapping.plain(remembered)}
    return remembered, [f"the columns are read by mapping {number}, remembered for this source"]


def _apply_from_here(row: models.Import) -> None:
    """The last moment at which the import can be called off."""
    row.status = "applying"
    fields = ("status", "mapping", "sha256", "size", "settings", "format", "rows_read")
    changed = {name: getattr(row, name) for name in fields}
    if not models.Import.objects.filter(pk=row.pk, cancelling=False).update(**changed):
        raise contracts.ImportCancelled("the import was called off; nothing of it is in")


def _shape(row: models.Import, staged: Staged, format: str, chosen: ColumnMapping) -> Canonical:
    if row.kind != "orders" or chosen.columns or chosen.constants:
        row.format = "generic"
        return generic.canonical(
            staged.columns,
            row.kind,  # type: ignore[arg-type]  # the constraint keeps it to the kinds
            chosen.columns,
            chosen.constants,
        )
    known = format_named(format, staged.columns)
    row.format = known.name
    return known.canonical(staged.columns)


def _take(house: Warehouse, row: models.Import, parsed: Parsed, *, zone: str) -> Taken:
    """Through the door of its kind, the parts of all stores under one promise."""
    parts = {
        name: part
        for name, part in parsed.parts.items()
        if pq.ParquetFile(part).metadata.num_rows > 0
    }
    if not parts:
        return Taken(0, 0, 0, 0)
    if row.kind in _OF_NO_STORE:
        (part,) = parts.values()
        return _OF_NO_STORE[row.kind](house, part, import_id=row.pk)
    fallback = row.format if row.format != "generic" else "shop"
    stores: dict[Store, list[Path]] = defaultdict(list)
    for name, part in parts.items():
        # Two parts may be of one store: what names none belongs to the fallback's.
        store = store_named(row.store or name or fallback, currency=parsed.currency)
        stores[store].append(part)
    if row.kind == "customers":
        return take_customers(house, stores, import_id=row.pk)
    return _OF_STORES[row.kind](house, stores, import_id=row.pk, zone=zone)


@transaction.atomic
def _finish(
    house: Warehouse, row: models.Import, staged: Staged, parsed: Parsed, taken: Taken
) -> None:
    raw = parsing.raw_rows(house.engine, staged, [bad.row for bad in parsed.rejected])
    waiting = [
        models.QuarantinedRow(
            source=row,
            row=bad.row,
            group=bad.order_number[:300],
            column=bad.column[:300],
            value=bad.value,
            expected=bad.expected[:300],
            reason=bad.reason,
            raw=raw.get(bad.row, {}),
        )
        for bad in parsed.rejected
    ] + [
        models.QuarantinedRow(
            source=row,
            row=0,
            line=broken.line,
            value=broken.text,
            expected=f"{len(staged.columns)} columns",
            reason=broken.reason,
            raw={},
        )
        for broken in staged.broken
    ]
    # The same file once more: its bad rows wait once, under the newer import.
    models.QuarantinedRow.objects.filter(
        source__sha256=row.sha256, source__settings=row.settings, state="waiting"
    ).update(state="dropped")
    models.QuarantinedRow.objects.bulk_create(waiting, batch_size=_CHUNK)
    row.rows_read = staged.rows + len(staged.broken)
    row.quarantined = len(waiting)
    row.accepted = taken.accepted
    row.updated = taken.updated
    row.unchanged = row.rows_read - row.quarantined - row.accepted - row.updated
    row.status, row.finished_at = "done", clock.now()
    row.save()


def _notices(parsed: Parsed, taken: Taken) -> list[str]:
    said = []
    if parsed.currency == "XXX":
        said.append("no currency is named, and amounts have decimals: they are kept in XXX")
    if parsed.repeated:
        said.append(f"{parsed.repeated:,} rows repeat an earlier row exactly and count once")
    if differing := taken.unreconciled:
        said.append(f"{differing:,} rows belong to orders whose parts differ from the stated total")
    return said


def _same_as_before(row: models.Import) -> bool:
    """Is this the file that was imported last for this store, read in the same way?"""
    done = models.Import.objects.filter(kind=row.kind, store=row.store, status="done")
    last = done.order_by("-pk").first()
    if last is None or (last.sha256, last.settings) != (row.sha256, row.settings):
        return False
    if last.quarantined:
        return False  # its bad rows are looked at again
    row.format, row.rows_read, row.notices = last.format, last.rows_read, last.notices
    row.unchanged = row.rows_read
    row.status, row.finished_at = "done", clock.now()
    row.save()
    return True


def _kept(chosen: ColumnMapping | None, format: str, currency: str | None) -> dict[str, Any]:
    return {"mapping": mapping.plain(chosen), "format": format, "currency": currency}


def _settings(row: models.Import) -> str:
    ours = business()
    decided = [row.kind, row.store, row.mapping, ours.time_zone, ours.currency]
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()


def _fail(row: models.Import, failed: Exception) -> None:
    """What was promised is carried out by the next start; what was not is as if never asked."""
    row.status, row.finished_at = _ended_as(failed), clock.now()
    if isinstance(failed, JorenError):
        row.error_code, row.error, row.hint = failed.code, failed.message, failed.hint
    else:
        row.error_code, row.error = type(failed).__name__, str(failed)[:2000]
    row.save()


def _ended_as(failed: Exception) -> str:
    if isinstance(failed, contracts.ImportCancelled):
        return "cancelled"
    return "refused" if isinstance(failed, BadInput | Refused) else "failed"
