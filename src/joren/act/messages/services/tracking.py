"""Say what is followed, and note what our own links tell."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import transaction

from joren.act.messages import channels, models, selectors
from joren.act.messages.contracts import OWN, Followed, Heard, NoChannel, Tracking
from joren.act.messages.rules.clicks import HIDDEN
from joren.act.messages.services.hearing.keeping import keep_heard
from joren.core import clock
from joren.protect.audit import services as audit

_MOST: Final = 100
"""Of one message; whoever goes on is a machine, and fills nobody's disk."""


@transaction.atomic
def set_tracking(tracking: Tracking, *, by: str) -> Tracking:
    """Decide on which channels links and pictures are ours; what has left stays as it is."""
    unknown = {*tracking.clicks, *tracking.opens} - {*channels.names()}
    if unknown:
        raise NoChannel(
            f"no channel {sorted(unknown)[0]!r}", hint=f"known: {', '.join(channels.names())}"
        )
    clicks, opens = (sorted(set(one)) for one in (tracking.clicks, tracking.opens))
    models.Tracking.objects.update_or_create(pk=1, defaults={"clicks": clicks, "opens": opens})
    audit.record(
        "messages.tracking_set", actor=by, subject_kind="tracking", clicks=clicks, opens=opens
    )
    return selectors.tracking()


def note_followed(followed: Followed, *, agent: str) -> None:
    """Keep that it was opened: the second of it, the address, and what program says it was.

    Who, and from where, is not asked. A message counts one opening a day.
    """
    now = clock.now()
    address = HIDDEN if followed.address is None else followed.address
    kind = "clicked" if address else "opened"
    told = models.Feedback.objects.filter(send_id=followed.send, kind=kind)
    if told.count() >= _MOST or not models.Send.objects.filter(pk=followed.send).exists():
        return
    moment = f"{now:%Y-%m-%dT%H:%M:%S}" if address else f"{now:%Y-%m-%d}"
    said = f"{followed.send}|{kind}|{address}|{moment}"
    key = hashlib.sha256(said.encode()).hexdigest()
    keep_heard(OWN, [Heard(key, kind, str(followed.send), now, "", address, agent)])
