"""Who asked what, and who was erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from django.conf import settings

from joren.core.erasing import Traces, in_order
from joren.core.people import people
from joren.protect.consent.contracts import NobodyThere
from joren.protect.consent.selectors import person_now
from joren.protect.erasure import contracts, models, rules
from joren.protect.erasure.contracts import Kind, Part, Preview, State


def requests(
    *, only_open: bool = False, customer: int | None = None, limit: int | None = 200
) -> tuple[contracts.Request, ...]:
    """Those to be answered first, by their last day; then the others, newest first. Without a
    limit all of them."""
    rows = models.Request.objects.all()
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    waiting = [_request(row) for row in rows.filter(state__in=_OPEN).order_by("due_on", "pk")]
    if only_open:
        return tuple(waiting[:limit])
    rest = rows.exclude(state__in=_OPEN).order_by("-finished_at", "-pk")[:limit]
    return (*waiting, *(_request(row) for row in rest))[:limit]


def request(number: int) -> contracts.Request:
    row = models.Request.objects.filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchRequest(f"no request {number}", hint="joren person requests")
    return _request(row)


def due_soon(today: date, *, days: int = 7) -> int:
    """How many have to be answered within so many days, or had to be."""
    limit = date.fromordinal(today.toordinal() + days)
    return models.Request.objects.filter(state__in=_OPEN, due_on__lte=limit).count()


def forgotten() -> tuple[int, ...]:
    """The numbers of all who asked to be forgotten and were, with those they were merged from; not
    of those who are forgotten by age: whoever has no order asked for nothing."""
    rows = models.Request.objects.filter(kind="erasure", state__in=("running", "done"))
    told = rows.exclude(asked_by=contracts.BY_AGE).values_list("customer_id", "customers")
    return tuple({one for number, merged in told for one in (number, *merged)})


def steps_of(number: int) -> tuple[tuple[str, Mapping[str, int]], ...]:
    """What each room did for an erasure, in the order in which it was done."""
    rows = models.Step.objects.filter(request_id=number).order_by("pk")
    return tuple((row.eraser, row.counts) for row in rows)


def preview(customer: int) -> Preview:
    """What would go, and what stays without the person."""
    traces = traces_of(customer)
    parts = tuple(
        Part(eraser.label, _some(eraser.goes(traces)), _some(eraser.stays(traces)))
        for _, eraser in in_order()
    )
    person = traces.customers[0]
    return Preview(person, tuple(one for one in traces.customers if one != person), parts)


def was_erased(kind: str, text: str) -> tuple[contracts.Request, ...]:
    """Erasures of whoever had that e-mail or phone, or that number of a store (``kind``)."""
    key = people().key(kind, text)
    if not key:
        raise contracts.NotAsked(
            f"{text!r} is no {kind}", hint="email, phone, or the name of a store with a number"
        )
    found = rules.digest(key, secret=settings.SECRET_KEY)
    rows = models.Request.objects.filter(proofs__digest=found, kind="erasure").order_by("-pk")
    return tuple(_request(row) for row in rows)


def traces_of(customer: int) -> Traces:
    """Everything by which a person may be found; whoever was merged away is who they are now."""
    try:
        traces = people().traces([person_now(customer)])
    except NobodyThere:
        traces = None
    if traces is None:
        raise contracts.NoSuchPerson(
            f"no customer {customer}", hint="they may have been erased: joren person erased"
        )
    return traces


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in counts.items() if number}


_OPEN = ("open", "waiting", "running", "unverified")


def _request(row: models.Request) -> contracts.Request:
    return contracts.Request(
        row.pk,
        row.uid,
        cast("Kind", row.kind),
        cast("State", row.state),
        row.customer_id,
        row.asked_at,
        row.due_on,
        row.asked_by,
        row.note,
        row.suppress,
        row.finished_at,
        row.counts,
        row.error,
    )
