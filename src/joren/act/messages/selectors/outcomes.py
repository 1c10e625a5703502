"""What came of messages, by what sent them: for whoever watches over campaigns and journeys.

A message belongs to the days in which it was asked for, as an index holds them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Count, QuerySet

from joren.act.messages import models
from joren.act.messages.contracts import TRANSACTIONAL, OutcomeOf, Reached
from joren.act.messages.rules import bounces

_AT_ONCE = 500
_BOUNCES = ("bounced", "rejected", "failed")


def outcomes_since(since: datetime, errands: Sequence[int] | None = None) -> list[OutcomeOf]:
    """Of each errand: how many left, came back, and were reported as spam; transactional ones have
    no part in it. Each message counts once for each word."""
    rows = models.Errand.objects.exclude(kind=TRANSACTIONAL).select_related("template")
    known = rows.in_bulk(None if errands is None else list(errands))
    sent = _sent(since, known)
    told = _verdicts(since, known)
    return [
        OutcomeOf(
            pk, one.source, one.source_id, one.step, one.channel, one.kind, one.template.name,
            one.held_at, sent[pk], told[pk, "bounce"], told[pk, "complaint"],
        )
        for pk, one in sorted(known.items())
        if sent[pk] or one.held_at
    ]  # fmt: skip


def complaints_since(since: datetime) -> list[tuple[int, datetime]]:
    """(customer, when) of each report of spam."""
    told = models.Feedback.objects.filter(at__gte=since, kind__in=("complained", "rejected"))
    found: dict[int, datetime] = {}
    for send, kind, reason, at in told.exclude(send_id=None).values_list(
        "send_id", "kind", "reason", "at"
    ):
        if bounces.verdict(kind, reason) == "complaint":
            found[send or 0] = at
    whose = dict(_of_sends(found, "customer_id"))
    return [(whose[send], at) for send, at in found.items() if send in whose]


def reached_among(customers: Iterable[int], since: datetime) -> list[Reached]:
    """The messages that these got, or would have got had a lot not left them out."""
    found = []
    for some in _parts(sorted(set(customers))):
        rows = models.Send.objects.filter(
            customer_id__in=some, asked_at__gte=since, state__in=("sent", "held_out")
        )
        found += [
            Reached(customer, errand, state == "held_out", sent_at or asked_at)
            for customer, errand, state, sent_at, asked_at in rows.values_list(
                "customer_id", "errand_id", "state", "sent_at", "asked_at"
            )
        ]
    return found


def people_since(since: datetime, source: str, source_id: int) -> tuple[int, int]:
    """How many customers got anything of it, and how many a lot left out of it."""
    errands = models.Errand.objects.filter(source=source, source_id=source_id).values("pk")
    rows = models.Send.objects.filter(errand_id__in=errands, asked_at__gte=since)
    told = rows.order_by().values("state").annotate(n=Count("customer_id", distinct=True))
    by_state = dict(told.filter(state__in=("sent", "held_out")).values_list("state", "n"))
    return by_state.get("sent", 0), by_state.get("held_out", 0)


def _sent(since: datetime, known: Iterable[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for some in _parts(sorted(known)):
        rows = models.Send.objects.filter(errand_id__in=some, state="sent", asked_at__gte=since)
        counted = rows.order_by().values_list("errand_id").annotate(n=Count("pk"))
        found.update(dict(counted))
    return found


def _verdicts(since: datetime, known: Iterable[int]) -> Counter[tuple[int, str]]:
    told = models.Feedback.objects.filter(at__gte=since, kind__in=(*_BOUNCES, "complained"))
    said: dict[int, set[str]] = defaultdict(set)
    for send, kind, reason in told.exclude(send_id=None).values_list("send_id", "kind", "reason"):
        verdict = bounces.verdict(kind, reason)
        said[send or 0].add("bounce" if verdict.endswith("bounce") else verdict)
    among, found = set(known), Counter[tuple[int, str]]()
    since_of = models.Send.objects.filter(state="sent", asked_at__gte=since)
    for send, errand in _of_sends(said, "errand_id", since_of):
        if errand in among:
            found.update((errand, one) for one in said[send])
    return found


def _of_sends(
    sends: Iterable[int], column: str, rows: QuerySet[models.Send] | None = None
) -> Iterator[tuple[int, int]]:
    rows = models.Send.objects.all() if rows is None else rows
    for some in _parts(sorted(sends)):
        yield from rows.filter(pk__in=some).values_list("pk", column)


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]
