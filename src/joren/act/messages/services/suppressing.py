"""What keeps messages from somebody: an address that is none, and lifting it by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from joren.act.messages import models
from joren.act.messages.contracts import BadRelease, NoSuchSuppression
from joren.act.messages.selectors.stopping import HARD_BOUNCE, mailbox_token
from joren.protect.audit import services as audit


def no_such_mailbox(customer: int, *, at: datetime, source: str) -> None:
    """Nobody is at the address that they have: nothing more is sent to it, whatever it is about.
    What was said before of the same address stays as it was said."""
    mailbox = mailbox_token(customer)
    row, fresh = models.Suppression.objects.get_or_create(
        customer_id=customer, channel="email", reason=HARD_BOUNCE,
        defaults={"since": at, "source": source, "mailbox": mailbox},
    )  # fmt: skip
    if not fresh and row.mailbox not in ("", mailbox):
        row.since, row.source, row.mailbox = at, source, mailbox
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
