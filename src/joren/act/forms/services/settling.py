"""Hand on who signed up: the person and the fact, that they asked for mail, that they confirmed.

A crash in between repeats what is repeatable: messages have their ids, the ledger its proof.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from joren.act.forms import models, rules, selectors
from joren.collect.customers import selectors as customers
from joren.collect.inbox.services import keep_messages
from joren.collect.registrations.contracts import Written
from joren.collect.registrations.services import hand_on, in_sets
from joren.core import clock
from joren.core.ids import CustomerId
from joren.plumbing import outbox
from joren.plumbing.sealing import unseal
from joren.protect.consent import selectors as consents
from joren.protect.consent.contracts import Said

CONFIRMED: Final = "forms.confirmed"
FOLLOWED: Final = timedelta(days=180)
"""After it a visitor is known again by nothing; the cookie is forgotten much earlier."""

_LOOKED_AT: Final = 5_000
_OPEN: Final = timedelta(days=100)
"""Longer than a link to confirm by may count."""


def settle() -> int:
    """Make people of those who signed up; returns how many are done."""
    waiting = models.Signup.objects.exclude(pending="").order_by("pk")
    return in_sets(list(waiting.select_related("form")[:_LOOKED_AT]), _settle)


def _settle(rows: Sequence[models.Signup]) -> int:
    became = hand_on([_written(row) for row in rows], told=_told)
    read = {row.pk: row.pending for row in rows if became[row.pk].done}
    with transaction.atomic():
        # As they are now: one may have been erased meanwhile, or have asked anew.
        held = models.Signup.objects.select_for_update().filter(pk__in=list(read)).order_by("pk")
        done = [row for row in held if row.pending == read[row.pk]]
        for row in done:
            row.pending = ""
            row.customer_id, row.request = became[row.pk].customer, became[row.pk].request
        models.Signup.objects.bulk_update(
            done, ["pending", "customer_id", "request"], batch_size=500
        )
    return len(done)


def _written(row: models.Signup) -> Written:
    said: dict[str, Any] = json.loads(unseal(row.pending))
    asks = Said(
        selectors.ASKED.channel,
        selectors.ASKED.purpose,
        "requested",  # whoever typed the address need not be its owner
        "form",
        at=row.asked_at,
        wording=row.wording,
        proof=f"form:{row.form_id}:v{row.version}:{row.variant}:{row.pk}:{row.language}",
    )
    return Written(
        row.pk, row.form.source_id, said["email"], said["messages"], said["if_new"],
        row.handed_on, row.asked_at, asks, "customer",
    )  # fmt: skip


def _told(numbers: Sequence[int]) -> None:
    models.Signup.objects.filter(pk__in=numbers).update(handed_on=True)


def note_confirmed() -> int:
    """Write down who confirmed, and tell it as a fact; returns how many."""
    asked = models.Signup.objects.filter(
        confirmed_at=None, request__isnull=False, asked_at__gt=clock.now() - _OPEN
    )
    rows = list(asked.exclude(who="").select_related("form").order_by("-asked_at")[:_LOOKED_AT])
    found = consents.confirmed_at([row.request for row in rows if row.request is not None])
    confirmed = [row for row in rows if row.request in found]
    for row in confirmed:
        row.confirmed_at = found[row.request or 0]
    return in_sets(confirmed, _confirm)


def _confirm(rows: Sequence[models.Signup]) -> int:
    persons = consents.persons_now([row.customer_id for row in rows if row.customer_id])
    known = customers.customers_among(sorted(set(persons.values())))
    facts: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        person = known.get(persons.get(row.customer_id or 0, CustomerId(0)))
        if person is not None and person.email and row.confirmed_at is not None:
            place = {"list_id": row.form.slug, "name": row.form.name, "variant": row.variant}
            key = f"form:{row.form_id}:{row.pk}"
            fact = rules.confirmed_message(person.email, place, key=key, at=row.confirmed_at)
            facts.setdefault(row.form.source_id, []).append(fact)
    for source, some in facts.items():
        keep_messages(source, some)
    with transaction.atomic():
        models.Signup.objects.bulk_update(rows, ["confirmed_at"], batch_size=500)
        for row in rows:
            outbox.put(CONFIRMED, form=row.form.slug, signup=row.pk, variant=row.variant)
    return len(rows)


def sweep() -> int:
    """Forget by which cookie visitors were known."""
    old = models.Visit.objects.filter(at__lt=clock.now() - FOLLOWED).exclude(visitor="")
    return old.update(visitor="")
