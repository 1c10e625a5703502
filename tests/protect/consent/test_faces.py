"""Consents for programs, for the terminal, and on the page of a customer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from typer.testing import CliRunner

from joren.project.cli import app
from joren.protect.consent import selectors, services
from joren.protect.consent.contracts import Matter
from tests.protect.consent.cast import people

pytestmark = pytest.mark.django_db
NEWS = Matter("email", "marketing")


def test_a_program_writes_down_what_was_said_and_asks_who_may_be_written_to(
    alice_the_admin: Client, home: Path
) -> None:
    people(1, 2)
    said = {"channel": "email", "purpose": "marketing", "act": "granted", "proof": "form-7"}

    made = alice_the_admin.post("/api/customers/1/consents", said, "application/json")
    asked = alice_the_admin.post(
        "/api/consents/permission",
        {"customers": [1, 2], "channel": "email", "purpose": "marketing"},
        "application/json",
    )

    assert made.status_code == 201
    assert made.json()["standings"][0]["state"] == "granted"
    assert asked.json()["items"] == [
        {"customer_id": 1, "may": True, "why": "granted"},
        {"customer_id": 2, "may": False, "why": "unasked"},
    ]
    assert alice_the_admin.get("/api/consents/counts").json()["email/marketing"]["granted"] == 1


def test_a_viewer_neither_reads_nor_writes_consents(bob_the_viewer: Client, home: Path) -> None:
    people(1)

    assert bob_the_viewer.get("/api/customers/1/consents").status_code == 403
    assert (
        bob_the_viewer.post("/api/customers/1/consents", {}, "application/json").status_code == 403
    )
    assert bob_the_viewer.post("/customers/1/consents/", {}).status_code == 403


def test_a_program_gets_links_and_a_way_to_confirm(
    alice_the_admin: Client, home: Path, settings: object
) -> None:
    settings.JOREN_URL = "https://shop.example"  # type: ignore[attr-defined]
    people(1)

    links = alice_the_admin.get(
        "/api/customers/1/consents/links", {"channel": "email", "purpose": "marketing"}
    ).json()
    asked = alice_the_admin.post(
        "/api/customers/1/consents/ask",
        {"channel": "email", "purpose": "marketing"},
        "application/json",
    ).json()

    assert links["headers"]["List-Unsubscribe"] == f"<{links['unsubscribe']}>"
    assert Client().post(asked["link"].removeprefix("https://shop.example")).status_code == 200
    assert selectors.standings_of(1, [NEWS])[0].state == "granted"


def test_a_program_cannot_ask_in_the_name_of_a_form_of_joren(
    alice_the_admin: Client, home: Path
) -> None:
    people(1)
    news = {"channel": "email", "purpose": "marketing", "proof": "form:newsletter"}

    asked = alice_the_admin.post("/api/customers/1/consents/ask", news, "application/json")
    said = alice_the_admin.post(
        "/api/customers/1/consents", {**news, "act": "requested"}, "application/json"
    )

    assert (asked.status_code, said.status_code) == (422, 422)
    assert selectors.entries_of(1) == ()


def test_a_list_comes_in_over_the_api(alice_the_admin: Client, home: Path) -> None:
    people(1)
    text = b"email,channel,state\nc1@shop.example,email,granted\nx@y.example,email,granted\n"

    done = alice_the_admin.post(
        "/api/consents/import", {"file": SimpleUploadedFile("a.csv", text), "as_of": "2026-04-01"}
    ).json()

    assert (done["recorded"], done["refused"], done["bad"][0]["row"]) == (1, 1, 3)


def test_the_page_of_a_customer_shows_and_changes_how_things_stand(
    alice_the_admin: Client, home: Path
) -> None:
    people(1)

    answer = alice_the_admin.post(
        "/customers/1/consents/",
        {"matter": "email/marketing", "may": "yes", "reason": "電話で申込"},
        follow=True,
    )

    text = answer.content.decode()
    assert "同意" in text
    assert "電話で申込" in text
    assert selectors.standings_of(1, [NEWS])[0].state == "granted"


def test_the_page_takes_no_change_without_a_reason(alice_the_admin: Client, home: Path) -> None:
    people(1)

    answer = alice_the_admin.post("/customers/1/consents/", {"matter": "email/marketing"})

    assert answer.status_code == 422
    assert not selectors.entries_of(1)


def test_the_page_of_settings_counts_words_chooses_and_takes_lists_in(
    alice_the_admin: Client, home: Path
) -> None:
    people(1)
    text = b"email,channel,state\nc1@shop.example,email,granted\nx@y.example,email,granted\n"

    chosen = {"offered": ["email/marketing"], "relies_on": ["address_given"], "confirm_days": "3"}
    alice_the_admin.post("/settings/consents/choose/", chosen)
    said = {"matter": "email/marketing", "language": "ja", "text": "月に一度お知らせします"}
    alice_the_admin.post("/settings/consents/word/", said)
    taken = alice_the_admin.post(
        "/settings/consents/import/",
        {"file": SimpleUploadedFile("a.csv", text), "as_of": "2026-04-01"},
    )
    shown = alice_the_admin.get("/settings/consents/").content.decode()

    assert selectors.choices().relies_on == ("address_given",)
    assert "x@y.example" in taken.content.decode()
    assert "月に一度お知らせします" in shown
    assert "同意の状況" in alice_the_admin.get("/settings/consents/counts/").content.decode()
    assert selectors.counts(NEWS)[NEWS]["granted"] == 1


def test_the_terminal_shows_sets_counts_and_chooses(home: Path, tmp_path: Path) -> None:
    people(1)
    services.choose(offered=["email/marketing"], by="test")

    done = run("consent", "set", "1", "email/marketing", "--may", "--reason", "in the shop")
    assert done["state"] == "granted"
    assert run("consent", "show", "1")["standings"][0]["state"] == "granted"
    assert run("consent", "counts")["email/marketing"]["granted"] == 1
    chosen = run("consent", "choose", "--rely-on", "address_given")
    assert chosen["relies_on"] == ["address_given"]
    assert run("consent", "choose", "--rely-on", "none")["relies_on"] == []
    assert run("consent", "word", "email/marketing", "お知らせ")["version"] == 1
    (tmp_path / "a.csv").write_text(
        "email,channel,state,at\nx@y.example,email,granted,2026-04-01\n"
    )
    assert run("consent", "import", str(tmp_path / "a.csv"))["refused"] == 1


def run(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found
