"""Open a page for owners, and say which serial numbers there are."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import transaction

from joren.collect.inbox.contracts import BY_REGISTRATIONS
from joren.collect.inbox.services import add_source
from joren.collect.registrations import contracts, models, rules, selectors
from joren.collect.registrations.contracts import Added
from joren.core import clock
from joren.protect.audit import services as audit

_CHUNK: Final = 2_000
_HEADS: Final = frozenset({"serial", "serial_number", "serialnumber", "シリアル", "製造番号"})


@transaction.atomic
def open_programme(
    name: str,
    *,
    slug: str,
    store: str,
    sku: str = "",
    product_name: str = "",
    takes: str = "serials",
    by: str = "command-line",
) -> contracts.Programme:
    """Open the page at that address."""
    if not name.strip() or not store.strip():
        raise contracts.BadProgramme("a programme has a name and a store", hint="--name, --store")
    if takes not in contracts.TAKES:
        known = ", ".join(contracts.TAKES)
        raise contracts.BadProgramme(f"it cannot take {takes!r}", hint=f"known: {known}")
    if rules.slug_of(slug) is None:
        raise contracts.BadProgramme(
            f"{slug!r} is no address", hint="lower case letters, digits and dashes"
        )
    if models.Programme.objects.filter(slug=slug).exists():
        raise contracts.BadProgramme(f"the address {slug} is taken", hint="choose another")
    source, _ = add_source(
        f"{BY_REGISTRATIONS}{name.strip()}"[:200], kind="server", store=store, by=by
    )
    row = models.Programme.objects.create(
        slug=slug,
        name=name.strip(),
        store=store.strip(),
        sku=sku.strip(),
        product_name=product_name.strip() or name.strip(),
        takes=takes,
        source_id=source.id,
        made_at=clock.now(),
    )
    audit.record(
        "registrations.opened", actor=by, subject_kind="programme", subject_id=row.pk, takes=takes
    )
    return selectors.programme(slug)


@transaction.atomic
def close_programme(slug: str, *, by: str = "command-line") -> contracts.Programme:
    """Take no more registrations there; said again, nothing changes."""
    row = models.Programme.objects.select_for_update().filter(slug=slug, closed_at=None).first()
    if row is not None:
        row.closed_at = clock.now()
        row.save(update_fields=["closed_at"])
        audit.record("registrations.closed", actor=by, subject_kind="programme", subject_id=row.pk)
    return selectors.programme(slug)


def add_serials(slug: str, file: Iterable[bytes], *, by: str = "command-line") -> Added:
    """Serial numbers of a CSV: the first column, and the SKU in the second where there is one."""
    programme = selectors.programme(slug)
    added = known = bad = 0
    for part in _parts(file):
        good = {serial: sku for serial, sku in part if serial is not None}
        bad += sum(serial is None for serial, _ in part)
        with transaction.atomic():
            before = models.Serial.objects.filter(programme_id=programme.id)
            there = before.filter(serial__in=list(good)).count()
            models.Serial.objects.bulk_create(
                (
                    models.Serial(programme_id=programme.id, serial=serial, sku=sku)
                    for serial, sku in good.items()
                ),
                ignore_conflicts=True,
            )
        added += len(good) - there
        known += sum(serial is not None for serial, _ in part) - (len(good) - there)
    audit.record(
        "registrations.serials_added",
        actor=by,
        subject_kind="programme",
        subject_id=programme.id,
        serials=added,
    )
    return Added(added, known, bad)


def _parts(file: Iterable[bytes]) -> Iterator[Sequence[tuple[str | None, str]]]:
    part: list[tuple[str | None, str]] = []
    for place, row in enumerate(csv.reader(_lines(file))):
        if not row or not row[0].strip():
            continue
        head = unicodedata.normalize("NFKC", row[0]).strip().casefold().replace(" ", "_")
        if place == 0 and head in _HEADS:
            continue
        part.append((rules.serial_of(row[0]), row[1].strip()[:100] if len(row) > 1 else ""))
        if len(part) == _CHUNK:
            yield part
            part = []
    if part:
        yield part


def _lines(file: Iterable[bytes]) -> Iterator[str]:
    """Lines of text, however the bytes come in pieces."""
    rest = b""
    for piece in file:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (_text(line) for line in whole)
    if rest:
        yield _text(rest)


def _text(line: bytes) -> str:
    with io.BytesIO(line) as raw:
        return raw.read().decode("utf-8-sig", "replace")
