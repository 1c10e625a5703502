"""Do mails arrive? Week by week, and where nothing is sent any more."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Final

import numpy as np
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.contracts import MailboxShare, Suppressed, WeekOfMail
from joren.act.messages.rules import bounces
from joren.act.messages.selectors.ledger import begin_of
from joren.act.messages.selectors.stopping import of_this_mailbox_sql
from joren.core import clock
from joren.plumbing.cursor import Slice, decode, encode
from joren.protect.consent.selectors import circle_of
from joren.science.inference import proportion_interval

WEEKS: Final = 12
_KINDS: Final = ("bounced", "rejected", "failed", "complained")


def weeks_of_mail(weeks: int = WEEKS) -> list[WeekOfMail]:
    """The newest first; each message counts once for each of bounces and complaints."""
    today = clock.shop_day(clock.now(), business().time_zone)
    monday = today - timedelta(today.weekday())
    begins = [monday - timedelta(7 * place) for place in range(weeks)]
    moments = [begin_of(one) for one in begins]
    place = Case(
        *(When(asked_at__gte=at, then=Value(n)) for n, at in enumerate(moments)),
        output_field=IntegerField(),
    )
    errands = models.Errand.objects.filter(channel="email").values("pk")
    rows = models.Send.objects.filter(
        state="sent", asked_at__gte=moments[-1], errand_id__in=errands
    ).annotate(week=place)
    sent = dict(rows.order_by().values_list("week").annotate(n=Count("pk")))
    told = models.Feedback.objects.filter(kind__in=_KINDS, at__gte=moments[-1])
    said = list(told.exclude(send_id=None).values_list("send_id", "kind", "reason"))
    weeks_of = dict(
        rows.filter(pk__in={send for send, *_ in said}).order_by().values_list("pk", "week")
    )
    verdicts = {
        (send, bounces.verdict(kind, reason)) for send, kind, reason in said if send in weeks_of
    }
    counted = Counter((weeks_of[send], verdict) for send, verdict in verdicts)
    found = []
    for n, begin in enumerate(begins):
        total, bad = sent.get(n, 0), counted[n, "complaint"]
        limits = proportion_interval(bad, total) if total else None
        found.append(
            WeekOfMail(
                begin, total, counted[n, "hard_bounce"], counted[n, "soft_bounce"], bad,
                None if limits is None else float(np.asarray(limits.low)),
                None if limits is None else float(np.asarray(limits.high)),
            )
        )  # fmt: skip
    return found


def mailbox_shares(days: int = 28) -> list[MailboxShare]:
    """By the mailboxes that mails of the last days went to, most first; those of before mailboxes
    were noted are left out."""
    since = clock.now() - timedelta(days=days)
    errands = models.Errand.objects.filter(channel="email").values("pk")
    rows = models.Send.objects.filter(state="sent", asked_at__gte=since, errand_id__in=errands)
    rows = rows.exclude(mailbox="")
    sent = dict(rows.order_by().values_list("mailbox").annotate(n=Count("pk")))
    told = models.Feedback.objects.filter(kind__in=_KINDS, at__gte=since).exclude(send_id=None)
    said = list(told.values_list("send_id", "kind", "reason"))
    numbers = sorted({send for send, *_ in said if send})
    theirs: dict[int, str] = {}
    for start in range(0, len(numbers), 500):
        some = rows.filter(pk__in=numbers[start : start + 500])
        theirs.update(some.values_list("pk", "mailbox"))
    verdicts = {
        (send, bounces.verdict(kind, reason)) for send, kind, reason in said if send in theirs
    }
    counted = Counter((theirs[send or 0], verdict) for send, verdict in verdicts)
    found = []
    for name, total in sorted(sent.items(), key=lambda one: -one[1]):
        bad = counted[name, "complaint"]
        limits = proportion_interval(bad, total)
        found.append(
            MailboxShare(
                name, total, counted[name, "hard_bounce"], counted[name, "soft_bounce"], bad,
                float(limits.low), float(limits.high),
            )
        )  # fmt: skip
    return found


def suppressed(
    *, customer: int | None = None, reason: str = "", after: str = "", limit: int = 50
) -> Slice[Suppressed]:
    """Where nothing is sent now, the newest first; of one customer also under older numbers."""
    same = RawSQL(of_this_mailbox_sql(), [])  # noqa: S611 (relations of people are ours)
    holding = Q(mailbox="") | Q(pk__in=same)
    rows = models.Suppression.objects.exclude(until__lte=clock.now()).filter(holding)
    rows = rows.order_by("-pk")
    if customer is not None:
        rows = rows.filter(customer_id__in=circle_of(customer))
    if reason:
        rows = rows.filter(reason=reason)
    if after:
        rows = rows.filter(pk__lt=decode(after, size=1)[0])
    found = list(rows[: limit + 1])
    shown = tuple(
        Suppressed(
            row.pk, row.customer_id, row.channel, row.reason, row.since, row.until, row.source
        )
        for row in found[:limit]
    )
    return Slice(shown, encode(shown[-1].id) if len(found) > limit else "")
