"""Ask the owner of an address, by one mail, whether it was them who asked.

What was asked stands in the ledger of consents, whichever room wrote it there. A mail is a row of
the ledger of messages, at most once per row here: after a crash the same rows are found again.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from joren.act.confirmations import contracts, models, rules, selectors
from joren.act.confirmations.contracts import LATE, MOST_A_DAY, MOST_AN_HOUR, SOURCE
from joren.act.messages import selectors as messages
from joren.act.messages import services as sending
from joren.act.messages.contracts import (
    TRANSACTIONAL,
    Asked,
    Content,
    NoSuchTemplate,
    Said,
    TemplateNameTaken,
    Text,
)
from joren.core import clock
from joren.protect.audit import services as audit
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as consenting
from joren.protect.consent.contracts import SHOWN, Entry, Matter

_log = logging.getLogger(__name__)

BY: Final = "joren"
AT_ONCE: Final = 500
_SETTLED: Final = timedelta(minutes=2)
"""A transaction that wrote to the ledger earlier than that is over, so that no smaller number can
appear among those that were read."""


def mail_asked() -> int:
    """Write to those who asked since the last time; returns how many mails were asked for."""
    mark, _ = models.Mark.objects.get_or_create(pk=1)
    entries = consents.requests_after(mark.read_up_to, limit=AT_ONCE)
    now = clock.now().replace(microsecond=0)
    done, waiting = _mail_new([one for one in entries if _is_to_be_mailed(one)], now)
    read = mark.read_up_to
    for one in entries:
        if one.recorded_at > now - _SETTLED or one.id in waiting:
            break
        read = one.id
    if read > mark.read_up_to:
        models.Mark.objects.filter(pk=1, read_up_to__lt=read).update(read_up_to=read)
    return done


def send(request: int, *, by: str) -> contracts.Mailing:
    """Write for one request, once more if need be, within the limits."""
    now = clock.now().replace(microsecond=0)
    entry = consents.still_asked([request]).get(request)
    if entry is None or entry.channel != "email":
        raise contracts.NothingAsked(
            f"no request {request} waits for an answer by mail", hint="they may have answered it"
        )
    errand = _errand()
    with transaction.atomic():
        earlier = models.Mailing.objects.select_for_update().filter(request=request)
        numbers = [row.number for row in earlier]
        sent = _sent_to([int(entry.customer)], now)[int(entry.customer)]
        _refuse(rules.why_not(sent, len(numbers), now=now))
        earlier.filter(state__in=("open", "held_back")).update(state="resent")
        row = models.Mailing.objects.create(
            **_row(entry, now, by), number=max(numbers, default=0) + 1, state="open"
        )
        _ask(errand, [row.pk])
        audit.record(
            "confirmations.sent", actor=by, subject_kind="customer", subject_id=entry.customer,
            request=request, number=row.number,
        )  # fmt: skip
    return contracts.Mailing(
        row.pk, request, row.customer_id, row.number, row.language, now, "open", None
    )


def send_to(customer: int, *, by: str) -> contracts.Mailing:
    """Write to a customer about what they asked for last and have not confirmed."""
    pending = [
        one.id
        for one in consents.entries_of(customer)
        if one.act == "requested" and one.channel == "email"
    ]
    waiting = consents.still_asked(pending)
    newest = next((number for number in pending if number in waiting), None)
    if newest is None:
        raise contracts.NothingAsked(
            f"customer {customer} has asked for nothing by mail that waits for an answer",
            hint="joren consent show tells how things stand",
        )
    return send(newest, by=by)


def about(occurrences: Sequence[int]) -> Mapping[int, Said]:
    """What each of these mails is about; the link in it is signed at this moment."""
    rows = models.Mailing.objects.filter(pk__in=list(occurrences), state="open")
    by_request = {row.request: row for row in rows}
    asked = consents.still_asked(list(by_request))
    links = consenting.links_to_confirm(
        {number: int(one.customer) for number, one in asked.items()},
        leaves=messages.mode("email").live,
    )
    days = str(consents.choices().confirm_days)
    return {
        by_request[number].pk: Said(
            (language := by_request[number].language),
            {
                "confirm_url": link,
                "confirm_days": days,
                "confirm_words": _words(asked[number], language),
            },
            holds=link,
        )
        for number, link in links.items()
    }


def _is_to_be_mailed(entry: Entry) -> bool:
    return entry.channel == "email" and rules.is_ours(entry.proof)


def _mail_new(entries: Sequence[Entry], now: datetime) -> tuple[int, set[int]]:
    """How many mails were asked for, and the requests that wait for the next hour."""
    known = set(
        models.Mailing.objects.filter(request__in=[one.id for one in entries]).values_list(
            "request", flat=True
        )
    )
    fresh = [one for one in entries if one.id not in known]
    asked = consents.still_asked([one.id for one in fresh])
    agreed = _agreed(list(asked.values()))
    waiting = [asked[one.id] for one in fresh if one.id in asked]
    every = [one for one in waiting if (int(one.customer), one.purpose) not in agreed]
    _hold_back([one for one in every if one.recorded_at <= now - LATE], now)
    in_time = [one for one in every if one.recorded_at > now - LATE]
    if not in_time:
        return 0, set()
    room = max(0, MOST_AN_HOUR - selectors.first_mails_since(now - timedelta(hours=1)))
    wanted, later = in_time[:room], {one.id for one in in_time[room:]}
    if not wanted:
        return 0, later
    errand = _errand()
    sent = _sent_to([int(one.customer) for one in wanted], now)
    rows = []
    for one in wanted:
        full = len(sent[int(one.customer)]) >= MOST_A_DAY
        sent[int(one.customer)].append(now)
        state = "held_back" if full else "open"
        rows.append(models.Mailing(**_row(one, now, BY), number=1, state=state))
    with transaction.atomic():
        models.Mailing.objects.bulk_create(rows, ignore_conflicts=True)
        kept = models.Mailing.objects.filter(
            request__in=[row.request for row in rows], number=1, state="open"
        )
        numbers = list(kept.values_list("pk", flat=True))
        if numbers:
            _ask(errand, numbers)
    return len(numbers), later


def _hold_back(late: Sequence[Entry], now: datetime) -> None:
    """They waited for a day, as in a flood: kept where somebody sees them and may still send."""
    if not late:
        return
    models.Mailing.objects.bulk_create(
        [models.Mailing(**_row(one, now, BY), number=1, state="held_back") for one in late],
        ignore_conflicts=True,
    )
    _log.warning("%s requests waited for a day and are held back without a mail", len(late))


def _row(entry: Entry, now: datetime, by: str) -> dict[str, object]:
    return {
        "request": entry.id,
        "customer_id": int(entry.customer),
        "language": rules.language_of(entry.proof),
        "asked_at": now,
        "expires_at": now + LATE,
        "by": by,
    }


def _agreed(entries: Sequence[Entry]) -> set[tuple[int, str]]:
    """Who has confirmed the same before needs no further mail."""
    found: set[tuple[int, str]] = set()
    for purpose in {one.purpose for one in entries}:
        theirs = [int(one.customer) for one in entries if one.purpose == purpose]
        rows = consents.may_be_written_to(theirs, channel="email", purpose=purpose).to_pylist()
        found |= {(row["customer_id"], purpose) for row in rows if row["why"] == "granted"}
    return found


def _sent_to(customers: Collection[int], now: datetime) -> defaultdict[int, list[datetime]]:
    """When each person had a mail within a day, under whichever number they were then."""
    circle = consents.circles_of(customers)
    rows = models.Mailing.objects.filter(
        customer_id__in=list(circle), asked_at__gt=now - timedelta(days=1)
    ).exclude(state="held_back")
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for customer, at in rows.values_list("customer_id", "asked_at"):
        found[circle[customer]].append(at)
    return found


def _refuse(why: str) -> None:
    if why == "too_many":
        raise contracts.TooManyMails(
            f"more than {MOST_A_DAY} mails to one address in a day, or too many of one request",
            hint="wait until tomorrow, or let the customer sign up again",
        )
    if why:
        raise contracts.TooSoon("a mail left a moment ago", hint="wait two minutes")


def _ask(errand: int, numbers: Sequence[int]) -> None:
    places = ", ".join(["%s"] * len(numbers))
    sending.ask(
        errand,
        Asked(
            "SELECT m.customer_id, m.id AS occurrence, m.asked_at AS wanted_at, m.expires_at, "  # noqa: S608 (places alone)
            "CAST(0 AS bigint) AS worth, CAST(NULL AS bigint) AS lot "
            f"FROM confirmations_mailing AS m WHERE m.id IN ({places})",
            list(numbers),
        ),
    )


def _errand() -> int:
    """What the ledger of messages calls these mails, with the template that the shop may change."""
    mark, _ = models.Mark.objects.get_or_create(pk=1)
    if mark.template_id is not None:
        try:
            return sending.errand(SOURCE, 0, "", mark.template_id)
        except NoSuchTemplate:
            pass  # the shop put it away: there is a new one then
    mark.template_id = _new_template()
    mark.save(update_fields=["template_id"])
    return sending.errand(SOURCE, 0, "", mark.template_id)


def _new_template() -> int:
    texts = {language: _text(language) for language in rules.LANGUAGES}
    taken: TemplateNameTaken | None = None
    for name in (*rules.NAMES, f"{rules.NAMES[0]} {clock.now():%Y%m%d%H%M%S}"):
        try:
            return sending.create(Content(name, TRANSACTIONAL, "mjml", texts), by=BY).id
        except TemplateNameTaken as problem:
            taken = problem
    assert taken is not None  # noqa: S101 (the loop ran)
    raise taken


def _text(language: str) -> Text:
    said = rules.words_in(language)
    body = messages.mail_body(language, said.title, said.blocks, foot=rules.FOOT)
    return Text(said.subject, body)


def _words(entry: Entry, language: str) -> str:
    if entry.wording is not None:
        return consents.wording_numbered(entry.wording).text
    matter = Matter(entry.channel, entry.purpose)
    own = consents.wording(matter, language)
    if own is not None:
        return own.text
    with translation.override(language):
        return gettext(SHOWN.get(str(matter), SHOWN["email/marketing"]))
