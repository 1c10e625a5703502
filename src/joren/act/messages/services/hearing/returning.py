"""Take in what mail servers write to the return path.

Whose return path stands in it, signed by us, or whose Message-ID, that message was it; what follows
of it is read as what a mail service tells. Else it is kept, sealed, until somebody looks at it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from django.db import transaction

from joren.act.messages import models
from joren.act.messages.contracts import (
    LARGEST_NOTICE,
    RETURNED,
    BadNotice,
    Heard,
    NoSuchNotice,
    Taken,
)
from joren.act.messages.rules import notices
from joren.act.messages.selectors.returning import rows_in
from joren.act.messages.services.hearing.keeping import keep_heard
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.protect.audit import services as audit

_PATIENCE: Final = timedelta(minutes=5)
"""A server may be faster than our own note of what left."""

_KEPT: Final = timedelta(days=90)
_AT_ONCE: Final = 200


def take_returned(raw: bytes) -> Taken:
    """Keep one notice, as it came; however often it comes, it is one."""
    if not raw.strip():
        raise BadNotice("the mail is empty", hint="give it as it came, headers and all")
    if len(raw) > LARGEST_NOTICE:
        raise BadNotice(
            f"the mail has {len(raw):,} bytes",
            hint=f"at most {LARGEST_NOTICE:,}",
        )
    one = notices.notice(raw)
    if one.kind == "automatic":
        return Taken("ignored", one.kind, "", None)
    signed = rows_in(one.text)
    send = _send_of(signed, one.numbers)
    if send is None and signed:
        return Taken("ignored", one.kind, one.reason, None)  # whoever it was about was erased
    if send is not None and one.kind:
        _hear(one.key, one.kind, one.reason, send, one)
        return Taken("heard", one.kind, one.reason, send)
    waits = send is None and bool(one.kind and one.numbers)
    _keep(one, send, "new" if waits else "unknown")
    return Taken("waits" if waits else "unknown", one.kind, one.reason, send)


def read_returned() -> int:
    """Look again for the messages of those that wait; returns how many rows are settled."""
    waiting = models.Returned.objects.filter(state="new")
    if not waiting.exists():
        return 0
    done = 0
    with transaction.atomic():
        for row in waiting.select_for_update(skip_locked=True).order_by("pk")[:_AT_ONCE]:
            send = _send_of([], tuple(row.numbers))
            if send is not None:
                heard = Heard(row.key, row.kind, str(send), row.at, row.reason)
                keep_heard(RETURNED, [heard])
                row.delete()
            elif row.received_at < clock.now() - _PATIENCE:
                row.state = "unknown"
                row.save(update_fields=["state"])
            else:
                continue
            done += 1
    return done


@transaction.atomic
def settle_returned(number: int, *, by: str) -> None:
    """Somebody looked at it: what it says goes, and the same notice does not come up again."""
    done = models.Returned.objects.filter(pk=number, state="unknown").update(
        state="settled", sealed="", recipient=""
    )
    if not done:
        raise NoSuchNotice(f"there is no notice {number}", hint="joren messages returned")
    audit.record("messages.notice_settled", actor=by, subject_kind="notice", subject_id=number)


def sweep_returned() -> int:
    """Forget notices of long ago."""
    return models.Returned.objects.filter(received_at__lt=clock.now() - _KEPT).delete()[0]


def _send_of(signed: list[int], numbers: tuple[str, ...]) -> int | None:
    rows = models.Send.objects
    if signed:
        return rows.filter(pk__in=signed).order_by("pk").values_list("pk", flat=True).first()
    if not numbers:
        return None
    named = rows.filter(provider_id__in=numbers).order_by("pk")
    return named.values_list("pk", flat=True).first()


def _hear(key: str, kind: str, reason: str, send: int, one: notices.Notice) -> None:
    keep_heard(RETURNED, [Heard(key, kind, str(send), one.at or clock.now(), reason)])
    models.Returned.objects.filter(key=key).exclude(state="settled").delete()


def _keep(one: notices.Notice, send: int | None, state: str) -> None:
    told = {"sender": one.sender, "subject": one.subject, "said": one.said}
    (sealed,) = people.seal_texts([one.key], [json.dumps(told, ensure_ascii=False)])
    now = clock.now()
    row = models.Returned(
        key=one.key, kind=one.kind, reason=one.reason, numbers=list(one.numbers)[:20],
        send_id=send, recipient=people.hashed_email(one.recipient) if one.recipient else "",
        at=min(one.at or now, now), received_at=now, state=state, sealed=sealed,
    )  # fmt: skip
    models.Returned.objects.bulk_create([row], ignore_conflicts=True)
