"""Questions about what came back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from joren.act.messages import models
from joren.act.messages.contracts import Finding, Rates
from joren.act.messages.rules import bounces, clicks
from joren.act.messages.rules.records import of_dkim, of_dmarc, of_spf
from joren.core import clock


def records(*, spf: str, dkim: str, dmarc: str) -> tuple[Finding, ...]:
    """What is wrong with what a domain says of itself, as pasted from its DNS."""
    return (*of_spf(spf), *of_dkim(dkim), *of_dmarc(dmarc))


def rates(days: int) -> Rates:
    """Of the mails that left in the last days; each message counts once for each word."""
    since = clock.now() - timedelta(days=days)
    errands = models.Errand.objects.filter(channel="email").values("pk")
    sent = models.Send.objects.filter(state="sent", sent_at__gte=since, errand_id__in=errands)
    told = models.Feedback.objects.filter(send_id__in=sent.values("pk"))
    found: dict[str, set[int]] = {}
    asked = ("bounced", "rejected", "failed", "complained", "opened")
    for send, kind, reason in told.filter(kind__in=asked).values_list("send_id", "kind", "reason"):
        found.setdefault(bounces.verdict(kind, reason) or kind, set()).add(send or 0)
    opened_links: dict[int, list[clicks.Click]] = {}
    for pk, send, at, address, agent in told.filter(kind="clicked").values_list(
        "pk", "send_id", "at", "address", "agent"
    ):
        opened_links.setdefault(send or 0, []).append(clicks.Click(pk, at, address, agent))
    left = dict(models.Send.objects.filter(pk__in=list(opened_links)).values_list("pk", "sent_at"))
    people: Counter[bool] = Counter(
        len(clicks.scanners(some, sent_at=left.get(send))) < len(some)
        for send, some in opened_links.items()
    )
    return Rates(
        sent=sent.count(),
        hard_bounces=len(found.get("hard_bounce", ())),
        soft_bounces=len(found.get("soft_bounce", ())),
        complaints=len(found.get("complaint", ())),
        opened=len(found.get("opened", ())),
        clicked=people[True],
        scanned=people[False],
    )
