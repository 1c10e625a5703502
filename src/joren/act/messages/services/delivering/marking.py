"""The last look before a message leaves, and the mark that it may have left.

In one transaction: is it still to be sent, may it still be, is there room in the limits of its
domain? What passes is ``sending`` when that is committed, and the call comes after it. So a worker
that dies leaves rows of which nobody knows whether they left, and never one that is sent twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce

from joren.accounts.selectors import business
from joren.act.messages import models, selectors
from joren.act.messages.contracts import TRANSACTIONAL, JobMessage, Standing
from joren.act.messages.rules import pacing
from joren.act.messages.rules.mailboxes import mailbox_of
from joren.act.messages.services.delivering.claiming import Batch
from joren.act.messages.services.gate.ending import end
from joren.collect.customers import selectors as people
from joren.core import clock

_EVERYTHING: Final = "*"
_ADDRESSED: Final = """
    WITH g(number, token) AS ({given})
    UPDATE act_messages_send SET address = g.token FROM g WHERE act_messages_send.id = g.number
"""


def mark(jobs: Mapping[int, JobMessage], batch: Batch, *, until: datetime) -> list[int]:
    """Which of these rows of the batch are to be sent now, marked; all others are put off, have
    ended, or are another worker's by now."""
    going, ended = _marked(jobs, batch, until)
    for reason, some in ended.items():
        late = models.Send.objects.filter(pk__in=some, state="waiting")
        end(late, "expired" if reason == "queue" else "suppressed", reason)
    return going


@transaction.atomic
def _marked(
    jobs: Mapping[int, JobMessage], batch: Batch, until: datetime
) -> tuple[list[int], dict[str, list[int]]]:
    now, errand, numbers = clock.now(), batch.errand, list(jobs)
    if models.Errand.objects.filter(pk=errand.pk).exclude(held_at=None).exists():
        models.Send.objects.filter(pk__in=numbers, state="waiting").update(claimed_until=None)
        return [], {}
    if batch.until < now:
        return [], {}
    # No other claim has the same end, for a later one is made when this one is over. So whoever
    # stood still for so long that another worker holds the rows does not take them for its own.
    ours = models.Send.objects.filter(
        pk__in=numbers, state__in=("waiting", "sending"), claimed_until=batch.until
    )
    # Held in the order in which everybody holds them, and sent in that in which they are due.
    held = ours.select_for_update().order_by("pk")
    columns = held.values_list("next_at", "pk", "customer_id", "expires_at", "state")
    still = [one[1:] for one in sorted(columns, key=lambda one: (one[0] or now, one[1]))]
    standing = selectors.standing_now(
        [customer for _, customer, *_ in still],
        channel=errand.channel,
        transactional=batch.kind == TRANSACTIONAL,
        now=now,
    )
    ended = _ended(still, jobs, standing, now)
    gone = {pk for some in ended.values() for pk in some}
    begun = {pk for pk, *_, state in still if state == "sending"}
    for reason, some in ended.items():
        # A call was made before: whether it arrived, nobody knows.
        models.Send.objects.filter(pk__in=begun & set(some)).update(
            state="unknown", reason=reason, next_at=None, claimed_until=None
        )
    asleep = _put_to_morning(
        {pk: standing[customer].person for pk, customer, *_ in still if pk not in gone | begun},
        batch.kind,
        now,
    )
    left = [pk for pk, *_ in still if pk not in gone | asleep]
    going = _let_through(left, jobs, errand.channel, now)
    for mailbox, some in _by_mailbox(going, jobs, errand.channel).items():
        models.Send.objects.filter(pk__in=some).update(
            state="sending",
            reason="",
            attempts=F("attempts") + 1,
            claimed_until=until,
            sent_at=Case(When(state="sending", then=Coalesce("sent_at", now)), default=now),
            mailbox=mailbox,
        )
    if errand.channel == "email":
        _note_addresses(going, jobs)
    return going, ended


def _note_addresses(going: Sequence[int], jobs: Mapping[int, JobMessage]) -> None:
    """For which address each leaves: what comes back of it is about that one, whichever they have
    by then."""
    to = [message.to if (message := jobs[pk].message) else "" for pk in going]
    pairs = list(zip(going, people.mailbox_tokens(to), strict=True))
    if not pairs:
        return
    if connection.vendor == "postgresql":
        given = "SELECT * FROM unnest(%s::bigint[], %s::text[])"
        values: tuple[Any, ...] = tuple(list(one) for one in zip(*pairs, strict=True))
    else:
        given = "SELECT value ->> 0, value ->> 1 FROM json_each(%s)"
        values = (json.dumps(pairs),)
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSED.format(given=given), values)


def _ended(
    still: Sequence[tuple[int, int, datetime | None, str]],
    jobs: Mapping[int, JobMessage],
    standing: Mapping[int, Standing],
    now: datetime,
) -> dict[str, list[int]]:
    """What is not sent any more, by why."""
    found: dict[str, list[int]] = {}
    for pk, customer, expires, _ in still:
        why = (
            jobs[pk].reason
            or standing[customer].why_not
            or ("queue" if expires is not None and expires <= now else "")
        )
        if why:
            found.setdefault(why, []).append(pk)
    return found


def _by_mailbox(
    going: Sequence[int], jobs: Mapping[int, JobMessage], channel: str
) -> dict[str, list[int]]:
    """Whose mailboxes they go to, so that bounces and complaints can be told apart by them; "" of
    what is no mail."""
    found: dict[str, list[int]] = {}
    for pk in going:
        message = jobs[pk].message
        name = mailbox_of(message.to) if message and channel == "email" else ""
        found.setdefault(name, []).append(pk)
    return found


def _put_to_morning(persons: Mapping[int, int], kind: str, now: datetime) -> set[int]:
    """Those whose recipients have quiet hours by now: the gate let them pass, and a pace, a slow
    line or a worker that stood still kept them since. They leave when the night is over there."""
    if kind == TRANSACTIONAL or not persons:
        return set()
    mornings = selectors.mornings(sorted(set(persons.values())), now)
    by_end: dict[datetime, list[int]] = {}
    for pk, person in persons.items():
        if person in mornings:
            by_end.setdefault(mornings[person], []).append(pk)
    for end_of_night, some in by_end.items():
        models.Send.objects.filter(pk__in=some).update(
            claimed_until=None, next_at=end_of_night, reason="quiet_hours"
        )
    return {pk for some in by_end.values() for pk in some}


def _let_through(
    left: Sequence[int], jobs: Mapping[int, JobMessage], channel: str, now: datetime
) -> list[int]:
    """As many as the limits have room for, in their order; the rest waits until they have."""
    domains = {pk: _domain(jobs[pk]) for pk in left}
    scopes = [_EVERYTHING, channel, *sorted({f"{channel}:{one}" for one in domains.values()})]
    locked = models.Pace.objects.select_for_update().filter(scope__in=scopes)
    rows = {row.scope: row for row in locked.order_by("scope")}
    if not rows:
        return list(left)
    today = clock.shop_day(now, business().time_zone)
    paces = {scope: selectors.pace_of(row) for scope, row in rows.items()}
    rooms: dict[str, int | None] = {}
    for scope, pace in paces.items():
        rooms[scope], paces[scope] = pacing.room(pace, now, today)
    going: list[int] = []
    used: Counter[str] = Counter()
    waits: dict[timedelta, list[int]] = {}
    for pk in left:
        own = [one for one in (_EVERYTHING, channel, f"{channel}:{domains[pk]}") if one in rooms]
        full = [one for one in own if (room := rooms[one]) is not None and used[one] >= room]
        if full:
            wait = max(pacing.again_after(paces[one], today) for one in full)
            waits.setdefault(wait, []).append(pk)
            continue
        used.update(own)
        going.append(pk)
    for scope, row in rows.items():
        pace = pacing.taken(paces[scope], used[scope], today)
        row.tokens, row.filled_at = pace.tokens, pace.filled_at
        row.used_on, row.used = pace.used_on, pace.used
        row.save(update_fields=["tokens", "filled_at", "used_on", "used"])
    for wait, some in waits.items():
        models.Send.objects.filter(pk__in=some).update(claimed_until=None, next_at=now + wait)
    return going


def _domain(job: JobMessage) -> str:
    to = job.message.to if job.message else ""
    return to.rpartition("@")[2].lower()
