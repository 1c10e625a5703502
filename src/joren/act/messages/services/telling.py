"""Tell the warehouse what became of messages, through the door by which all events come.

So segments and journeys can ask who got, opened or clicked something, and effects can count it. A
crash in the middle tells again, and what is told twice is one event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet

from joren.act.messages import models, selectors
from joren.act.messages.rules import bounces, clicks
from joren.act.messages.rules.facts import Fact, message_of
from joren.collect.customers import selectors as people
from joren.collect.inbox import selectors as inbox
from joren.collect.inbox import services as arriving
from joren.collect.inbox.contracts import OWN
from joren.core import clock

SOURCE: Final = f"{OWN}messages"
_AT_ONCE: Final = 2_000
_SETTLED: Final = timedelta(seconds=60)
"""After a click, in which a scanner's others have come too."""

_FOLLOWS: Final = frozenset(("opened", "clicked"))


def tell_facts() -> int:
    """Some of what is not told yet; returns how many rows were looked at."""
    sent = _untold(models.Send.objects.filter(state="sent"))
    heard = _untold(models.Feedback.objects.filter(state="done", at__lte=clock.now() - _SETTLED))
    if not (sent.exists() or heard.exists()):
        return 0
    source = _source()
    if source is None:
        return 0
    return _tell_sent(sent, source) + _tell_heard(heard, source)


def _untold(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(told=False).order_by("pk")


def _source() -> int | None:
    """Ours, among the sources of events; None where the shop has no store, and so nobody."""
    known = next((one for one in inbox.sources() if one.name == SOURCE), None)
    if known is not None:
        return None if known.revoked_at else known.id
    stores = people.stores()
    if not stores:
        return None
    made, _ = arriving.add_source(SOURCE, kind="server", store=stores[0].name, by="joren")
    return made.id


def _tell_sent(untold: QuerySet[models.Send], source: int) -> int:
    rows = list(untold[:_AT_ONCE])
    errands = models.Errand.objects.in_bulk({row.errand_id for row in rows})
    _tell(
        source,
        [
            (row.customer_id, _fact(f"sent:{row.pk}", "sent", row.sent_at or row.asked_at,
                                    errands[row.errand_id]))
            for row in rows
        ],
    )  # fmt: skip
    _mark(models.Send, [row.pk for row in rows])
    return len(rows)


def _tell_heard(untold: QuerySet[models.Feedback], source: int) -> int:
    rows = list(untold[:_AT_ONCE])
    sends = models.Send.objects.in_bulk({row.send_id for row in rows if row.send_id})
    errands = models.Errand.objects.in_bulk({one.errand_id for one in sends.values()})
    scanned = _scanned(rows, sends)
    refused = selectors.refused_tracking([one.customer_id for one in sends.values()])
    facts = []
    for row in rows:
        send = sends.get(row.send_id or 0)
        follows = row.kind in _FOLLOWS
        if send is None or row.pk in scanned or (follows and send.customer_id in refused):
            continue
        if row.kind == "clicked" and row.address.startswith(f"{settings.JOREN_URL}/"):
            continue  # a link of ours by another's count: we told where it led, or it is a way out
        what = row.kind if follows else bounces.verdict(row.kind, row.reason)
        fact = _fact(f"heard:{row.pk}", what, row.at, errands[send.errand_id], row.address)
        facts.append((send.customer_id, fact))
    _tell(source, facts)
    _mark(models.Feedback, [row.pk for row in rows])
    return len(rows)


def _scanned(rows: Iterable[models.Feedback], sends: dict[int, models.Send]) -> set[int]:
    """Clicks of scanners, judged by all clicks of their messages."""
    wanted = {row.send_id for row in rows if row.kind == "clicked" and row.send_id}
    every: dict[int, list[clicks.Click]] = {}
    told = models.Feedback.objects.filter(send_id__in=wanted, kind="clicked")
    for pk, send, at, address, agent in told.values_list("pk", "send_id", "at", "address", "agent"):
        every.setdefault(send or 0, []).append(clicks.Click(pk, at, address, agent))
    found: set[int] = set()
    for send, some in every.items():
        row = sends.get(send)
        found |= clicks.scanners(some, sent_at=row.sent_at if row else None)
    return found


def _fact(key: str, what: str, at: Any, errand: models.Errand, url: str = "") -> Fact:
    return Fact(key, what, at, errand.channel, errand.kind, errand.source, errand.source_id, url)


def _tell(source: int, facts: Sequence[tuple[int, Fact]]) -> None:
    now = selectors.as_now([customer for customer, _ in facts])
    known = people.an_identity_of(sorted(set(now.values())))
    messages = []
    for customer, fact in facts:
        identity = known.get(now[customer])
        if identity is None:
            continue  # they were erased, or nothing that is kept could ever be theirs
        made = message_of(fact, identity=identity)
        if made is not None:
            messages.append(made)
    if messages:
        arriving.keep_messages(source, messages)


def _mark(model: type[models.Send] | type[models.Feedback], numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), 500):
        model.objects.filter(pk__in=numbers[start : start + 500]).update(told=True)
