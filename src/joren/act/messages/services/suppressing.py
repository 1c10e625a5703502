"""Lift by hand what keeps messages from somebody."""

from __future__ import annotations

from django.db import transaction

from joren.act.messages import models
from joren.act.messages.contracts import BadRelease, NoSuchSuppression
from joren.protect.audit import services as audit


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
