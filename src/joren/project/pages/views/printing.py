"""A monthly review on paper: as PDF, and by mail to those whom it names."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from email.utils import formataddr
from typing import Final

from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from joren.accounts import selectors as accounts
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.core.errors import Refused, Unavailable
from joren.measure.reviews import selectors, services
from joren.measure.reviews.contracts import MonthlyReview
from joren.measure.team import selectors as team
from joren.measure.team.contracts import NoticeChoice
from joren.plumbing.pdf import pdf_of
from joren.plumbing.warehouse import warehouse
from joren.project.pages.views.reviews import printed
from joren.protect.audit import services as audit

_BY_ITSELF: Final = "joren"
_log = logging.getLogger(__name__)


class NoStaffMail(Refused):
    """Mail cannot leave, or there is nobody to mail to."""


class StaffMailFailed(Unavailable):
    """The mail server did not take it."""


def review_pdf(number: int, *, language: str = "ja") -> bytes:
    """The review as it stands: criterion, agenda, decisions, actions, minutes."""
    one = selectors.review(number)
    with translation.override(language):
        page = render_to_string(
            "pages/reviews/printed.html",
            {**printed(one), "business": accounts.business(), "language": language},
        )
    return pdf_of(page)


def mail_review(
    number: int, *, by: str, members: Sequence[int] = (), language: str = "ja"
) -> tuple[str, ...]:
    """Mail it to members: those that are named, else the decider and whoever has an action.

    It goes to members alone, at their own addresses: figures do not leave the house by a typing
    error. Returns whom it went to.
    """
    one = selectors.review(number)
    to = _addresses(one, members)
    sender = messages.staff_sender()
    if sender is None:
        raise NoStaffMail(
            "nobody has said whom mail is from, or by which server it leaves",
            hint="Messages → Sender, and JOREN_SMTP",
        )
    drawn = review_pdf(number, language=language)
    with translation.override(language):
        day = one.held_on.isoformat()
        subject = gettext("Review of %(day)s") % {"day": day}
        text = gettext("The monthly review of %(day)s is attached.") % {"day": day}
    try:
        with get_connection() as line:
            for address in to:  # each alone: nobody reads the others' addresses
                mail = EmailMessage(
                    subject, text, formataddr((sender.name, sender.email)), [address],
                    connection=line,
                )  # fmt: skip
                mail.attach(f"review-{day}.pdf", drawn, "application/pdf")
                mail.send()
    except (OSError, smtplib.SMTPException) as fault:
        raise StaffMailFailed(
            f"the mail server did not take it: {type(fault).__name__}", hint="try again later"
        ) from None
    audit.record(
        "reviews.mailed", actor=by, subject_kind="review", subject_id=number, to=len(to)
    )  # fmt: skip
    return to


def mail_todays() -> int:
    """On the day of a review, open its data where criterion and decider are settled, and mail it
    once to whom it names, but for those who switched that off; returns how many mails left.

    What keeps one review back keeps no other one; it is raised when all had their turn.
    """
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    if messages.staff_sender() is None or warehouse().snapshots.latest() is None:
        return 0
    faults = []
    for one in selectors.held_today(today):
        ready = one.state == "open" or bool(one.criterion and one.decider)
        if not ready or not (readers := _readers(one)):
            continue
        try:
            services.open_data(one.id, by=_BY_ITSELF)
            services.put_mails(one.id, members=readers, on=today)
        except Exception as fault:  # whatever it was, the others are held today as well
            _log.exception("review %d is not ready", one.id)
            faults.append(fault)
    left = mail_waiting()
    if faults:
        raise faults[0]
    return left


def mail_waiting() -> int:
    """Send the mails of reviews that are due, each alone; returns how many left."""
    left, chosen = 0, team.choices()
    while messages.staff_sender() is not None and (one := services.claim_mail()) is not None:
        language = chosen.get(one.member, NoticeChoice(one.member)).language
        try:
            mail_review(one.review, by=_BY_ITSELF, members=[one.member], language=language)
        except Exception:  # whatever it was, it is tried again, and no other mail waits for it
            _log.exception("review %d did not leave for member %d", one.review, one.member)
            continue
        services.note_mailed(one.id)
        left += 1
    return left


def _readers(one: MonthlyReview) -> list[int]:
    """Whom it names and who want it."""
    active, chosen = {*accounts.members_who_may("view_figures")}, team.choices()
    named = dict.fromkeys([one.decider, *(each.owner for each in one.actions)])
    return [
        number
        for number in named
        if number in active and "review_due" in chosen.get(number, NoticeChoice(number)).topics
    ]


def _addresses(one: MonthlyReview, members: Sequence[int]) -> tuple[str, ...]:
    wanted = set(members) or {
        number
        for number in (one.decider, *(each.owner for each in one.actions))
        if number is not None
    }
    for number in sorted(wanted):
        accounts.member_numbered(number)  # refuses whom there is not
    known = {int(each.id): each for each in accounts.members()}
    found = tuple(sorted(known[each].email for each in wanted if known[each].active))
    if not found:
        raise NoStaffMail(
            "the review names nobody who could be mailed to",
            hint="name the decider, an owner of an action, or members",
        )
    return found
