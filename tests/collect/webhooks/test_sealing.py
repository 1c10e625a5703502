"""Bodies of webhooks lie sealed until they are read, and those of before are read too."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as configured

from joren.collect.customers.contracts import WrongKey
from joren.collect.webhooks import models, services
from joren.core import clock
from tests.collect.webhooks.test_services import ORDER, added, orders, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

EMAIL = str(ORDER["email"]).encode()


def bodies() -> list[bytes]:
    return [bytes(one) for one in models.Delivery.objects.values_list("body", flat=True)]


def test_nothing_of_a_body_can_be_read_in_the_database() -> None:
    one = added()
    assert send(one, ORDER) == 200
    assert EMAIL not in bodies()[0]

    services.read_deliveries()

    assert len(orders()) == 1
    assert bodies() == [b""]
    assert models.Delivery.objects.get().sealed == ""


def test_a_body_of_before_that_waits_is_sealed_by_the_sweep_and_read_all_the_same() -> None:
    one = added()
    models.Delivery.objects.create(
        endpoint_id=one.id, key="k", topic="orders/create", received_at=clock.now(),
        body=json.dumps(ORDER).encode(),
    )  # fmt: skip

    services.sweep()
    assert EMAIL not in bodies()[0]
    services.read_deliveries()

    assert len(orders()) == 1


def test_without_its_key_a_body_waits_and_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = added()
    send(one, ORDER)
    with monkeypatch.context() as other:
        other.setattr(configured, "JOREN_PERSONAL_KEYS", "k9:" + "A" * 43 + "=")
        with pytest.raises(WrongKey):
            services.read_deliveries()
        assert send(one, ORDER, key="again") == 503

    services.read_deliveries()

    assert len(orders()) == 1
