"""What Shopify keeps of consents, from its webhooks into the ledger."""

from __future__ import annotations

import pytest

from joren.collect.customers import selectors as people
from joren.collect.webhooks import services
from joren.plumbing.warehouse import warehouse
from joren.protect.consent import selectors as consents
from joren.protect.consent.contracts import Matter
from tests.collect.webhooks.test_services import ORDER, added, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_what_the_shop_keeps_of_consents_stands_in_the_ledger() -> None:
    one = added()
    consent = {"state": "subscribed", "opt_in_level": "confirmed_opt_in",
               "consent_updated_at": "2026-10-01T09:00:00+09:00"}  # fmt: skip
    customer = {**ORDER["customer"], "updated_at": "2026-11-22T12:00:00+09:00",
                "email_marketing_consent": consent,
                "sms_marketing_consent": {"state": "not_subscribed"}}  # fmt: skip
    send(one, customer, "customers/update")
    services.read_deliveries()

    (who,) = set(people.person_of(warehouse())["customer_id"].to_pylist())
    entries = [
        (entry.channel, entry.act, entry.source, entry.at.isoformat(), entry.proof)
        for entry in consents.entries_of(who)
    ]
    number = ORDER["customer"]["id"]
    assert entries == [
        ("email", "granted", "shopify", "2026-10-01T00:00:00+00:00",
         f"shopify customer {number}, confirmed_opt_in"),
    ]  # fmt: skip
    later = {**consent, "state": "unsubscribed", "consent_updated_at": "2026-11-23T09:00:00+09:00"}
    send(one, {**ORDER, "customer": {**customer, "email_marketing_consent": later}})
    services.read_deliveries()
    (standing,) = consents.standings_of(who, [Matter("email", "marketing")])
    assert standing.state == "refused"
