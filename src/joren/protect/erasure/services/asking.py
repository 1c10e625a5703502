"""Write down that somebody asked, so that they are answered in time."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from joren.accounts.selectors import business
from joren.core import clock
from joren.core.contacts import names_a_contact
from joren.protect.audit import services as audit
from joren.protect.consent.contracts import NobodyThere
from joren.protect.consent.selectors import person_now
from joren.protect.erasure import contracts, models, rules, selectors
from joren.protect.erasure.contracts import KINDS, Request


@transaction.atomic
def ask(customer: int, kind: str, *, by: str, note: str = "", suppress: bool = False) -> int:
    """Open a request; who asked the same before and was not answered asks once."""
    if kind not in KINDS:
        raise contracts.NotAsked(f"nobody can ask for {kind!r}", hint=f"known: {', '.join(KINDS)}")
    if names_a_contact(note):
        raise contracts.NotAsked(
            "the note looks like an address or a phone", hint="say how they asked, not who"
        )
    try:
        person = person_now(customer)
    except NobodyThere:
        raise contracts.NoSuchPerson(f"no customer {customer}", hint="they may be erased") from None
    known = models.Request.objects.filter(customer_id=person, kind=kind, state="open").first()
    if known is not None:
        return known.pk
    now = clock.now()
    row = models.Request.objects.create(
        uid=uuid4().hex,
        kind=kind,
        state="open",
        customer_id=person,
        asked_at=now,
        due_on=rules.due(clock.shop_day(now, business().time_zone)),
        asked_by=by,
        note=note.strip(),
        suppress=suppress,
    )
    audit.record(
        "privacy.asked", actor=by, subject_kind="customer", subject_id=person,
        kind=kind, request=row.pk,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def withdraw(number: int, *, by: str) -> Request:
    """The person does not want it any more."""
    row = models.Request.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchRequest(f"no request {number}", hint="joren person requests")
    if row.state not in ("open", "unverified"):
        raise contracts.RequestClosed(f"request {number} is {row.state}", hint="ask anew")
    row.state, row.finished_at = "withdrawn", clock.now()
    row.save(update_fields=["state", "finished_at"])
    audit.record(
        "privacy.withdrawn", actor=by, subject_kind="customer", subject_id=row.customer_id,
        request=number,
    )  # fmt: skip
    return selectors.request(number)
