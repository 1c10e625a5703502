"""Questions to the ledger: what became of each message to one customer, and why."""

from __future__ import annotations

from collections.abc import Sequence

from joren.act.messages import models
from joren.act.messages.contracts import Sent
from joren.protect.consent.selectors import circle_of


def of_customer(customer: int, *, limit: int = 100) -> list[Sent]:
    """Every message that was to reach them, also under a number they had before; newest first.

    Who was left out or put off has rows too: it is the answer to "why did they get none?".
    """
    rows = models.Send.objects.filter(customer_id__in=circle_of(customer))
    return _told(list(rows.order_by("-asked_at", "-pk")[:limit]))


def _told(rows: Sequence[models.Send]) -> list[Sent]:
    errands = models.Errand.objects.in_bulk({row.errand_id for row in rows})
    names = dict(models.Template.objects.values_list("pk", "name"))
    return [
        Sent(
            id=row.pk, errand=row.errand_id, source=errands[row.errand_id].source,
            source_id=errands[row.errand_id].source_id, step=errands[row.errand_id].step,
            template=errands[row.errand_id].template_id,
            template_name=names.get(errands[row.errand_id].template_id, ""),
            channel=errands[row.errand_id].channel, kind=errands[row.errand_id].kind,
            customer=row.customer_id, occurrence=row.occurrence, state=row.state,
            reason=row.reason, lot=row.lot, worth=row.worth, asked_at=row.asked_at,
            next_at=row.next_at, expires_at=row.expires_at, counted_at=row.counted_at,
            version=row.version, cost=row.cost, sent_at=row.sent_at,
        )
        for row in rows
    ]  # fmt: skip
