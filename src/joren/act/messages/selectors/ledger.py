"""Questions to the ledger: what became of each message, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, F, Max, Q, QuerySet, Value
from django.db.models.functions import Concat

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.contracts import LedgerAsked, LedgerCount, Sent
from joren.act.messages.rules.nights import moment
from joren.core import clock
from joren.plumbing.cursor import Slice, decode, encode, micros, moment_at, number_at
from joren.protect.consent.selectors import circle_of

_FEW: Final = 5_000
"""Rows below which they are looked up by the index, and above which one walks from the newest."""

_MOST_ERRANDS: Final = 500
_PART: Final = 1_000


@dataclass(frozen=True)
class _Group:
    errand: int
    state: str
    reason: str
    n: int


def of_customer(
    customer: int, *, limit: int = 100, before: tuple[datetime, int] | None = None
) -> list[Sent]:
    """Every message that was to reach them, also under a number they had before; newest first.

    Who was left out or put off has rows too: it is the answer to "why did they get none?".
    ``before``: those older than that, or as old and numbered below it.
    """
    rows = models.Send.objects.filter(customer_id__in=circle_of(customer))
    if before is not None:
        at, number = before
        rows = rows.filter(Q(asked_at__lt=at) | Q(asked_at=at, pk__lt=number))
    return _told(list(rows.order_by("-asked_at", "-pk")[:limit]))


def part_of_customer(customer: int, *, after: str = "", limit: int = 100) -> Slice[Sent]:
    """The same in slices."""
    at, last = decode(after, size=2) if after else (0, 0)
    before = (moment_at(after, at), number_at(after, last)) if after else None
    found = of_customer(customer, limit=limit + 1, before=before)
    shown = tuple(found[:limit])
    onward = encode(micros(shown[-1].asked_at), shown[-1].id) if len(found) > limit else ""
    return Slice(shown, onward)


def ledger_counts(asked: LedgerAsked) -> list[LedgerCount]:
    """How many rows are in each state for each reason, most first."""
    return _summed(_groups(asked))


def ledger_rows(asked: LedgerAsked, *, after: str = "", limit: int = 50) -> Slice[Sent]:
    """Rows, the newest first."""
    return _slice(asked, _groups(asked), after, limit)


def ledger_page(
    asked: LedgerAsked, *, after: str = "", limit: int = 50
) -> tuple[Slice[Sent], list[LedgerCount]]:
    """Both, for the price of one."""
    groups = _groups(asked)
    return _slice(asked, groups, after, limit), _summed(groups)


def whole_ledger(asked: LedgerAsked) -> Iterator[Sent]:
    """Every row, the newest first, a thousand at a time."""
    groups = _groups(asked)
    if not groups:
        return
    rows = _rows(asked, groups).order_by("-pk")
    part = list(rows[:_PART])
    while part:
        yield from _told(part)
        part = list(rows.filter(pk__lt=part[-1].pk)[:_PART])


def errand_sources() -> list[tuple[str, int]]:
    """(source, number) of everything that has sent or asked to."""
    rows = models.Errand.objects.order_by("source", "-source_id")
    return list(rows.values_list("source", "source_id").distinct())


def _summed(groups: Sequence[_Group]) -> list[LedgerCount]:
    found: Counter[tuple[str, str]] = Counter()
    for one in groups:
        found[one.state, one.reason] += one.n
    return [LedgerCount(state, reason, n) for (state, reason), n in found.most_common()]


def _slice(asked: LedgerAsked, groups: Sequence[_Group], after: str, limit: int) -> Slice[Sent]:
    if not groups:
        return Slice(())
    rows = _rows(asked, groups)
    if after:
        rows = rows.filter(pk__lt=decode(after, size=1)[0])
    found = list(rows.order_by("-pk")[: limit + 1])
    shown = tuple(_told(found[:limit]))
    return Slice(shown, encode(shown[-1].id) if len(found) > limit else "")


def _groups(asked: LedgerAsked) -> list[_Group]:
    """By errand, state and reason: an index holds all of it, so that a million rows are read at
    once, and no row is."""
    errands = _errands(asked)
    rows = _of_days(models.Send.objects.all(), asked)
    if errands is not None and len(errands) <= _MOST_ERRANDS:
        rows = rows.filter(errand_id__in=errands)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.reason is not None:
        rows = rows.filter(reason=asked.reason)
    counted = rows.order_by().values_list("errand_id", "state", "reason")
    among = None if errands is None else set(errands)
    return [
        one
        for one in (_Group(*row) for row in counted.annotate(n=Count("pk")))
        if among is None or one.errand in among
    ]


def _rows(asked: LedgerAsked, groups: Sequence[_Group]) -> QuerySet[models.Send]:
    """Few are looked up by the index that counted them; of many the table is walked from the
    newest, which finds some soon."""
    errands = sorted({one.errand for one in groups})
    rows = _of_days(models.Send.objects.all(), asked)
    if sum(one.n for one in groups) <= _FEW and len(errands) <= _MOST_ERRANDS:
        found = rows.filter(
            errand_id__in=errands,
            state__in={one.state for one in groups},
            reason__in={one.reason for one in groups},
        )
        return models.Send.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
    if asked.until is not None:
        last = _of_days(models.Send.objects.all(), LedgerAsked(until=asked.until))
        rows = rows.filter(pk__lte=last.aggregate(last=Max("pk"))["last"] or 0)
    # Sums are in no index, so that none is taken for the walk.
    if asked.state or asked.reason is not None:
        pairs = {(one.state, one.reason) for one in groups}
        rows = rows.annotate(said=Concat("state", Value(" "), "reason"))
        rows = rows.filter(said__in=[" ".join(pair) for pair in pairs])
    if _errands(asked) is not None:
        rows = rows.annotate(of_errand=F("errand_id") + 0).filter(of_errand__in=errands)
    return rows


def _errands(asked: LedgerAsked) -> list[int] | None:
    """Those that are asked for; None: all of them."""
    if not (asked.source or asked.channel or asked.kind):
        return None
    rows = models.Errand.objects.all()
    if asked.source:
        rows = rows.filter(source=asked.source)
    if asked.source and asked.source_id:
        rows = rows.filter(source_id=asked.source_id)
    if asked.channel:
        rows = rows.filter(channel=asked.channel)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return list(rows.values_list("pk", flat=True))


def _of_days(rows: QuerySet[models.Send, Any], asked: LedgerAsked) -> QuerySet[models.Send, Any]:
    if asked.since is not None:
        rows = rows.filter(asked_at__gte=begin_of(asked.since))
    if asked.until is not None:
        rows = rows.filter(asked_at__lt=begin_of(asked.until + timedelta(1)))
    return rows


def begin_of(day: date) -> datetime:
    """When that day begins in the shop."""
    return moment(day, time(0), clock.zone(business().time_zone))


def _told(rows: Sequence[models.Send]) -> list[Sent]:
    errands = models.Errand.objects.select_related("template").in_bulk(
        {row.errand_id for row in rows}
    )
    return [
        Sent(
            id=row.pk, errand=row.errand_id, source=errands[row.errand_id].source,
            source_id=errands[row.errand_id].source_id, step=errands[row.errand_id].step,
            template=errands[row.errand_id].template_id,
            template_name=errands[row.errand_id].template.name,
            channel=errands[row.errand_id].channel, kind=errands[row.errand_id].kind,
            customer=row.customer_id, occurrence=row.occurrence, state=row.state,
            reason=row.reason, lot=row.lot, worth=row.worth, asked_at=row.asked_at,
            next_at=row.next_at, expires_at=row.expires_at, counted_at=row.counted_at,
            version=row.version, cost=row.cost, sent_at=row.sent_at,
        )
        for row in rows
    ]  # fmt: skip
