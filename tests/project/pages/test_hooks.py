"""The page of webhooks that come in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from joren.collect.webhooks import models, selectors, services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
SAMPLE = json.dumps({"no": "T-1", "at": "2026-11-22", "sum": 500})


def text_of(client: Client, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_page_says_how_to_begin(alice_the_admin: Client, bob_the_viewer: Client) -> None:
    assert "Make the address" in text_of(alice_the_admin, "/data/hooks/")
    assert "Make the address" not in text_of(bob_the_viewer, "/data/hooks/")


def test_a_secret_that_joren_thought_up_is_shown_once(alice_the_admin: Client) -> None:
    said = {"name": "till", "provider": "generic", "store": "own", "kind": "orders"}
    alice_the_admin.post("/data/hooks/add/", said)

    first, second = (text_of(alice_the_admin, "/data/hooks/") for _ in range(2))

    assert "It is shown only now" in first
    assert "It is shown only now" not in second
    assert selectors.endpoints()[0].address in second


def test_paths_are_tried_before_they_count(alice_the_admin: Client) -> None:
    one, _ = services.add_endpoint("till", provider="generic", store="own")
    address = f"/data/hooks/{one.id}/paths/"
    said = {"sample": SAMPLE, "path-order_number": "no", "path-ordered_at": "at"}

    tried = alice_the_admin.post(address, {**said, "path-total": "sum", "do": "try"})
    assert "T-1" in tried.content.decode()
    assert selectors.endpoint(one.id).mapping == {}
    refused = alice_the_admin.post(address, {**said, "path-sku": "a[].b", "do": "keep"})
    assert refused.status_code == 200
    assert selectors.endpoint(one.id).mapping == {}
    alice_the_admin.post(address, {**said, "path-total": "sum", "do": "keep"})
    assert selectors.endpoint(one.id).mapping["total"] == "sum"


def test_what_waits_is_listed_with_its_reason_and_tried_again(alice_the_admin: Client) -> None:
    one, token = services.add_endpoint("till", provider="generic", store="own", bearer=True)
    services.receive(
        one.address.removeprefix("/hooks/"),
        body=b"<script>",
        headers={"Authorization": f"Bearer {token}"},
    )
    services.read_deliveries()

    assert "it is no JSON" in text_of(alice_the_admin, "/data/hooks/")
    alice_the_admin.post("/data/hooks/waiting/retry/")
    assert models.Delivery.objects.get().state == "new"


def test_a_request_about_somebodys_data_stands_above_all_else(
    alice_the_admin: Client, home: Path
) -> None:
    models.PrivacyRequest.objects.create(
        endpoint_id=1, key="k", kind="access", store="own", customer_number="7",
        asked_at="2026-01-01T00:00:00Z",
    )  # fmt: skip

    assert "late" in text_of(alice_the_admin, "/data/hooks/")
    number = models.PrivacyRequest.objects.get().pk
    alice_the_admin.post(f"/data/hooks/privacy/{number}/")
    assert not selectors.privacy_requests()


def test_a_secret_is_changed_and_the_old_one_ends(alice_the_admin: Client) -> None:
    one, _ = services.add_endpoint("shop", provider="shopify", store="own", secret="hush")

    alice_the_admin.post(f"/data/hooks/{one.id}/secret/", {"secret": "new"})
    assert selectors.endpoint(one.id).old_secret
    alice_the_admin.post(f"/data/hooks/{one.id}/secret/", {"forget": "yes"})
    assert not selectors.endpoint(one.id).old_secret
    alice_the_admin.post(f"/data/hooks/{one.id}/disable/")
    assert selectors.endpoint(one.id).disabled_at
