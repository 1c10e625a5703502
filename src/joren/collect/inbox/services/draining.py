"""From the inbox into the warehouse: in micro-batches, each whole or not at all, each once.

A micro-batch is prepared as files, promised in the journal, and then kept: people, facts, keys, and
at last, in one transaction of the inbox, that its requests are done. A crash before the promise
leaves the requests where they are; one after it is finished by whoever next holds the journal.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import InterfaceError, OperationalError, router, transaction
from django.db.models import F, Sum

from joren.accounts.selectors import business
from joren.collect.customers.services import keep_devices, keep_people, take_ids, who_come
from joren.collect.inbox import models, selectors
from joren.collect.inbox.contracts import EVENTS, PLAN, Unreadable
from joren.collect.inbox.rules.messages import Arrival, Event, event_of, moment
from joren.collect.inbox.rules.people import Sender
from joren.collect.inbox.rules.reading import messages_in
from joren.collect.inbox.selectors.bodies import closed, opened
from joren.collect.inbox.services.writing import write_facts
from joren.collect.orders.services import keep, recover
from joren.core import clock
from joren.core.money import UNKNOWN_CURRENCY
from joren.core.triggers import TRIGGERS, Hear
from joren.warehouse import Warehouse
from joren.warehouse.compaction import join_small
from joren.warehouse.journal import WarehouseBusy
from joren.warehouse.keys import KeySet

MOST_MESSAGES: Final = 50_000
MOST_BYTES: Final = 64 * 2**20
SMALL_FILES: Final = 50
"""So many, and they are joined: readers open each."""

_log = logging.getLogger(__name__)
_UNREAD: Final = "unread.json"
_KEYS: Final = "keys.npy"


@dataclass(frozen=True)
class Drained:
    """What became of the messages of one micro-batch."""

    requests: int
    messages: int
    events: int
    repeated: int
    unreadable: int
    seconds: float


@dataclass
class _Read:
    """The messages of some requests, understood one by one; all after this is done in sets."""

    events: list[Event]
    requests: list[int]  # of each event
    unread: list[dict[str, Any]]
    tally: dict[int, dict[str, int]]


def drain(warehouse: Warehouse, *, wait: float = 0.0) -> Drained | None:
    """Write one micro-batch; None when there is nothing, or somebody else is writing.

    A refresh that counts meanwhile counts no events, and took note of the people before. An import
    of minutes lets us in between, for whatever does not touch people whom it is bringing.
    """
    with suppress(WarehouseBusy), warehouse.journal.pen(wait=0):
        recover(warehouse)
        return _drained(warehouse, _taken(), None)
    with suppress(WarehouseBusy), warehouse.journal.turn(wait=wait):
        for folder, plan in warehouse.journal.promised():
            if plan["kind"] == PLAN:  # all else is somebody's who is alive
                keep(warehouse, folder, plan)
        return _drained(warehouse, _taken(), who_come(warehouse.journal.root))
    return None


def waiting() -> tuple[int, float]:
    """How many messages wait, and how long the oldest has, in seconds."""
    first = models.Batch.objects.order_by("pk").values_list("received_at", flat=True).first()
    if first is None:
        return 0, 0.0
    count = models.Batch.objects.aggregate(sum=Sum("messages"))["sum"] or 0
    return int(count), max(0.0, time.time() - first / 1_000_000)


def keep_promised(warehouse: Warehouse, folder: Path, plan: Mapping[str, Any]) -> None:
    """The steps of the promise, each of which may be repeated."""
    number = int(plan["number"])
    if (folder / "people.parquet").exists():
        keep_people(folder, import_id=-number)
    keep_devices(folder)
    files = sorted((folder / EVENTS.name).glob("*.parquet"))
    warehouse.lake.append(EVENTS, files, key=PLAN, number=number)
    if files:
        events = pa.concat_tables([pq.read_table(path) for path in files])
        for name, hear in TRIGGERS.items():
            _told(name, hear, number, events)
    keys_of(warehouse).add(np.load(folder / _KEYS), number=number)
    _finish(number, plan, json.loads((folder / _UNREAD).read_text(encoding="utf-8")))


def _told(name: str, hear: Hear, number: int, events: pa.Table) -> None:
    """Whatever somebody fails at, the events are facts, and those that come after are due."""
    try:
        hear(number, events)
    except (OperationalError, InterfaceError):  # it is done again
        raise
    except Exception:
        _log.exception("%s did not hear micro-batch %s", name, number)


def keys_of(warehouse: Warehouse) -> KeySet:
    """The keys of every event there ever was; made anew from the facts where they are missing."""
    keys = KeySet(warehouse.home / "event-keys")
    if not keys.exists() and warehouse.lake.files(EVENTS):
        there = warehouse.facts(EVENTS).select("event_id")
        found = warehouse.engine.arrow(there)["event_id"].to_numpy()
        keys.add(found, number=warehouse.lake.number_of(EVENTS, PLAN))
    return keys


def compact_events(warehouse: Warehouse) -> int:
    """Join small files, and remove those that no reader can still hold; returns how many joined."""
    with warehouse.journal.lock():
        recover(warehouse)
        joined = join_small(warehouse.lake, warehouse.engine, EVENTS, warehouse.scratch)
        warehouse.lake.vacuum(EVENTS)
    return joined


def _drained(
    warehouse: Warehouse, requests: Sequence[models.Batch], coming: Path | None
) -> Drained | None:
    begun = time.perf_counter()
    if not requests:
        return None
    read = _read(requests)
    keys = keys_of(warehouse)
    fresh, whence = _unseen(read, keys)
    number = take_ids("drain", 1)
    folder = warehouse.journal.prepare(f"events-{number:012d}")
    late = write_facts(warehouse, fresh, folder, zone=business().time_zone, coming=coming)
    if late:
        warehouse.journal.finish(folder)
        waiting = {whence[place] for place in late}
        return _drained(warehouse, [row for row in requests if row.pk not in waiting], coming)
    np.save(folder / _KEYS, np.array([event.event_id for event in fresh], dtype=np.int64))
    (folder / _UNREAD).write_text(json.dumps(read.unread), encoding="utf-8")
    messages = sum(row.messages for row in requests)
    done = Drained(
        requests=len(requests),
        messages=messages,
        events=len(fresh),
        repeated=messages - len(fresh) - len(read.unread),
        unreadable=len(read.unread),
        seconds=time.perf_counter() - begun,
    )
    plan = {
        "kind": PLAN,
        "number": number,
        "requests": [row.pk for row in requests],
        "tally": {str(key): counts for key, counts in read.tally.items()},
        "done": asdict(done),
    }
    warehouse.journal.promise(folder, plan)
    keep(warehouse, folder, plan)
    if len(warehouse.lake.files(EVENTS)) >= SMALL_FILES:
        join_small(warehouse.lake, warehouse.engine, EVENTS, warehouse.scratch)
    return done


def _taken() -> list[models.Batch]:
    """The oldest requests, up to the bounds of a micro-batch."""
    taken: list[models.Batch] = []
    messages = size = 0
    for row in models.Batch.objects.order_by("pk").iterator(chunk_size=100):
        messages, size = messages + row.messages, size + len(row.body)
        if taken and (messages > MOST_MESSAGES or size > MOST_BYTES):
            break
        taken.append(row)
    return taken


def _read(requests: Sequence[models.Batch]) -> _Read:
    known = selectors.sources()
    senders = {one.id: Sender(one.id, one.kind, one.store, one.user_ids) for one in known}
    allowed = selectors.allowed_properties()
    currency = business().currency or UNKNOWN_CURRENCY
    found = _Read([], [], [], {})
    for row, body in opened(requests):
        counts = found.tally.setdefault(row.key_id, {"kept": 0, "repeated": 0, "unreadable": 0})
        sender = senders.get(row.key_id, Sender(row.key_id, "browser", 0, "own"))
        arrival = Arrival(row.pk, sender, row.received_at, moment(row.sent_at), currency)
        for place, message in enumerate(messages_in(body)):
            try:
                if not sender.store:
                    raise Unreadable("its source is not known")
                found.events.append(event_of(message, arrival, place, allowed))
                found.requests.append(row.pk)
            except Unreadable as why:
                counts["unreadable"] += 1
                found.unread.append(_unread(row, message, why.message))
            except Exception as fault:  # one message must not keep all others from being written
                _log.exception("message %s of request %s", place, row.pk)
                counts["unreadable"] += 1
                why_not = f"joren failed at it ({type(fault).__name__}): its log says more"
                found.unread.append(_unread(row, message, why_not))
    return found


def _unread(row: models.Batch, message: Any, reason: str) -> dict[str, Any]:
    return {
        "key_id": row.key_id,
        "received_at": row.received_at,
        "sent_at": row.sent_at,
        "reason": reason,
        "message": orjson.dumps(message).decode(),
    }


def _unseen(read: _Read, keys: KeySet) -> tuple[list[Event], list[int]]:
    """Each event once, and none that was kept before, and their requests; counts by source."""
    ids = np.array([event.event_id for event in read.events], dtype=np.int64)
    unique, first = np.unique(ids, return_index=True)
    fresh = np.zeros(ids.size, dtype=bool)
    fresh[first[keys.missing(unique)]] = True
    for event, new in zip(read.events, fresh.tolist(), strict=True):
        read.tally[event.source_id]["kept" if new else "repeated"] += 1
    places = np.flatnonzero(fresh).tolist()
    return [read.events[place] for place in places], [read.requests[place] for place in places]


def _finish(number: int, plan: Mapping[str, Any], unread: Sequence[dict[str, Any]]) -> None:
    """The requests are done: they go, and with them the personal data that nobody needs twice."""
    kept = [
        closed(one["key_id"], one["received_at"], one.pop("message").encode()) for one in unread
    ]
    with transaction.atomic(using=router.db_for_write(models.Drain)):
        done = plan["done"]
        _, made = models.Drain.objects.get_or_create(
            number=number,
            defaults={
                "at": clock.now(),
                "messages": done["messages"],
                "events": done["events"],
                "seconds": done["seconds"],
            },
        )
        if not made:
            return
        for key, counts in plan["tally"].items():
            changes = {name: F(name) + count for name, count in counts.items()}
            models.Tally.objects.filter(pk=int(key)).update(**changes)
        models.UnreadMessage.objects.bulk_create(
            models.UnreadMessage(**one, sealed=sealed, message=body)
            for one, (sealed, body) in zip(unread, kept, strict=True)
        )
        requests = plan["requests"]
        for start in range(0, len(requests), 500):
            models.Batch.objects.filter(pk__in=requests[start : start + 500]).delete()
