"""What somebody said once about a source's columns holds for its next file."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from joren.collect.connectors import contracts, mapping, models, rules
from joren.collect.connectors.mapping import Mapping as ColumnMapping
from joren.core import clock
from joren.protect.audit import services as audit


def remember_mapping(
    chosen: ColumnMapping, columns: Sequence[str], *, kind: str, store: str, name: str, actor: str
) -> None:
    """Use the mapping for the next file of that kind and store with this header."""
    models.SourceMapping.objects.update_or_create(
        kind=kind,
        store=store,
        fingerprint=rules.fingerprint(columns),
        defaults={
            "columns": list(columns),
            "mapping": mapping.plain(chosen),
            "file_name": name,
            "saved_at": clock.now(),
            "saved_by": actor,
        },
    )


def recall_mapping(
    columns: Sequence[str], *, kind: str, store: str
) -> tuple[int, ColumnMapping] | None:
    """The mapping that was said for such a file, with its number; counts as a use of it."""
    found = models.SourceMapping.objects.filter(
        kind=kind, store=store, fingerprint=rules.fingerprint(columns)
    )
    row = found.first()
    if row is None:
        return None
    found.update(used=F("used") + 1, used_at=clock.now())
    return row.pk, mapping.mapping_of(row.mapping)


@transaction.atomic
def forget_mapping(mapping_id: int, *, actor: str) -> None:
    """The next file with that header is read by its header again."""
    gone, _ = models.SourceMapping.objects.filter(pk=mapping_id).delete()
    if not gone:
        raise contracts.NoSuchMapping(f"no mapping {mapping_id}", hint="joren mapping list")
    audit.record(
        "connectors.mapping_forgotten", actor=actor, subject_kind="mapping", subject_id=mapping_id
    )
