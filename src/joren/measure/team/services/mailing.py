"""Mail notices to members, each alone: at least once, later and later while it fails.

A mail is claimed for a while in a transaction of its own, then sent, then written down; a worker
that dies in between leaves it to the next one.
"""

from __future__ import annotations

import smtplib
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from joren.accounts import selectors as accounts
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.measure.team import models, selectors
from joren.measure.team.rules import telling


def mail_due() -> int:
    """Send what is due; returns how many mails left."""
    sent = 0
    sender = messages.staff_sender()
    while sender is not None and (row := _claimed()) is not None:
        left = _send(row, formataddr((sender.name, sender.email)))
        models.NoticeMail.objects.filter(pk=row.pk).update(**_outcome(row, left=left))
        sent += left
    return sent


@transaction.atomic
def _claimed() -> models.NoticeMail | None:
    now = clock.now()
    due = models.NoticeMail.objects.filter(state="waiting", next_at__lte=now)
    if not due.exists():  # asked first without a lock, of which SQLite has one
        return None
    row = (
        due.select_related("notice")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_at", "pk")
        .first()
    )
    if row is None:
        return None
    row.attempts += 1
    row.next_at = now + (telling.wait_after(row.attempts) or telling.LAST_WAIT)
    row.save(update_fields=["attempts", "next_at"])
    return row


def _outcome(row: models.NoticeMail, *, left: bool) -> dict[str, str]:
    if left:
        return {"state": "done"}
    return {"state": "failed"} if telling.wait_after(row.attempts) is None else {}


def _send(row: models.NoticeMail, sender: str) -> bool:
    member = next((one for one in accounts.members() if int(one.id) == row.member_id), None)
    if member is None or not member.active:
        row.attempts = telling.MOST  # nobody to tell any more
        return False
    language = selectors.choice(row.member_id).language
    heading, sentence, address = selectors.wording_of(row.notice, language)
    with translation.override(language):
        foot = gettext("You can switch these mails off in joren, under Team.")
    text = "\n\n".join(one for one in (sentence, address, foot) if one)
    try:
        EmailMessage(f"[joren] {heading}", text, sender, [member.email]).send()
    except (OSError, smtplib.SMTPException):
        return False
    return True
