"""How the API answers, whatever the operation."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.accounts import selectors, services
from joren.protect.audit.models import Entry
from tests.act.messages.cast import people

PROBLEM = "application/problem+json"


@pytest.fixture
def key(alice_the_admin: Client) -> dict[str, str]:
    scopes = ("view_figures", "change_settings", "manage_members")
    _, text = services.issue_api_key("alice@example.com", name="test", scopes=scopes)
    return {"Authorization": f"Bearer {text}"}


def alice() -> int:
    return selectors.member("alice@example.com").id


def test_without_a_key_the_answer_says_how_to_get_one(charlie_the_stranger: Client) -> None:
    answer = charlie_the_stranger.get("/api/me")

    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert "joren user key" in answer.json()["hint"]


def test_a_key_says_who_it_is(charlie_the_stranger: Client, key: dict[str, str]) -> None:
    me = charlie_the_stranger.get("/api/me", headers=key).json()

    assert me["name"].startswith("key:jrn_")
    assert "import" not in me["actions"]


def test_a_key_opens_no_page(charlie_the_stranger: Client, key: dict[str, str]) -> None:
    assert charlie_the_stranger.get("/settings/", headers=key).status_code == 302


def test_a_scope_that_is_missing_is_named(bob_the_viewer: Client) -> None:
    answer = bob_the_viewer.get("/api/members")

    assert answer.status_code == 403
    assert answer.json()["code"] == "NotAllowed"
    assert "manage_members" in answer.json()["detail"]


def test_a_refusal_keeps_its_code_and_hint(
    charlie_the_stranger: Client, key: dict[str, str]
) -> None:
    answer = charlie_the_stranger.delete(f"/api/members/{alice()}", headers=key)

    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)
    assert answer.json() == {
        "status": 409,
        "code": "LastAdmin",
        "detail": "alice@example.com is the only admin",
        "hint": "make somebody else admin first",
    }


def test_a_body_that_is_wrong_names_the_field(
    charlie_the_stranger: Client, key: dict[str, str]
) -> None:
    answer = charlie_the_stranger.put(
        f"/api/members/{alice()}/role", {}, "application/json", headers=key
    )

    assert answer.status_code == 422
    assert [one["where"] for one in answer.json()["errors"]] == ["body.body.role"]


def test_an_address_that_is_nowhere_is_a_problem_too(
    charlie_the_stranger: Client, key: dict[str, str]
) -> None:
    answer = charlie_the_stranger.get("/api/keys/nowhere/at/all", headers=key)

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_what_has_not_changed_is_not_sent_again(
    charlie_the_stranger: Client, key: dict[str, str]
) -> None:
    first = charlie_the_stranger.get("/api/business", headers=key)
    asked = {**key, "If-None-Match": first["ETag"]}

    again = charlie_the_stranger.get("/api/business", headers=asked)
    services.change_business(name="常連珈琲")
    changed = charlie_the_stranger.get("/api/business", headers=asked)

    assert (again.status_code, again.content) == (304, b"")
    assert changed.json()["name"] == "常連珈琲"


def test_a_change_of_one_field_keeps_the_others(
    charlie_the_stranger: Client, key: dict[str, str]
) -> None:
    services.change_business(name="常連珈琲", currency="JPY")

    answer = charlie_the_stranger.patch(
        "/api/business", {"currency": None}, "application/json", headers=key
    )

    assert answer.json()["name"] == "常連珈琲"
    assert answer.json()["currency"] is None


def test_a_page_of_another_site_cannot_use_a_session(alice_the_admin: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = alice_the_admin.cookies

    answer = browser.patch("/api/business", {"name": "x"}, "application/json")

    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


def test_a_key_needs_no_csrf_token(key: dict[str, str]) -> None:
    program = Client(enforce_csrf_checks=True)

    answer = program.patch("/api/business", {"name": "x"}, "application/json", headers=key)

    assert answer.status_code == 200


def test_the_docs_are_open_and_served_from_here(charlie_the_stranger: Client, db: None) -> None:
    page = charlie_the_stranger.get("/api/docs").content.decode()

    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "https://" not in page


def test_a_method_that_nothing_takes_is_a_problem_too(
    charlie_the_stranger: Client, key: dict[str, str]
) -> None:
    answer = charlie_the_stranger.post("/api/me", {}, "application/json", headers=key)

    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert answer.json()["code"] == "MethodNotAllowed"
    assert answer["Allow"] == "GET"


@pytest.mark.parametrize("what", ["consents", "life-stages", "merges", "messages"])
def test_each_read_of_one_customer_is_written_down_as_a_look(
    alice_the_admin: Client, home: object, what: str
) -> None:
    people([1])

    found = alice_the_admin.get(f"/api/customers/1/{what}")
    nobody = alice_the_admin.get(f"/api/customers/2/{what}")

    assert (found.status_code, nobody.status_code) == (200, 404)
    looks = Entry.objects.filter(action="customers.seen")
    assert [(one.subject_id, one.actor) for one in looks] == [("1", "member:1")]
