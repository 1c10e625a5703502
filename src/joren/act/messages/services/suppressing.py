"""What keeps messages from somebody: an address that is none, and lifting it by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from joren.act.messages import models
from joren.act.messages.contracts import BadRelease, NoSuchSuppression
from joren.act.messages.selectors.stopping import HARD_BOUNCE, mailbox_token
from joren.protect.audit import services as audit


def no_such_mailbox(customer: int, mailbox: str, *, at: datetime, source: str) -> None:
    """Nobody is at the address of that token: nothing more is sent to it, whatever it is about. ""
    is the address that they have now, for a message of which nobody noted where it went."""
    stop(customer, HARD_BOUNCE, mailbox or mailbox_token(customer), since=at, source=source)


def stop(
    customer: int, reason: str, mailbox: str, *, since: datetime, source: str,
    until: datetime | None = None,
) -> None:  # fmt: skip
    """Send no mail there, for that reason: from the first moment that it was told of, or to the
    last one until which. In whatever order it is told, the same comes of it."""
    row, fresh = models.Suppression.objects.get_or_create(
        customer_id=customer, channel="email", reason=reason, mailbox=mailbox,
        defaults={"since": since, "until": until, "source": source},
    )  # fmt: skip
    if fresh:
        return
    sooner = until is None and since < row.since
    longer = until is not None and row.until is not None and row.until < until
    if sooner or longer:
        row.since, row.until, row.source = since, until, source
        row.save()


@transaction.atomic
def release(number: int, *, why: str, by: str) -> None:
    """Send there again, for a reason that is written down. A complaint stays: whoever reported a
    mail as spam has refused it, and only they can agree again."""
    row = models.Suppression.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchSuppression(
            f"nothing is stopped under {number}", hint="joren messages suppressions"
        )
    if row.reason == "complaint":
        raise BadRelease("they reported a message as spam", hint="only they can agree again")
    if not why.strip():
        raise BadRelease("no reason is given", hint="such as: they wrote that it works again")
    row.delete()
    audit.record(
        "messages.suppression_lifted", actor=by, subject_kind="customer",
        subject_id=row.customer_id, channel=row.channel, reason=row.reason, why=why.strip()[:200],
    )  # fmt: skip
