"""A monthly review on paper: as PDF, and by mail to those whom it names."""

from __future__ import annotations

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
    once to whom it names, but for those who switched that off; returns how many reviews left."""
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    if messages.staff_sender() is None or warehouse().snapshots.latest() is None:
        return 0
    left = 0
    for one in selectors.held_today(today):
        ready = one.state == "open" or bool(one.criterion and one.decider)
        if not ready or not (readers := _readers(one)):
            continue
        if not services.claim_mail(one.id, on=today):
            continue
        try:
            services.open_data(one.id, by=_BY_ITSELF)
            for language, members in readers.items():
                mail_review(one.id, by=_BY_ITSELF, members=members, language=language)
        except Exception:
            services.give_mail_back(one.id)
            raise
        left += 1
    return left


def _readers(one: MonthlyReview) -> dict[str, list[int]]:
    """Whom it names, by the language that each chose."""
    active, chosen = {*accounts.members_who_may("view_figures")}, team.choices()
    found: dict[str, list[int]] = {}
    for number in dict.fromkeys([one.decider, *(each.owner for each in one.actions)]):
        if number is None or number not in active:
            continue
        choice = chosen.get(number, NoticeChoice(number))
        if "review_due" in choice.topics:
            found.setdefault(choice.language, []).append(number)
    return found


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
