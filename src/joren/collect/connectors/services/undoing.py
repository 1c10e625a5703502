"""An import taken back: what it brought goes, what it replaced returns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.db import transaction

from joren.collect.connectors import contracts, models, selectors
from joren.collect.orders.services import recover, take_back
from joren.core import clock
from joren.plumbing import outbox
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit

_FILE: Final = "undone.json"
_AT_ONCE: Final = 500


def undo_import(import_id: int, *, actor: str) -> None:
    """Take the newest import back; said again, nothing changes.

    Orders return to the versions before, exactly. What it added to people who were known before
    (a phone, a name that was missing) stays with them.
    """
    house = warehouse()
    with house.journal.lock():
        recover(house)
        row = models.Import.objects.filter(pk=import_id).first()
        if row is None:
            raise contracts.NoSuchImport(f"no import {import_id}", hint="joren imports list")
        if row.status == "undone":
            return
        _refuse(row)

        def alongside(folder: Path) -> None:
            (folder / _FILE).write_text(json.dumps({"actor": actor}), encoding="utf-8")

        updated = row.kind == "orders" and row.updated > 0
        age = clock.now() - (row.finished_at or row.started_at)
        take_back(house, import_id, updated=updated, age=age, alongside=alongside)


def _refuse(row: models.Import) -> None:
    if row.status != "done":
        raise contracts.NothingToUndo(
            f"import {row.pk} is {row.status}: nothing of it is in",
            hint="joren imports list shows what is done",
        )
    newest = selectors.undoable()
    if newest != row.pk:
        raise contracts.ImportedSince(
            f"import {newest} came in after import {row.pk} and may stand on it",
            hint=f"take import {newest} back first",
        )


@transaction.atomic
def keep_promised_undo(folder: Path, import_id: int) -> None:
    """The last step of the promise: its waiting rows go, those that it took along wait again."""
    file = folder / _FILE
    if not file.exists():
        return
    row = models.Import.objects.select_for_update().get(pk=import_id)
    if row.status == "undone":
        return
    row.quarantine.filter(state="waiting").update(state="dropped")
    _wait_again(row.repairs)
    _wait_again(row.displaced)
    row.status = "undone"
    row.save(update_fields=["status"])
    actor = json.loads(file.read_text(encoding="utf-8"))["actor"]
    audit.record(
        "connectors.import_undone", actor=actor, subject_kind="import", subject_id=import_id
    )
    outbox.put("connectors.import_undone", import_id=import_id)


def _wait_again(ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        part = list(ids[start : start + _AT_ONCE])
        models.QuarantinedRow.objects.filter(pk__in=part).update(state="waiting")
