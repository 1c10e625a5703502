"""Hand on who signed up: the person and the fact, that they asked for mail, that they confirmed.

A crash in between repeats what is repeatable: messages have their ids, the ledger its proof.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any, Final

from django.db import InterfaceError, OperationalError, transaction

from joren.act.forms import models, rules, selectors
from joren.collect.customers import selectors as customers
from joren.collect.inbox.services import keep_messages
from joren.core import clock
from joren.core.people import people
from joren.plumbing import outbox
from joren.plumbing.sealing import unseal
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as consenting
from joren.protect.consent.contracts import NobodyThere, Said

CONFIRMED: Final = "forms.confirmed"
WAITS: Final = timedelta(days=2)
"""So long for the person to be known, to whom the consent is written down."""

FOLLOWED: Final = timedelta(days=180)
"""After it a visitor is known again by nothing; the cookie is forgotten much earlier."""

_AT_ONCE: Final = 200
_LOOKED_AT: Final = 5_000
_OPEN: Final = timedelta(days=100)
"""Longer than a link to confirm by may count."""

_TOLD: Final[set[int]] = set()  # the log hears of each once
_log = logging.getLogger(__name__)


def settle() -> int:
    """Make people of those who signed up; returns how many are done."""
    done = 0
    waiting = models.Signup.objects.exclude(pending="").order_by("pk")
    for number in list(waiting.values_list("pk", flat=True)[:_LOOKED_AT]):
        row = waiting.select_related("form").filter(pk=number).first()
        try:
            done += row is not None and _settled(row)
        except (OperationalError, InterfaceError):
            raise  # of the database, not of this row
        except Exception as fault:  # one row must not keep all others from being settled
            if number not in _TOLD:
                _TOLD.add(number)
                _log.error("sign-up %s waits: %s", number, type(fault).__name__)
        if done == _AT_ONCE:
            break
    return done


def note_confirmed() -> int:
    """Write down who confirmed, and tell it as a fact; returns how many."""
    rows = list(
        models.Signup.objects.filter(
            confirmed_at=None, request__isnull=False, asked_at__gt=clock.now() - _OPEN
        )
        .exclude(who="")
        .select_related("form")
        .order_by("-asked_at")[:_LOOKED_AT]
    )
    found = consents.confirmed_at([row.request for row in rows if row.request is not None])
    confirmed = [row for row in rows if row.request in found][:_AT_ONCE]
    if not confirmed:
        return 0
    persons = {row.pk: _person(row.customer_id) for row in confirmed}
    known = customers.customers_among([one for one in persons.values() if one])
    for row in confirmed:
        row.confirmed_at = found[row.request]  # type: ignore[index]  # it is among them
        person = known.get(persons[row.pk] or 0)
        if person is not None and person.email:
            place = {"list_id": row.form.slug, "name": row.form.name, "variant": row.variant}
            key = f"form:{row.form_id}:{row.pk}"
            fact = rules.confirmed_message(person.email, place, key=key, at=row.confirmed_at)
            keep_messages(row.form.source_id, [fact])
        with transaction.atomic():
            row.save(update_fields=["confirmed_at"])
            outbox.put(CONFIRMED, form=row.form.slug, signup=row.pk, variant=row.variant)
    return len(confirmed)


def sweep() -> int:
    """Forget by which cookie visitors were known."""
    old = models.Visit.objects.filter(at__lt=clock.now() - FOLLOWED).exclude(visitor="")
    return old.update(visitor="")


def _person(customer: int | None) -> int | None:
    try:
        return None if customer is None else int(consents.person_now(customer))
    except NobodyThere:
        return None


def _settled(row: models.Signup) -> bool:
    said: dict[str, Any] = json.loads(unseal(row.pending))
    known = people().by_email([said["email"]])
    if not row.handed_on:
        keep_messages(row.form.source_id, [*([] if known else said["if_new"]), *said["messages"]])
        row.handed_on = True
        row.save(update_fields=["handed_on"])
    customer = next(iter(known.values()), None)
    if customer is None:
        if clock.now() - row.asked_at <= WAITS:
            return False  # the person is not known yet: the inbox is written every few seconds
    else:
        row.customer_id, row.request = customer, _asked(row, customer)
    row.pending = ""
    row.save(update_fields=["pending", "customer_id", "request"])
    return True


def _asked(row: models.Signup, customer: int) -> int:
    proof = f"form:{row.form_id}:v{row.version}:{row.variant}:{row.pk}:{row.language}"
    said = Said(
        selectors.ASKED.channel,
        selectors.ASKED.purpose,
        "requested",  # whoever typed the address need not be its owner
        "form",
        at=row.asked_at,
        wording=row.wording,
        proof=proof,
    )
    return consenting.record(customer, said, by="customer")
