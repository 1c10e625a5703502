"""Mail notices to members, each alone: at least once, later and later while it fails.

A mail is claimed for a while in a transaction of its own, then sent, then written down; a worker
that dies in between leaves it to the next one.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from joren.accounts import selectors as accounts
from joren.act.deliveries import selectors as deliveries
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.measure.team import models, selectors
from joren.measure.team.rules import telling
from joren.measure.team.services.pausing import end_pause_due


def mail_due() -> int:
    """Send what is due; returns how many mails left."""
    sent = 0
    end_pause_due()
    sender = messages.staff_sender()
    while sender is not None and not deliveries.paused() and (rows := _claimed()):
        left = _send(rows, formataddr((sender.name, sender.email)))
        numbers = [one.pk for one in rows]
        models.NoticeMail.objects.filter(pk__in=numbers).update(**_outcome(rows[0], left=left))
        sent += left
    return sent


@transaction.atomic
def _claimed() -> list[models.NoticeMail]:
    """The mail that is due longest; of what waited during a pause all that is for one member."""
    now = clock.now()
    due = models.NoticeMail.objects.filter(state="waiting", next_at__lte=now)
    if not due.exists():  # asked first without a lock, of which SQLite has one
        return []
    row = (
        due.select_related("notice")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_at", "pk")
        .first()
    )
    if row is None:
        return []
    rows = [row]
    if row.together:
        theirs = due.filter(together=True, member_id=row.member_id).select_related("notice")
        rows = list(theirs.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    attempts = row.attempts + 1
    later = now + (telling.wait_after(attempts) or telling.LAST_WAIT)
    numbers = [one.pk for one in rows]
    models.NoticeMail.objects.filter(pk__in=numbers).update(attempts=attempts, next_at=later)
    for one in rows:
        one.attempts = attempts
    return rows


def _outcome(row: models.NoticeMail, *, left: bool) -> dict[str, str]:
    if left:
        return {"state": "done"}
    return {"state": "failed"} if telling.wait_after(row.attempts) is None else {}


def _send(rows: Sequence[models.NoticeMail], sender: str) -> bool:
    row = rows[0]
    member = next((one for one in accounts.members() if int(one.id) == row.member_id), None)
    if member is None or not member.active:
        row.attempts = telling.MOST  # nobody to tell any more
        return False
    language = selectors.choice(row.member_id).language
    told = [selectors.wording_of(one.notice, language) for one in rows]
    heading, sentence, address = told[0]
    with translation.override(language):
        foot = gettext("You can switch these mails off in joren, under Team.")
        if row.together:
            heading = gettext("What there was to tell during the pause (%(n)s)") % {"n": len(told)}
    parts = [sentence, address]
    if row.together:
        parts = ["\n".join(one for one in each if one) for each in told]
    text = "\n\n".join(one for one in (*parts, foot) if one)
    try:
        EmailMessage(f"[joren] {heading}", text, sender, [member.email]).send()
    except (OSError, smtplib.SMTPException):
        return False
    return True
