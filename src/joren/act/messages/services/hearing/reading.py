"""Make of what was told what follows: nothing more is sent there, or somebody follows or leaves.

Late, repeated and in any order: each row is read once, and what follows depends on the moments that
it tells, not on when it came.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from joren.act.messages import models
from joren.act.messages.contracts import LINE, OWN, RETURNED
from joren.act.messages.rules import bounces
from joren.act.messages.services.suppressing import no_such_mailbox, stop
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.plumbing.sealing import SealBroken, unseal
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import NobodyThere, Said

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 200
_LATELY: Final = timedelta(7)
_EVER: Final = timedelta(36_500)
_HAS_LEFT: Final = frozenset(
    ("delivered", "opened", "clicked", "bounced", "deferred", "complained", "unsubscribed")
)
_BY_ROW: Final = (OWN, RETURNED)
"""Those who name a message by its row of the ledger."""

_PATIENCE: Final = 5 * 60.0
"""Seconds that a word of a message waits which the ledger does not know yet."""


def read_heard() -> int:
    """Read some of what was kept; returns how many rows that were."""
    new = models.Feedback.objects.filter(state="new")
    if not new.exists():
        return 0
    with transaction.atomic():
        rows = list(new.select_for_update(skip_locked=True).order_by("pk")[:_AT_ONCE])
        sends = _sends_of(rows)
        done = 0
        for row in rows:
            if row.provider == LINE:
                _of_line(row)
            elif (send := sends.get((row.provider in _BY_ROW, row.number))) is not None:
                _of_mail(row, send)
            elif (clock.now() - row.received_at).total_seconds() < _PATIENCE:
                continue  # it was faster than our own note of it
            else:
                row.state = "unmatched"
            row.save(update_fields=["state", "send_id", "number"])
            done += 1
    return done


def _sends_of(rows: Sequence[models.Feedback]) -> dict[tuple[bool, str], models.Send]:
    """The messages that the rows tell of: by our own number, or by the channel's."""
    numbers = [row.number for row in rows if row.provider not in (LINE, *_BY_ROW)]
    own = [int(row.number) for row in rows if row.provider in _BY_ROW]
    named = models.Send.objects.filter(provider_id__in=numbers)
    return {
        **{(False, one.provider_id): one for one in named},
        **{(True, str(one.pk)): one for one in models.Send.objects.filter(pk__in=own)},
    }


def _of_line(row: models.Feedback) -> None:
    try:
        number = unseal(row.number)
    except SealBroken:
        # Sealed under a secret key that nobody has any more: nobody can say who it was.
        row.state, row.number = "unreadable", ""
        _log.warning("a word of LINE cannot be opened: the secret key was changed since")
        return
    friend = people.known_as("line", number)
    row.state, row.number = "unmatched", ""
    if row.kind not in ("follow", "unfollow"):
        return
    if friend is None:
        row.state, row.number = "stranger", people.key_of("line", number)
        return
    _of_friend(row, friend)


def read_strangers(*, every: bool = False) -> int:
    """What friends on LINE said who have become known as customers since; returns how many words
    that were. Of those who followed long ago only where ``every`` one is asked for."""
    since = clock.now() - (_EVER if every else _LATELY)
    asked = f"""
        SELECT f.id, i.customer_id FROM act_messages_feedback AS f
        JOIN ({people.owners_by_key_sql()}) AS i ON i.key = f.number
        WHERE f.state = 'stranger' AND f.received_at >= %s ORDER BY f.id LIMIT {_AT_ONCE}
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked, [connection.ops.adapt_datetimefield_value(since)])
        friends = dict(cursor.fetchall())
        strangers = models.Feedback.objects.filter(pk__in=list(friends), state="stranger")
        rows = list(strangers.select_for_update(skip_locked=True).order_by("pk"))
        for row in rows:
            row.state, row.number = "unmatched", ""
            _of_friend(row, friends[row.pk])
            row.save(update_fields=["state", "number"])
    return len(rows)


def _of_friend(row: models.Feedback, friend: int) -> None:
    act = "granted" if row.kind == "follow" else "withdrawn"
    said = Said("line", "marketing", act, "line", at=row.at, proof=f"line:{row.key}")
    try:
        consent.record(friend, said, by="line")
    except NobodyThere:
        return
    row.state = "done"


def _of_mail(row: models.Feedback, send: models.Send) -> None:
    row.state, row.send_id = "done", send.pk
    if row.kind in _HAS_LEFT:
        # Whoever was told that nobody knows is told now.
        models.Send.objects.filter(pk=send.pk, state="unknown").update(state="sent", reason="")
    verdict = bounces.verdict(row.kind, row.reason)
    source = f"{row.provider}:{row.pk}"
    if verdict == "hard_bounce":
        no_such_mailbox(send.customer_id, send.address, at=row.at, source=source)
    elif verdict == "complaint":
        stop(send.customer_id, verdict, "", since=row.at, source=source)
    elif verdict == "soft_bounce":
        _softly(row, send, source)
    elif verdict == "unsubscribed":
        said = Said("email", "marketing", "withdrawn", "one_click", at=row.at, proof=source)
        try:
            consent.record(send.customer_id, said, by=row.provider)
        except NobodyThere:
            return


def _softly(row: models.Feedback, send: models.Send, source: str) -> None:
    """By all soft bounces of that address, whenever each of them came."""
    theirs = models.Send.objects.filter(customer_id=send.customer_id, address=send.address)
    told = models.Feedback.objects.filter(
        send_id__in=theirs.values("pk"), kind__in=("bounced", "rejected", "failed")
    ).exclude(pk=row.pk)
    every = told.values_list("kind", "reason", "at")
    soft = [at for kind, reason, at in every if bounces.verdict(kind, reason) == "soft_bounce"]
    until = bounces.stopped_until([*soft, row.at])
    if until is not None:
        since = until - bounces.SOFT_FOR
        stop(send.customer_id, "soft_bounce", send.address, since=since, until=until, source=source)
