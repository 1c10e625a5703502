"""Files from the web: kept, waited for by a worker, called off, tried again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePath
from typing import Any, Final

from django.db import transaction

from joren.collect.connectors import contracts, mapping, models, uploads
from joren.collect.connectors.contracts import ImportReport, Kind
from joren.collect.connectors.formats.known import format_named
from joren.collect.connectors.mapping import Mapping as ColumnMapping
from joren.collect.connectors.services.importing import import_file
from joren.collect.connectors.services.sealing import seal_open
from joren.core import clock
from joren.core.errors import JorenError
from joren.plumbing import outbox
from joren.plumbing.sent import Sent
from joren.protect.audit import services as audit

KEPT_DAYS: Final = 7
"""A file that was refused may be tried again for so long; then it is removed."""

_AGAIN: Final = ("held", "refused", "failed", "cancelled")


@transaction.atomic
def receive(
    sent: Sent,
    *,
    kind: Kind,
    actor: str,
    store: str = "",
    format: str = "auto",
    mapping: ColumnMapping | None = None,
    currency: str | None = None,
    hold: bool = False,
    request: str = "",
) -> int:
    """Keep the file and let a worker import it; with ``hold`` only when ``begin`` is called.

    The same ``request`` of the same actor again is answered by the first import.
    """
    if format != "auto":
        format_named(format, ())  # refused now, not by the worker
    _refuse_unknown_currency(mapping, currency)
    name = PurePath((sent.name or "").replace("\\", "/")).name or "file"
    key = hashlib.sha256(f"{actor}\n{request}".encode()).hexdigest() if request else ""
    known = models.Import.objects.filter(request_key=key).first() if key else None
    if known is not None:
        return _same_request(known, kind, name, sent.size)
    row = models.Import.objects.create(
        kind=kind,
        file_name=name[:500],
        size=sent.size or 0,
        status="held" if hold else "waiting",
        store=store.strip(),
        mapping=_settings(mapping, format, currency),
        started_at=clock.now(),
        actor=actor,
        upload=uploads.keep(sent),
        request_key=key,
    )
    audit.record(
        "connectors.file_received", actor=actor, subject_kind="import", subject_id=row.pk, kind=kind
    )
    if not hold:
        outbox.put("connectors.import_waits", import_id=row.pk)
    return row.pk


@transaction.atomic
def begin(
    import_id: int,
    *,
    actor: str,
    mapping: ColumnMapping | None = None,
    format: str | None = None,
    store: str | None = None,
    currency: str | None = None,
) -> None:
    """Import a file that was held, refused or called off; what is given replaces what was said."""
    row = _locked(import_id)
    if row.status not in _AGAIN:
        raise contracts.TooLateToCancel(
            f"import {import_id} is {row.status}", hint="upload the file again"
        )
    if not uploads.is_there(row.upload):
        raise contracts.FileGone(
            f"the file of import {import_id} is no longer kept", hint="upload it again"
        )
    said = dict(row.mapping)
    if format not in (None, "auto"):
        format_named(format, ())
    _refuse_unknown_currency(mapping, currency)
    if mapping is not None:
        said["mapping"] = _settings(mapping, "auto", None)["mapping"]
    if format is not None:
        said["format"] = format
    if currency is not None:
        said["currency"] = currency or None
    row.mapping, row.store = said, row.store if store is None else store.strip()
    row.status, row.phase, row.share, row.cancelling = "waiting", "", 0.0, False
    row.error_code = row.error = row.hint = ""
    row.begun_at = row.finished_at = None
    row.save()
    audit.record(
        "connectors.import_begun", actor=actor, subject_kind="import", subject_id=import_id
    )
    outbox.put("connectors.import_waits", import_id=import_id)


@transaction.atomic
def cancel(import_id: int, *, actor: str) -> None:
    """Call an import off before anything of it is applied."""
    row = _locked(import_id)
    if row.status in ("held", "waiting"):
        row.status, row.finished_at = "cancelled", clock.now()
    elif row.status == "reading":
        row.cancelling = True  # whoever reads it looks before it applies anything
    else:
        raise contracts.TooLateToCancel(
            f"import {import_id} is {row.status}",
            hint="wait for its end" if row.status == "applying" else "there is nothing to call off",
        )
    row.save(update_fields=["status", "finished_at", "cancelling"])
    audit.record(
        "connectors.import_cancelled", actor=actor, subject_kind="import", subject_id=import_id
    )


def carry_out(import_id: int) -> ImportReport | None:
    """Import a file that waits; None when it waits no longer. A refusal stays with the import."""
    row = models.Import.objects.filter(pk=import_id, status="waiting").first()
    if row is None:
        return None
    kept = row.mapping
    try:
        report = import_file(
            uploads.path_of(row.upload),
            kind=row.kind,  # type: ignore[arg-type]  # the constraint keeps it to the kinds
            store=row.store or None,
            format=kept["format"],
            mapping=mapping.mapping_of(kept["mapping"]) if kept["mapping"] else None,
            currency=kept["currency"],
            actor=row.actor,
            name=row.file_name,
            on_progress=_Told(import_id),
            import_id=import_id,
        )
    except JorenError:
        return None
    uploads.discard(row.upload)
    return report


def carry_out_waiting() -> int:
    """Import every file that waits, the oldest first; returns how many there were."""
    done = 0
    while (
        number := models.Import.objects.filter(status="waiting", upload__gt="")
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    ) is not None:
        carry_out(number)
        done += 1
    return done


def sweep_uploads() -> int:
    """Remove files that nobody will try again; returns how many.

    What an older version left open of waiting rows is sealed.
    """
    seal_open()
    old = clock.now() - timedelta(days=KEPT_DAYS)
    wanted = set(
        models.Import.objects.filter(upload__gt="")
        .exclude(status="done")
        .exclude(status__in=["refused", "failed", "cancelled"], finished_at__lt=old)
        .values_list("upload", flat=True)
    )
    left = [name for name in uploads.all_kept() if name not in wanted and _is_old(name)]
    for name in left:
        uploads.discard(name)
    return len(left)


class _Told:
    """Writes down how far an import is, and stops it when somebody called it off."""

    def __init__(self, import_id: int) -> None:
        self.rows = models.Import.objects.filter(pk=import_id)

    def __call__(self, phase: str, share: float) -> None:
        self.rows.update(phase=phase, share=share)
        if phase != "done" and self.rows.filter(cancelling=True).exists():
            raise contracts.ImportCancelled("the import was called off; nothing of it is in")


def _is_old(name: str) -> bool:
    # A file that has just come in may belong to an import that is not written down yet.
    try:
        return time.time() - uploads.path_of(name).stat().st_mtime > 3_600
    except FileNotFoundError:
        return False


def _locked(import_id: int) -> models.Import:
    row = models.Import.objects.select_for_update().filter(pk=import_id).first()
    if row is None:
        raise contracts.NoSuchImport(f"no import {import_id}", hint="joren imports list")
    return row


def _same_request(known: models.Import, kind: Kind, name: str, size: int | None) -> int:
    if (known.kind, known.file_name, known.size) != (kind, name[:500], size or 0):
        raise contracts.KeyUsedOtherwise(
            f"this Idempotency-Key was used for {known.kind} from {known.file_name}",
            hint="give each upload a key of its own",
        )
    return known.pk


def _refuse_unknown_currency(chosen: ColumnMapping | None, currency: str | None) -> None:
    mapping.currency_of(currency, chosen or ColumnMapping(), None)


def _settings(chosen: ColumnMapping | None, format: str, currency: str | None) -> Mapping[str, Any]:
    return {"mapping": mapping.plain(chosen), "format": format, "currency": currency}
