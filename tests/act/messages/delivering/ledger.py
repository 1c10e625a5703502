"""A ledger with messages that wait to leave, to people who agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from joren.act.messages import models, services
from joren.act.messages.contracts import Sender
from joren.core import clock
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import Said
from tests.act.messages.cast import a_template, people

BODY = "{{ customer.name | default: 'お客' }}さま、こんにちは。\n{{ unsubscribe_url }}\n"


def an_errand(
    channel: str = "email", kind: str = "brand", body: str = BODY, name: str = "新着"
) -> models.Errand:
    content = a_template(body, form="text", kind=kind, name=name)
    made = services.create(content, by="member:1", draft="{% if" in body)
    models.Template.objects.filter(pk=made.id).update(channel=channel)
    return models.Errand.objects.create(
        source="campaign", source_id=made.id, step="", template_id=made.id, channel=channel,
        kind=kind, made_at=clock.now(),
    )  # fmt: skip


def waiting(errand: models.Errand, customers: Sequence[int], **more: object) -> list[int]:
    now = clock.now() - timedelta(seconds=1)
    rows = models.Send.objects.bulk_create(
        models.Send(
            **{
                "errand_id": errand.pk, "customer_id": number, "occurrence": 1,
                "state": "waiting", "asked_at": now, "next_at": now, "counted_at": now,
                "version": 1, **more,
            }
        )
        for number in customers
    )  # fmt: skip
    return [row.pk for row in rows]


def willing(customers: Sequence[int], channel: str = "email") -> None:
    people(customers)
    for number in customers:
        consent.record(number, Said(channel, "marketing", "granted", "form"), by="member:1")


def a_sender() -> None:
    services.set_sender(Sender("常連珈琲", "hello@shop.example"), by="member:1")


def states() -> Counter[tuple[str, str]]:
    return Counter(models.Send.objects.values_list("state", "reason"))
