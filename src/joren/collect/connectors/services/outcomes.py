"""What an import comes to: promised together with its facts, and written once, with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from joren.collect.connectors import mapping, models
from joren.collect.connectors.opening import closed
from joren.collect.connectors.services.remembering import remember_mapping
from joren.core import clock
from joren.plumbing import outbox

_FILE: Final = "outcome.json"
_CHUNK: Final = 2_000


@dataclass(frozen=True)
class Outcome:
    """``counts`` are fields of the import, ``waiting`` rows of the quarantine, ``retried`` ids of
    rows that came in by this import and wait no longer; ``columns`` are those whose mapping, said
    for this file, holds for the next one like it.
    """

    counts: Mapping[str, Any]
    waiting: Sequence[Mapping[str, Any]] = ()
    retried: Sequence[int] = ()
    columns: Sequence[str] = ()


def write_outcome(folder: Path, outcome: Outcome) -> None:
    """Lay it down beside the facts that are about to be promised."""
    text = json.dumps(asdict(outcome), ensure_ascii=False)
    (folder / _FILE).write_text(text, encoding="utf-8")


def keep_promised_outcome(folder: Path, import_id: int) -> None:
    """The last step of the promise."""
    file = folder / _FILE
    if file.exists():
        keep_outcome(import_id, Outcome(**json.loads(file.read_text(encoding="utf-8"))))


@transaction.atomic
def keep_outcome(import_id: int, outcome: Outcome) -> None:
    """The import is done; said again, nothing changes."""
    row = models.Import.objects.select_for_update().get(pk=import_id)
    if row.status == "done":
        return
    for name, value in outcome.counts.items():
        setattr(row, name, value)
    # The same file once more: its bad rows wait once, under the newer import.
    before = models.QuarantinedRow.objects.filter(
        source__sha256=row.sha256, source__settings=row.settings, state="waiting"
    )
    row.displaced = list(before.order_by("pk").values_list("pk", flat=True))
    row.repairs = list(outcome.retried)
    before.update(state="dropped")
    for start in range(0, len(outcome.waiting), _CHUNK):
        some = closed(row.pk, outcome.waiting[start : start + _CHUNK])
        models.QuarantinedRow.objects.bulk_create(
            models.QuarantinedRow(source=row, **waiting) for waiting in some
        )
    models.QuarantinedRow.objects.filter(pk__in=list(outcome.retried)).update(state="retried")
    if outcome.columns:
        remember_mapping(
            mapping.mapping_of(row.mapping["mapping"]),
            outcome.columns,
            kind=row.kind,
            store=row.store,
            name=row.file_name,
            actor=row.actor,
        )
    row.error_code = row.error = row.hint = ""
    row.status, row.finished_at = "done", clock.now()
    row.save()
    outbox.put("connectors.file_imported", import_id=row.pk, kind=row.kind, read=row.rows_read)
