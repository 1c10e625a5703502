"""Who got the practice: orders or customers, taken in as a list; the newest word holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as orders
from joren.core import clock
from joren.core.people import people
from joren.measure.trials import models, selectors
from joren.measure.trials.contracts import (
    SHOWN,
    BadExposures,
    ExposureFault,
    ExposureRow,
    ExposuresTaken,
)
from joren.measure.trials.rules import dealing
from joren.protect.audit import services as audit

_AT_ONCE = 500


def expose_file(number: int, file: Path, *, by: str) -> ExposuresTaken:
    """A CSV in UTF-8 or CP932."""
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return expose(number, dealing.rows_of(raw.decode(encoding)), by=by)
        except UnicodeDecodeError:
            continue
    raise BadExposures(f"{file.name} is no text", hint="a CSV in UTF-8 or CP932, with a header")


@transaction.atomic
def expose(number: int, rows: Iterable[ExposureRow], *, by: str) -> ExposuresTaken:
    """Keep who got it and who did not; what is wrong stays out and is told."""
    selectors.trial(number)
    every = list(rows)
    known = _known(every)
    faults: list[ExposureFault] = []
    said: dict[tuple[str, int], models.Exposure] = {}
    refused, now = 0, clock.now()
    for place, row in enumerate(every, start=1):
        found = dealing.meant(row, known)
        if isinstance(found, tuple):
            refused += 1
            if len(faults) < SHOWN:
                faults.append(ExposureFault(place, found[0], found[1][:200], found[2]))
            continue
        kind = "order" if found.customer is None else "customer"
        of = found.customer or orders.order_id_of(found.store, found.order_number)
        said[(kind, of)] = models.Exposure(
            trial_id=number, kind=kind, number=of, given=found.given, on=found.on, said_at=now,
            said_by=by,
        )  # fmt: skip
    models.Exposure.objects.bulk_create(
        said.values(), batch_size=_AT_ONCE, update_conflicts=True,
        unique_fields=["trial", "kind", "number"],
        update_fields=["given", "on", "said_at", "said_by"],
    )  # fmt: skip
    audit.record(
        "trials.exposed", actor=by, subject_kind="trial", subject_id=number, rows=len(every),
        recorded=len(said), refused=refused,
    )  # fmt: skip
    return ExposuresTaken(len(every), len(said), refused, tuple(faults))


def _known(rows: list[ExposureRow]) -> dealing.Known:
    room = people()
    emails = sorted({row.email.lower() for row in rows if row.email and not row.order_number})
    numbers: dict[str, set[str]] = {}
    for row in rows:
        if row.customer_number and not (row.email or row.order_number):
            numbers.setdefault(row.store, set()).add(row.customer_number)
    return dealing.Known(
        {one.name: int(one.id) for one in customers.stores()},
        room.by_email(emails) if emails else {},
        {
            (store, number): customer
            for store, some in numbers.items()
            for number, customer in room.by_number(store, sorted(some)).items()
        },
    )
