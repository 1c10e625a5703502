"""Carry what is due on one channel: claim, write, mark, send over one open line, note.

Mail and whatever else knows no key again is sent at most once: a worker that dies leaves rows
``sending``, which become ``unknown``. A channel whose other side knows the key again (LINE,
webhooks) repeats them under the same key, so that they arrive exactly once.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from time import sleep
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from joren.act.messages import models
from joren.act.messages.contracts import (
    Carried,
    Channel,
    Outcome,
    Remembering,
)
from joren.act.messages.services.delivering import claiming, marking, settling, writing
from joren.act.messages.services.delivering.calling import Caller, never
from joren.act.messages.services.gate.ending import end
from joren.act.messages.services.rendering import Scribe
from joren.act.messages.services.sending import channel_now
from joren.act.messages.services.suppressing import no_such_mailbox
from joren.core import clock
from joren.protect.consent.contracts import NoPublicAddress

_log = logging.getLogger(__name__)

AT_ONCE: Final = 1_000
LEASE: Final = timedelta(minutes=5)
"""After it the worker is taken for dead. Longer than a portion may take: a minute in which calls
begin, two of the last call (each step of its talk may take a while), and what is noted then."""

MOST_ATTEMPTS: Final = 12
_LATER: Final = timedelta(minutes=15)
_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(hours=6)
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds between two attempts to note what was sent."""

_Done = TypeVar("_Done")


def deliver_due(
    name: str,
    *,
    most: int | None = None,
    stopped: Callable[[], bool] = never,
    scribe: Scribe | None = None,
) -> Carried:
    """Carry what is due on that channel until nothing is left, so many rows are done, or
    ``stopped`` says so: then nobody is called any more, and who was not called yet waits.

    Whoever calls it again and again gives a ``scribe`` of theirs, which need not begin each time.
    """
    states: Counter[str] = Counter()
    waits = done = 0
    with (
        nullcontext(scribe) if scribe else Scribe() as own,
        Caller(channel_now(name), stopped) as caller,
    ):
        while (most is None or done < most) and not stopped():
            limit = AT_ONCE if most is None else min(AT_ONCE, most - done)
            caller.use(channel_now(name))
            some = _deliver_some(name, limit, own, caller)
            if not some.rows:
                break
            states.update(some.states)
            waits, done = waits + some.waits, done + some.rows
    return Carried(dict(states), waits)


def deliver_some(name: str, limit: int = AT_ONCE) -> Carried:
    """Carry some of what is due on that channel; nothing is left when there are no rows.

    Two workers on one channel never get the same row.
    """
    with Scribe() as scribe, Caller(channel_now(name)) as caller:
        return _deliver_some(name, limit, scribe, caller)


def _deliver_some(name: str, limit: int, scribe: Scribe, caller: Caller) -> Carried:
    way = _Named(caller.channel, name)
    settling.take_back(name, remembers=caller.remembers)
    if not claiming.is_due(way, clock.now()):
        return Carried()
    states: Counter[str] = Counter()
    waits = 0
    with claiming.durable():
        for batch in claiming.claim(way, limit, clock.now()):
            done = _carry(batch, caller, scribe)
            states.update(done.states)
            waits += done.waits
    return Carried(dict(states), waits)


class _Named:
    """The channel under the name that errands ask for, also where the sandbox stands in for it."""

    def __init__(self, channel: Channel, name: str) -> None:
        self.name = name
        self.send = channel.send
        if isinstance(channel, Remembering):
            self.remembers = channel.remembers


def _carry(batch: claiming.Batch, caller: Caller, scribe: Scribe) -> Carried:
    if caller.stopped():
        return Carried()
    states: Counter[str] = Counter()
    written = writing.written(batch, scribe)
    waits = 0
    while batch.until >= clock.now() and not caller.stopped():
        try:
            some = list(islice(written, caller.portion))
        except NoPublicAddress:  # said before the first is written
            return Carried(waits=_put_off(batch, "no_https_address"))
        if not some:
            break
        jobs = {row.pk: job for row, job in some}
        going = marking.mark(jobs, batch, until=clock.now() + LEASE)
        outcomes = caller.outcomes([(pk, jobs[pk]) for pk in going])
        waits += note(outcomes, remembers=caller.remembers)
        states.update(
            models.Send.objects.filter(pk__in=list(jobs))
            .exclude(state__in=("waiting", "sending"))
            .values_list("state", flat=True)
        )
    return Carried(dict(states), waits)


def _put_off(batch: claiming.Batch, reason: str) -> int:
    """None can leave before the settings say more."""
    ours = [row.pk for row in batch.rows]
    rows = models.Send.objects.filter(pk__in=ours, claimed_until=batch.until)
    return rows.update(claimed_until=None, next_at=clock.now() + _LATER, reason=reason)


def note(outcomes: Sequence[tuple[int, Outcome]], *, remembers: timedelta | None) -> int:
    """Write down what the channel made of each; returns how many will be tried again.

    In their order by number, as everybody who holds rows of the ledger. To note one twice changes
    nothing, by its state.
    """
    ordered = sorted(outcomes, key=lambda one: one[0])
    waits, refused = _surely(lambda: _noted(ordered, remembers))
    for pk, outcome in refused:
        _surely(partial(_end_refused, pk, outcome))
    return waits


def _surely(work: Callable[[], _Done]) -> _Done:
    """Nobody else knows what was sent: a database that is locked or gone for a moment is asked
    again, over a fresh connection where the old one is lost."""
    for pause in _PAUSES:
        try:
            return work()
        except (OperationalError, InterfaceError) as problem:
            _log.warning("what was sent is noted once more: %s", type(problem).__name__)
            if not connection.is_usable():
                connection.close()
            sleep(pause)
    return work()


def _end_refused(pk: int, outcome: Outcome) -> None:
    rows = models.Send.objects.filter(pk=pk, state="sending")
    called = outcome.provider_id[:200]
    if outcome.no_mailbox and (row := rows.first()) is not None:
        no_such_mailbox(row.customer_id, row.address, at=clock.now(), source=f"send:{pk}")
    end(rows, "refused", outcome.reason, sent_at=None, provider_id=called)


@transaction.atomic
def _noted(
    outcomes: Sequence[tuple[int, Outcome]], remembers: timedelta | None
) -> tuple[int, list[tuple[int, Outcome]]]:
    now = clock.now()
    _note_sent(
        [(one.provider_id[:200], pk) for pk, one in outcomes if one.state == "accepted"], now
    )
    others = [(pk, outcome) for pk, outcome in outcomes if outcome.state != "accepted"]
    open_ones = models.Send.objects.filter(pk__in=[pk for pk, _ in others], state="sending")
    rows = {row.pk: row for row in open_ones.select_for_update().order_by("pk")} if others else {}
    refused: list[tuple[int, Outcome]] = []
    waits = 0
    for pk, outcome in others:
        row = rows.get(pk)
        if row is None:
            continue  # the lease ran out in the middle of the call: it was settled meanwhile
        if outcome.state == "refused" and outcome.again and _was_called_before(row):
            # That call has not left, but the one before may have: the same key for as long as it
            # was known since then, and no day of its own.
            outcome = replace(outcome, state="unknown")
        if outcome.state == "refused" and not _again_in_time(row, outcome, now):
            refused.append((pk, outcome))
        else:
            waits += _judged(row, outcome, remembers, now)
            row.save()
    return waits, refused


def _note_sent(sent: Sequence[tuple[str, int]], now: datetime) -> None:
    """Of each by its number: a statement for all of them with a CASE for each row would cost more
    than to send it. What was settled meanwhile as unknown is known now."""
    if not sent:
        return
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE act_messages_send SET state = 'sent', sent_at = %s, next_at = NULL, "
            "reason = '', claimed_until = NULL, provider_id = %s "
            "WHERE id = %s AND state IN ('sending', 'unknown')",
            [(at, *one) for one in sent],
        )


def _judged(row: models.Send, outcome: Outcome, remembers: timedelta | None, now: datetime) -> bool:
    """Write the outcome on the row; will it be tried again?"""
    row.claimed_until, row.provider_id = None, outcome.provider_id[:200]
    row.reason = outcome.reason[:60]
    if outcome.state == "refused":
        row.state, row.sent_at, row.next_at = "waiting", None, now + wait_after(row.attempts)
        return True
    if _repeats(row, outcome, remembers, now):
        row.next_at = now + wait_after(row.attempts)
        return True
    row.state, row.next_at = "unknown", None
    return False


def _was_called_before(row: models.Send) -> bool:
    """Was it repeated under its key? What is called for the first time is marked with the moment
    of the mark."""
    if row.sent_at is None or row.claimed_until is None:
        return False
    return row.sent_at < row.claimed_until - LEASE


def _again_in_time(row: models.Send, outcome: Outcome, now: datetime) -> bool:
    if not outcome.again or row.attempts >= MOST_ATTEMPTS:
        return False
    return row.expires_at is None or now + wait_after(row.attempts, chance=1) < row.expires_at


def _repeats(
    row: models.Send, outcome: Outcome, remembers: timedelta | None, now: datetime
) -> bool:
    """Under the same key, as long as the other side knows it again."""
    if not outcome.again or remembers is None or row.attempts >= MOST_ATTEMPTS:
        return False
    return row.sent_at is not None and now + wait_after(row.attempts, chance=1) < (
        row.sent_at + remembers
    )


def wait_after(attempts: int, *, chance: float | None = None) -> timedelta:
    """Exponentially later, each at a moment of its own (± 20 %)."""
    spread = random.random() if chance is None else chance  # noqa: S311 (it spreads the waits, and is no secret)
    planned: timedelta = min(_FIRST * 2 ** max(0, attempts - 1), _LONGEST)
    return planned * (0.8 + 0.4 * spread)
