"""Who comes in by the door."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from joren.accounts import services
from joren.protect.audit.selectors import entries

PASSWORD = "a sentence that only one knows"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Client:
    services.add_member("alice@example.com", role="admin", password=PASSWORD)
    return Client()


def sign_in(client: Client, password: str, **more: str) -> int:
    sent = {"login": "alice@example.com", "password": password, **more}
    return client.post("/account/login/", sent).status_code


def test_alice_signs_in_and_comes_where_she_wanted(alice: Client) -> None:
    asked = alice.get("/settings/")

    answer = alice.post(
        asked["Location"],
        {"login": "Alice@example.com", "password": PASSWORD, "next": "/settings/"},
    )

    assert asked["Location"] == "/account/login/?next=/settings/"
    assert answer["Location"] == "/settings/"
    assert alice.get("/settings/").status_code == 200


def test_a_wrong_password_says_nothing_of_the_member(alice: Client) -> None:
    wrong = alice.post("/account/login/", {"login": "alice@example.com", "password": "no"})
    nobody = alice.post("/account/login/", {"login": "zoe@example.com", "password": "no"})

    assert wrong.context["form"].errors == nobody.context["form"].errors


def test_the_door_closes_after_six_wrong_passwords(alice: Client) -> None:
    answers = [sign_in(alice, "wrong") for _ in range(6)]

    assert answers == [200] * 5 + [429]
    assert sign_in(alice, PASSWORD) == 429


def test_the_door_stays_open_elsewhere(alice: Client) -> None:
    for _ in range(6):
        sign_in(alice, "wrong")

    elsewhere = Client(REMOTE_ADDR="203.0.113.9")

    assert sign_in(elsewhere, PASSWORD) == 302


def test_nobody_signs_up(charlie_the_stranger: Client) -> None:
    sent = {"email": "charlie@example.com", "password1": PASSWORD, "password2": PASSWORD}

    answer = charlie_the_stranger.post("/account/signup/", sent)

    assert answer.status_code == 404
    assert sign_in(charlie_the_stranger, PASSWORD) == 200


def test_a_removed_member_is_out_at_once(alice: Client) -> None:
    services.add_member("dora@example.com", role="admin", password=PASSWORD)
    sign_in(alice, PASSWORD)

    services.remove_member("alice@example.com")

    assert alice.get("/").status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(alice: Client) -> None:
    sign_in(alice, PASSWORD)

    services.change_password("alice@example.com", password="another sentence, newly thought")

    assert alice.get("/").status_code == 302


def test_sign_in_goes_nowhere_else(alice: Client) -> None:
    sent = {"login": "alice@example.com", "password": PASSWORD, "next": "https://evil.example/"}

    assert alice.post("/account/login/", sent)["Location"] == "/"


def test_a_second_factor_is_asked_after_the_password(alice: Client) -> None:
    sign_in(alice, PASSWORD)
    alice.post("/account/reauthenticate/", {"password": PASSWORD})
    form = alice.get("/account/2fa/totp/activate/").context["form"]
    now = format_hotp_value(hotp_value(form.secret, int(time.time()) // 30))

    alice.post("/account/2fa/totp/activate/", {"code": now})
    alice.post("/account/logout/")
    asked = alice.post("/account/login/", {"login": "alice@example.com", "password": PASSWORD})

    assert asked["Location"] == "/account/2fa/authenticate/"
    assert alice.get("/").status_code == 302


@pytest.mark.parametrize("door", ["email", "password/reset", "password/set", "signup"])
def test_nobody_changes_their_address_or_is_mailed_a_password(alice: Client, door: str) -> None:
    sign_in(alice, PASSWORD)

    assert alice.get(f"/account/{door}/").status_code == 404


def test_who_changes_their_own_password_is_written_down(alice: Client) -> None:
    sign_in(alice, PASSWORD)
    new = "another sentence, newly thought"

    alice.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert entries().items[0].action == "accounts.password_changed"
    assert sign_in(Client(), new) == 302
