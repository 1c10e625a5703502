"""Messages of a person that are not in the warehouse yet, or that nobody could read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import router, transaction

from joren.collect.inbox import models, selectors
from joren.collect.inbox.rules.traces import LINE, speaks_of, words_of
from joren.collect.inbox.selectors.bodies import closed, opened
from joren.core.erasing import Eraser, Retention, Traces
from joren.core.words import gettext_noop

_LINE: Final = f'{{"{LINE}":'.encode()


def _messages(traces: Traces) -> Iterator[tuple[models.Batch, list[Any], list[Any]]]:
    """Each request that speaks of the person: all of its messages, and those that do."""
    for row, every in _read(models.Batch, traces):
        theirs = [one for one in every if speaks_of(one, traces, _stores().get(row.key_id))]
        if theirs:
            yield row, every, theirs


def _unread(traces: Traces) -> Iterator[models.UnreadMessage]:
    for row, every in _read(models.UnreadMessage, traces):
        if any(speaks_of(one, traces, _stores().get(row.key_id)) for one in every):
            yield row


def _read(model: type[Any], traces: Traces) -> Iterator[tuple[Any, list[Any]]]:
    """Rows in whose bytes one of the person's words stands; few are read whole."""
    words = words_of(traces)
    for row, body in opened(model.objects.order_by("pk").iterator(chunk_size=200)):
        small = body.lower()
        # A line that nobody could read may have a phone in wide digits, or with hyphens in it.
        if small.startswith(_LINE) or any(word in small for word in words):
            try:
                said = orjson.loads(body)
            except orjson.JSONDecodeError:
                continue
            yield row, said if isinstance(said, list) else [said]


def _stores() -> Mapping[int, int]:
    return {one.id: int(one.store) for one in selectors.sources()}


def _goes(traces: Traces) -> dict[str, int]:
    return {
        gettext_noop("live messages that wait"): sum(len(t) for _, _, t in _messages(traces)),
        gettext_noop("messages that nobody could read"): sum(1 for _ in _unread(traces)),
    }


def _erase(traces: Traces) -> dict[str, int]:
    """Call it with the pen held: nobody writes these messages to the warehouse meanwhile."""
    gone = 0
    with transaction.atomic(using=router.db_for_write(models.Batch)):
        for row, every, theirs in list(_messages(traces)):
            rest = [one for one in every if one not in theirs]
            gone += len(every) - len(rest)
            this = models.Batch.objects.filter(pk=row.pk)
            if rest:
                sealed, body = closed(row.key_id, row.received_at, orjson.dumps(rest))
                this.update(sealed=sealed, body=body, messages=len(rest))
            else:
                this.delete()
        unread = [row.pk for row in _unread(traces)]
        models.UnreadMessage.objects.filter(pk__in=unread).delete()
    return {"live messages that wait": gone, "messages that nobody could read": len(unread)}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    waiting = [one for _, _, theirs in _messages(traces) for one in theirs]
    unread = [orjson.loads(message) for _, message in opened(_unread(traces))]
    return [one if isinstance(one, dict) else {"message": one} for one in (*waiting, *unread)]


def _old(moment: datetime) -> Any:
    limit = round(moment.timestamp() * 1_000_000)
    return models.UnreadMessage.objects.filter(received_at__lt=limit)


ERASER: Final = Eraser(
    gettext_noop("Live messages"),
    ("inbox.batch", "inbox.unreadmessage"),
    goes=_goes,
    erase=_erase,
    export=_export,
)
RETENTION: Final = Retention(
    gettext_noop("Live messages that nobody could read"),
    days=90,
    most=90,
    count=lambda moment: _old(moment).count(),
    purge=lambda moment: int(_old(moment).delete()[0]),
    note=gettext_noop("What can be read is in the warehouse within seconds, without a name."),
)
