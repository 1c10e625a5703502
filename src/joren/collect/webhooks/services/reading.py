"""From kept bodies to facts: the same doors and the same quarantine as files, each body once.

Some bodies become one batch, whose number they carry from then on. The batch becomes the same files
however often it is begun, and a file that was imported already changes nothing: so after a
``kill -9`` at any moment the batch is carried out again, and its bodies are done afterwards.
"""

from __future__ import annotations

import logging
import shutil
import traceback
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import InterfaceError, OperationalError, router, transaction
from django.db.models import Max

from joren.collect.connectors.contracts import Kind
from joren.collect.connectors.services import import_file
from joren.collect.customers.contracts import SameCustomer
from joren.collect.customers.services import merge_customers
from joren.collect.inbox.services import keep_messages
from joren.collect.webhooks import models
from joren.collect.webhooks.contracts import ANNOUNCED, Told, Unreadable
from joren.collect.webhooks.opening import closed
from joren.collect.webhooks.rules import paths, shopify, stripe
from joren.collect.webhooks.services.sealing import body_of
from joren.core.errors import BadInput, Refused, Unavailable
from joren.core.ids import CustomerId
from joren.core.people import people
from joren.plumbing import outbox
from joren.plumbing.warehouse import warehouse
from joren.protect.consent.contracts import Heard
from joren.protect.consent.services import hear
from joren.protect.erasure.services import ask
from joren.warehouse.journal import WarehouseBusy

MOST: Final = 500
_CLAIM: Final = "webhooks"
_ASKED: Final = {"access": "export", "erase_customer": "erasure"}
_ORDER: Final[tuple[Kind, ...]] = ("orders", "customers", "refunds")
_log = logging.getLogger(__name__)


@dataclass
class _Batch:
    """What the bodies of one endpoint in one batch come to."""

    endpoint: models.Endpoint
    told: dict[int, Told] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)  # of those that wait
    ignored: dict[int, str] = field(default_factory=dict)
    later: dict[int, str] = field(default_factory=dict)  # the order that is to come first


def read_deliveries(*, most: int = MOST) -> int:
    """Carry out one batch; returns how many bodies it had. 0 when there is none, or not now."""
    house = warehouse()
    if house.journal.is_claimed(_CLAIM):
        return 0
    with house.journal.claim(_CLAIM):
        number = _claimed(most)
        if number is None:
            return 0
        try:
            # An import would wait for a refresh, and be listed as waiting: better to come again.
            with house.journal.lock(wait=0):
                pass
        except WarehouseBusy:
            return 0
        rows = list(models.Delivery.objects.filter(batch=number, state="claimed").order_by("pk"))
        by_endpoint: dict[int, list[models.Delivery]] = defaultdict(list)
        for row in rows:
            by_endpoint[row.endpoint_id].append(row)
        for endpoint, own in by_endpoint.items():
            _carry_out(models.Endpoint.objects.get(pk=endpoint), own, number)
        return len(rows)


def _claimed(most: int) -> int | None:
    """The batch that was begun and not ended, else a new one of the oldest bodies."""
    using = router.db_for_write(models.Delivery)
    with transaction.atomic(using=using):
        begun = models.Delivery.objects.filter(state="claimed").order_by("batch")
        if (number := begun.values_list("batch", flat=True).first()) is not None:
            return int(number)
        new = models.Delivery.objects.filter(state="new").order_by("pk")
        ids = list(new.values_list("pk", flat=True)[:most])
        if not ids:
            return None
        last = models.Delivery.objects.aggregate(last=Max("batch"))["last"] or 0
        models.Delivery.objects.filter(pk__in=ids).update(state="claimed", batch=last + 1)
        return int(last) + 1


def _carry_out(endpoint: models.Endpoint, rows: Sequence[models.Delivery], number: int) -> None:
    batch = _understood(endpoint, rows)
    try:
        _import(batch, rows, number)
    except (BadInput, Refused) as refusal:
        if len(rows) == 1:
            batch = _Batch(endpoint, reasons={rows[0].pk: f"{refusal.message}; {refusal.hint}"})
        else:
            # One of them makes the file unreadable: alone, each of the others is read.
            for row in rows:
                _carry_out(endpoint, [row], number)
            return
    except (Unavailable, OperationalError, InterfaceError):
        raise  # not now: the batch is begun again
    except Exception as fault:  # one body must not keep all others from being read
        if len(rows) > 1:
            for row in rows:
                _carry_out(endpoint, [row], number)
            return
        where = "".join(traceback.format_tb(fault.__traceback__))
        _log.error("webhook delivery %s: %s\n%s", rows[0].pk, type(fault).__name__, where)
        batch = _Batch(endpoint, reasons={rows[0].pk: _failed(fault)})
    _end(batch, rows)


def _understood(endpoint: models.Endpoint, rows: Sequence[models.Delivery]) -> _Batch:
    batch = _Batch(endpoint)
    newest: dict[str, tuple[int, int]] = {}
    for row in rows:
        try:
            told = _told(endpoint, row)
        except Unreadable as why:
            batch.reasons[row.pk] = why.message
            continue
        except Unavailable:
            raise  # not now: without its key nothing is read, and nothing is given up
        except Exception as fault:  # one body must not keep all others from being read
            _log.exception("webhook delivery %s", row.pk)
            batch.reasons[row.pk] = _failed(fault)
            continue
        if told.nothing:
            batch.ignored[row.pk] = told.nothing
        else:
            batch.told[row.pk] = told
            if told.subject:
                newest[told.subject] = max(newest.get(told.subject, (0, 0)), (told.version, row.pk))
    _leave_out_the_old(batch, newest)
    _number_orders(batch)
    return batch


def _failed(fault: Exception) -> str:
    return f"joren failed at it ({type(fault).__name__}): its log says more"


def _told(endpoint: models.Endpoint, row: models.Delivery) -> Told:
    try:
        body = orjson.loads(body_of(row))
    except orjson.JSONDecodeError:
        raise Unreadable("it is no JSON") from None
    if endpoint.provider == "generic":
        if not endpoint.mapping:
            raise Unreadable("nobody has said yet by which paths it is read")
        return Told({endpoint.kind: paths.rows(body, endpoint.mapping)})
    if not isinstance(body, dict):
        raise Unreadable("it is no JSON object")
    if endpoint.provider == "shopify":
        return shopify.told(row.topic, body)
    return stripe.told(row.topic, body)


def _leave_out_the_old(batch: _Batch, newest: Mapping[str, tuple[int, int]]) -> None:
    """Words on the same thing may come in any order: only the newest counts."""
    known = dict(
        models.Known.objects.filter(
            endpoint_id=batch.endpoint.pk, subject__in=list(newest)
        ).values_list("subject", "version")
    )
    for pk, told in list(batch.told.items()):
        if not told.subject:
            continue
        if newest[told.subject] != (told.version, pk) or told.version < known.get(told.subject, 0):
            batch.ignored[pk] = "a newer word came"
            del batch.told[pk]


def _number_orders(batch: _Batch) -> None:
    """What is about an order carries the number that people know it by, or waits for the order."""
    wanted = {told.of_order for told in batch.told.values() if told.of_order}
    known = dict(
        models.Known.objects.filter(
            endpoint_id=batch.endpoint.pk, subject__in=list(wanted)
        ).values_list("subject", "number")
    )
    known |= {name: one.number for one in batch.told.values() for name in _names(one)}
    for pk, told in list(batch.told.items()):
        if not told.of_order:
            continue
        if number := known.get(told.of_order):
            rows = tuple({**row, "order_number": number} for row in told.rows["refunds"])
            batch.told[pk] = Told({"refunds": rows}, subject=told.subject, version=told.version)
        else:
            batch.later[pk] = told.of_order
            batch.reasons[pk] = f"its order {told.of_order} has not come yet"
            del batch.told[pk]


def _import(batch: _Batch, rows: Sequence[models.Delivery], number: int) -> None:
    endpoint = batch.endpoint
    folder = warehouse().scratch / f"webhooks-{number}-{endpoint.pk}-{rows[0].pk}"
    try:
        for kind in _ORDER:
            found = [row for told in batch.told.values() for row in told.rows.get(kind, ())]
            if found:
                import_file(
                    _written(found, folder, kind),
                    kind=kind,
                    store=endpoint.store,
                    format="shopify" if endpoint.provider == "shopify" else "generic",
                    actor=f"webhook:{endpoint.pk}",
                    name=f"{endpoint.name} {rows[0].received_at:%Y-%m-%d %H:%M} UTC",
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(rows: Sequence[Mapping[str, str | None]], folder: Path, kind: str) -> Path:
    """The same rows become the same file, to the byte."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    schema = pa.schema([(name, pa.string()) for name in columns])
    path = folder / f"{kind}.parquet"
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), path)
    return path


def _end(batch: _Batch, rows: Sequence[models.Delivery]) -> None:
    """First what it comes to, then that it is done: what a crash repeats is repeatable."""
    events = [event for told in batch.told.values() for event in told.events]
    if events and batch.endpoint.source_id:
        keep_messages(batch.endpoint.source_id, events)
    _hear(batch)
    _join(batch)
    with transaction.atomic():
        _note(batch, {row.pk: row for row in rows})
    with transaction.atomic(using=router.db_for_write(models.Delivery)):
        for row in rows:
            row.reason = (batch.reasons.get(row.pk) or batch.ignored.get(row.pk, ""))[:300]
            row.of_order = batch.later.get(row.pk, "")
            row.state = "waiting" if row.pk in batch.reasons else "done"
            if row.pk in batch.ignored:
                row.state = "ignored"
            if row.state != "waiting":
                row.sealed, row.body = "", b""
        models.Delivery.objects.bulk_update(rows, ["reason", "of_order", "state", "sealed", "body"])
        # What waited for an order that has come now is tried again.
        came = [name for told in batch.told.values() for name in _names(told)]
        models.Delivery.objects.filter(
            endpoint_id=batch.endpoint.pk, state="waiting", of_order__in=came
        ).update(state="new", batch=None, reason="", of_order="")


def _names(told: Told) -> tuple[str, ...]:
    """All that the sender calls the order, where its number is known."""
    return (told.subject, *told.also) if told.number else ()


def _join(batch: _Batch) -> None:
    """Whom the shop made one are one; those of whom it says so too early wait."""
    for pk, told in list(batch.told.items()):
        if told.merged is None:
            continue
        found = people().by_number(batch.endpoint.store, told.merged)
        if lacking := [number for number in told.merged if number not in found]:
            batch.reasons[pk] = f"customer {' and '.join(lacking)} is not known here"
            del batch.told[pk]
            continue
        with suppress(SameCustomer):
            merge_customers(
                *(CustomerId(found[number]) for number in told.merged),
                by=f"webhook:{batch.endpoint.pk}",
                why=f"the shop made {told.merged[1]} part of {told.merged[0]}",
            )


def _hear(batch: _Batch) -> None:
    """What the shop keeps of consents, of those who are known by now; nobody is made by it."""
    told = [one for each in batch.told.values() for one in each.consents]
    if not told:
        return
    by_email = people().by_email([one["email"] for one in told if one.get("email")])
    numbers = [one["customer_number"] for one in told if one.get("customer_number")]
    by_number = people().by_number(batch.endpoint.store, numbers)
    heard = []
    for one in told:
        whose = by_number.get(one.get("customer_number") or "") or by_email.get(
            (one.get("email") or "").strip().lower()
        )
        if whose:
            heard.append(Heard(whose, one["channel"], one["act"], one["at"], one["proof"]))
    hear(heard, source="shopify", by=f"webhook:{batch.endpoint.pk}")


def _note(batch: _Batch, rows: Mapping[int, models.Delivery]) -> None:
    known = {
        name[:100]: told
        for told in batch.told.values()
        for name in {told.subject, *told.also}
        if name
    }
    models.Known.objects.bulk_create(
        [
            models.Known(
                endpoint_id=batch.endpoint.pk,
                subject=name,
                number=told.number[:100],
                version=told.version,
            )
            for name, told in known.items()
        ],
        update_conflicts=True,
        unique_fields=["endpoint_id", "subject"],
        update_fields=["number", "version"],
    )
    for pk, told in batch.told.items():
        if told.uninstalled:
            batch.endpoint.uninstalled_at = rows[pk].received_at
            batch.endpoint.save(update_fields=["uninstalled_at"])
        if told.privacy:
            _ask(batch.endpoint, rows[pk], told.privacy)


def _ask(endpoint: models.Endpoint, row: models.Delivery, asked: Mapping[str, Any]) -> None:
    request, made = models.PrivacyRequest.objects.get_or_create(
        endpoint_id=endpoint.pk,
        key=row.key,
        defaults={
            "store": endpoint.store,
            "asked_at": row.received_at,
            **closed(endpoint.pk, row.key, asked),
        },
    )
    if made:
        outbox.put(ANNOUNCED, request=request.pk, what=request.kind, store=endpoint.store)
        _open(request, asked["email"])


def _open(request: models.PrivacyRequest, email: str) -> None:
    """Where the shop's customer is known here, they are a person who asks, with a day to answer."""
    if (kind := _ASKED.get(request.kind)) is None:
        return
    found: set[int] = set()
    if email:
        found |= {*people().by_email([email]).values()}
    if request.customer_number:
        found |= {*people().by_number(request.store, [request.customer_number]).values()}
    for customer in sorted(found):
        ask(customer, kind, by=f"webhook:{request.endpoint_id}", note="passed on by the shop")
