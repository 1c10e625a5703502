"""Files in, rows through the doors of orders and customers, bad rows into quarantine."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from joren.accounts.selectors import business
from joren.collect.connectors import contracts, mapping, models, parsing, selectors
from joren.collect.connectors.contracts import ImportReport, Kind
from joren.collect.connectors.files import Staged, begin
from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.known import format_named, meaning_of, readers
from joren.collect.connectors.formats.shape import Canonical
from joren.collect.connectors.mapping import Mapping as ColumnMapping
from joren.collect.connectors.parsing import Parsed
from joren.collect.connectors.rejecting import each
from joren.collect.connectors.services.outcomes import Outcome, keep_outcome, write_outcome
from joren.collect.connectors.services.recovering import claim_of
from joren.collect.connectors.services.remembering import recall_mapping
from joren.collect.customers.contracts import Store
from joren.collect.customers.services import store_named
from joren.collect.orders.contracts import Alongside, Taken
from joren.collect.orders.services import (
    take_ad_spend,
    take_customers,
    take_orders,
    take_products,
    take_rates,
    take_refunds,
)
from joren.core import clock
from joren.core.errors import BadInput, JorenError, Refused
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Warehouse

Progress = Callable[[str, float], None]
_OF_NO_STORE = {"products": take_products, "ad_spend": take_ad_spend}


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
    retried: Sequence[int] = (),
) -> ImportReport:
    """Import one file: all its good rows, or none when the file as a whole is refused.

    ``import_id`` names the import that waits for this file, instead of a new one. ``retried`` are
    rows of the quarantine that these are: they wait no longer afterwards.
    """
    began = time.monotonic()
    say = on_progress or (lambda _phase, _share: None)
    house = warehouse()
    with ExitStack() as held:
        with transaction.atomic():
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
            # Before anybody sees it open: an open import without a claim is a dead process's.
            held.enter_context(house.journal.claim(claim_of(row.pk)))
        work = house.scratch / claim_of(row.pk)
        try:
            _carry_out(house, row, path, work, say, retried)
        except Exception as failed:
            _fail(row, failed)
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    say("done", 1.0)
    return selectors.report_of(row, seconds=round(time.monotonic() - began, 3))


def _taken_up(import_id: int) -> models.Import:
    """The import that waits, now ours alone."""
    waiting = models.Import.objects.filter(pk=import_id, status="waiting")
    if not waiting.update(status="reading", begun_at=clock.now()):
        raise contracts.NoSuchImport(f"import {import_id} does not wait", hint="joren imports list")
    return models.Import.objects.get(pk=import_id)


def _carry_out(
    house: Warehouse,
    row: models.Import,
    path: Path,
    work: Path,
    say: Progress,
    retried: Sequence[int],
) -> None:
    say("reading", 0.0)
    kept = row.mapping
    chosen = mapping.mapping_of(kept["mapping"]) if kept["mapping"] else ColumnMapping()
    staged = begin(
        house.embedded, path, work, sheet=chosen.sheet, readers=readers(), name=row.file_name
    )
    chosen, recalled = _recalled(row, staged, chosen)
    row.sha256, row.size, row.settings = staged.sha256, staged.size, _settings(row)
    if (same := _same_as_before(row, retried)) is not None:
        keep_outcome(row.pk, same)
        row.refresh_from_db()
        return
    shape = _shape(row, staged, kept["format"], chosen)
    say("typing", 0.3)
    ours = business()
    currency = mapping.currency_of(kept["currency"], chosen, ours.currency)
    parsed = parsing.parse(
        house.embedded,
        staged,
        shape,
        row.kind,  # type: ignore[arg-type]  # the constraint keeps it to the kinds
        zone=chosen.time_zone or ours.time_zone,
        currency=currency,
        latest=clock.now() + timedelta(days=1),
        store=row.store or None,
        workdir=work,
    )
    staged = parsed.staged
    row.rows_read = staged.rows + len(staged.broken)
    _apply_from_here(row)
    say("applying", 0.6)
    waiting = _waiting(staged, parsed)
    notices = [*recalled, *shape.notices, *_notices(parsed)]
    said = kept["mapping"] and not recalled and (chosen.columns or chosen.constants)
    columns = staged.columns if said else ()

    def promised(folder: Path, taken: Taken) -> None:
        counts = _counts(row, len(waiting), taken, notices)
        write_outcome(folder, Outcome(counts, waiting, retried, columns))

    if not _take(house, row, parsed, currency, zone=ours.time_zone, alongside=promised):
        counts = _counts(row, len(waiting), Taken(0, 0, 0, 0), notices)
        keep_outcome(row.pk, Outcome(counts, waiting, retried, columns))
    row.refresh_from_db()


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
    return meaning_of(staged.columns, known)


def _take(
    house: Warehouse,
    row: models.Import,
    parsed: Parsed,
    currency: str | None,
    *,
    zone: str,
    alongside: Alongside,
) -> bool:
    """Through the door of its kind, all stores under one promise; False when there is no row."""
    parts = {name: part for name, part in parsed.parts.items() if parsed.rows_in(part)}
    if not parts:
        return False
    if row.kind in _OF_NO_STORE:
        (part,) = parts.values()
        _OF_NO_STORE[row.kind](house, part, import_id=row.pk, alongside=alongside)
        return True
    if row.kind == "rates":
        (part,) = parts.values()
        take_rates(house, part, import_id=row.pk, into=currency, alongside=alongside)
        return True
    fallback = row.format if row.format != "generic" else "shop"
    named = {
        name: store_named(row.store or name or fallback, currency=parsed.currency) for name in parts
    }
    if row.kind == "orders":
        (folder,) = set(parts.values())
        out = parsed.without
        take_orders(
            house, folder, named, import_id=row.pk, zone=zone, without=out, alongside=alongside
        )
        return True
    stores: dict[Store, list[Path]] = defaultdict(list)
    for name, part in parts.items():
        # Two parts may be of one store: what names none belongs to the fallback's.
        stores[named[name]].append(part)
    if row.kind == "customers":
        take_customers(house, stores, import_id=row.pk, alongside=alongside)
    else:
        take_refunds(house, stores, import_id=row.pk, zone=zone, alongside=alongside)
    return True


def _waiting(staged: Staged, parsed: Parsed) -> list[dict[str, Any]]:
    """Rows for the quarantine: those with a wrong cell, and lines that are no rows."""
    return [
        {
            "row": bad.row,
            "line": bad.line,
            "group": bad.order_number[:300],
            "column": bad.column[:300],
            "value": bad.value,
            "expected": bad.expected[:300],
            "reason": bad.reason,
            "raw": list(bad.raw.items()),
        }
        for bad in each(parsed.rejected)
    ] + [
        {
            "row": 0,
            "line": broken.line,
            "value": broken.text,
            "expected": f"{len(staged.columns)} columns",
            "reason": broken.reason,
            "raw": [],
        }
        for broken in staged.broken
    ]


def _counts(
    row: models.Import, quarantined: int, taken: Taken, notices: list[str]
) -> dict[str, Any]:
    if missed := taken.unreconciled:
        missing = f"{missed:,} orders have parts that differ from the stated total"
        notices = [*notices, missing]
    if taken.without_order:
        later = f"{taken.without_order:,} refunds are of orders that are not here: import those too"
        notices = [*notices, later]
    return {
        "quarantined": quarantined,
        "accepted": taken.accepted,
        "updated": taken.updated,
        "unchanged": row.rows_read - quarantined - taken.accepted - taken.updated,
        "notices": notices,
    }


def _notices(parsed: Parsed) -> list[str]:
    said = []
    if parsed.currency == "XXX":
        said.append("no currency is named, and amounts have decimals: they are kept in XXX")
    if parsed.repeated:
        said.append(f"{parsed.repeated:,} rows repeat an earlier row exactly and count once")
    if parsed.rounded:
        said.append(
            f"{parsed.rounded:,} prices are finer than their currency: "
            "their lines are rounded so that together they add up"
        )
    return said


def _same_as_before(row: models.Import, retried: Sequence[int]) -> Outcome | None:
    """Is this the file that was imported last for this store, read in the same way?"""
    done = models.Import.objects.filter(kind=row.kind, store=row.store, status="done")
    last = done.order_by("-pk").first()
    if last is None or (last.sha256, last.settings) != (row.sha256, row.settings):
        return None
    if last.quarantined:
        return None  # its bad rows are looked at again
    said = ("sha256", "settings", "size", "mapping")
    counts = {name: getattr(row, name) for name in said}
    counts |= {"format": last.format, "notices": last.notices}
    counts |= {"rows_read": last.rows_read, "unchanged": last.rows_read}
    return Outcome(counts, retried=retried)


def _kept(chosen: ColumnMapping | None, format: str, currency: str | None) -> dict[str, Any]:
    return {"mapping": mapping.plain(chosen), "format": format, "currency": currency}


def _settings(row: models.Import) -> str:
    ours = business()
    decided = [row.kind, row.store, row.mapping, ours.time_zone, ours.currency]
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()


def _fail(row: models.Import, failed: Exception) -> None:
    """What was promised is carried out by the next start; what was not is as if never asked."""
    if isinstance(failed, JorenError):
        said = {"error_code": failed.code, "error": failed.message, "hint": failed.hint}
    else:
        said = {"error_code": type(failed).__name__, "error": str(failed)[:2000]}
    # One that is done stays so: the promise was kept, whatever failed after it.
    models.Import.objects.filter(pk=row.pk).exclude(status="done").update(
        status=_ended_as(failed), finished_at=clock.now(), **said
    )


def _ended_as(failed: Exception) -> str:
    if isinstance(failed, contracts.ImportCancelled):
        return "cancelled"
    return "refused" if isinstance(failed, BadInput | Refused) else "failed"
