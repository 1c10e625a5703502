"""The settings page and who may use it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from joren.accounts import selectors, services

FORMS = [
    ("/settings/business/", {"name": "x", "time_zone": "Asia/Tokyo"}),
    ("/settings/members/", {"email": "zoe@example.com", "role": "admin", "password": "x" * 20}),
    ("/settings/members/1/role/", {"role": "admin"}),
    ("/settings/members/1/remove/", {}),
    ("/settings/keys/", {"email": "bob@example.com", "name": "x", "scopes": ["import"]}),
    ("/settings/keys/jrn_00000000/revoke/", {}),
]


@pytest.mark.parametrize(("address", "sent"), FORMS)
def test_a_viewer_cannot_change_settings(
    bob_the_viewer: Client, address: str, sent: dict[str, str]
) -> None:
    assert bob_the_viewer.post(address, sent).status_code == 403


@pytest.mark.parametrize(("address", "sent"), FORMS)
def test_a_stranger_is_sent_to_sign_in(
    charlie_the_stranger: Client, address: str, sent: dict[str, str]
) -> None:
    assert charlie_the_stranger.post(address, sent)["Location"].startswith("/account/login/")


def test_a_viewer_sees_no_other_member(bob_the_viewer: Client, alice_the_admin: Client) -> None:
    page = bob_the_viewer.get("/settings/").content.decode()

    assert "alice@example.com" not in page


def test_alice_changes_the_business(alice_the_admin: Client) -> None:
    sent = {"name": "常連珈琲", "time_zone": "Asia/Tokyo", "currency": "jpy", "profile": "repeat"}

    alice_the_admin.post("/settings/business/", sent)

    business = selectors.business()
    assert (business.name, business.currency, business.profile) == ("常連珈琲", "JPY", "repeat")


def test_a_member_is_changed_and_removed_by_number(
    alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    page = alice_the_admin.get("/settings/").content.decode()
    bob = selectors.member("bob@example.com").id

    alice_the_admin.post(f"/settings/members/{bob}/role/", {"role": "support"})
    assert selectors.member("bob@example.com").role == "support"
    alice_the_admin.post(f"/settings/members/{bob}/remove/")

    assert [one.email for one in selectors.members()] == ["alice@example.com"]
    assert f'action="/settings/members/{bob}/role/"' in page
    again = alice_the_admin.post(f"/settings/members/{bob}/remove/", follow=True)
    assert "message error" in again.content.decode()


def test_a_refusal_is_shown_with_its_way_out(alice_the_admin: Client) -> None:
    sent = {"email": "bob@example.com", "role": "viewer", "password": "short"}

    page = alice_the_admin.post("/settings/members/", sent, follow=True).content.decode()

    assert "message error" in page
    assert len(selectors.members()) == 1


def test_a_new_key_is_shown_once(alice_the_admin: Client) -> None:
    sent = {"email": "alice@example.com", "name": "shop", "scopes": ["import"]}

    first = alice_the_admin.post("/settings/keys/", sent, follow=True).content.decode()
    second = alice_the_admin.get("/settings/").content.decode()

    [key] = re.findall(r'class="secret">([^<]+)<', first)
    assert services.use_api_key(key) is not None
    assert key not in second


def test_a_forged_form_is_refused(alice_the_admin: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = alice_the_admin.cookies

    assert browser.post("/settings/business/", {"name": "x"}).status_code == 403
