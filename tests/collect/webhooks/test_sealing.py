"""Bodies of webhooks lie sealed until they are read, and those of before are read too."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as configured

from joren.collect.customers.contracts import WrongKey
from joren.collect.customers.services import key_line, rotate_keys
from joren.collect.webhooks import models, selectors, services
from joren.core import clock
from joren.core.erasing import ERASERS, Traces
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


ASKED = {"customer": {"id": 7, "email": "hanako@example.com", "phone": "09012345678"}}


def stored() -> str:
    return json.dumps([*models.PrivacyRequest.objects.values()], default=str)


def test_contacts_in_what_a_shop_asks_lie_sealed_until_it_is_answered() -> None:
    one = added()
    send(one, ASKED, "customers/redact")
    services.read_deliveries()
    (request,) = selectors.privacy_requests()
    secret = stored()

    closed = services.close_privacy_request(request.id, actor="alice")

    assert (request.email, request.phone) == ("hanako@example.com", "09012345678")
    assert "hanako" not in secret
    assert "0901234" not in secret
    assert (closed.email, closed.phone) == ("", "")
    assert models.PrivacyRequest.objects.get().sealed == ""


def test_a_request_of_before_is_sealed_by_the_sweep_and_erased_with_the_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models.PrivacyRequest.objects.create(
        endpoint_id=1, key="k", kind="erase_customer", store="own", email="hanako@example.com",
        asked_at=clock.now(),
    )  # fmt: skip
    hers = Traces((1,), emails=frozenset({"hanako@example.com"}))
    assert ERASERS["webhooks"].goes(hers)["requests that a shop passed on"] == 1

    services.sweep()
    assert "hanako" not in stored()
    assert selectors.privacy_requests()[0].email == "hanako@example.com"
    keys = f"{key_line('k2')} {configured.JOREN_PERSONAL_KEYS}"
    monkeypatch.setattr(configured, "JOREN_PERSONAL_KEYS", keys)
    rotate_keys(by="alice")
    done = ERASERS["webhooks"].erase(hers)

    assert done["requests that a shop passed on"] == 1
    assert models.PrivacyRequest.objects.get().sealed == ""


def test_the_sample_of_a_body_lies_sealed_and_one_of_before_is_sealed_by_the_sweep() -> None:
    one = added("generic", kind="customers")
    sample = '{"no": "7", "mail": "hanako@example.com"}'

    services.change_paths(one.id, sample=sample, paths={"customer_number": "no", "email": "mail"})

    def lies() -> str:
        return json.dumps([*models.Endpoint.objects.values()], default=str)

    assert "hanako" not in lies()
    assert selectors.endpoint(one.id).sample == sample
    models.Endpoint.objects.update(sample=sample, sealed="")
    assert selectors.endpoint(one.id).sample == sample
    services.sweep()
    assert "hanako" not in lies()
    assert selectors.endpoint(one.id).sample == sample
    hers = Traces((1,), emails=frozenset({"hanako@example.com"}))
    assert ERASERS["webhooks"].erase(hers)["samples of webhooks"] == 1
    assert selectors.endpoint(one.id).sample == ""
