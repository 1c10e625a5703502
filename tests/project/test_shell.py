"""What stands around every page."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from joren.accounts import services
from joren.core.figures import Figure

OPEN = ["/account/login/", "/glossary/", "/api/docs"]
PAGES = ["/", "/settings/", "/settings/audit/", "/account/password/change/", "/account/2fa/", *OPEN]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_brings_no_script_and_no_style_of_its_own(
    alice_the_admin: Client, address: str
) -> None:
    answer = alice_the_admin.get(address, follow=True)

    policy, page = answer["Content-Security-Policy"], answer.content.decode()
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all("src=" in one or "application/json" in one for one in scripts)
    assert "https://" not in page


@pytest.mark.parametrize(("language", "words"), [("ja", "ホーム"), ("en", "Home")])
def test_a_page_speaks_the_browsers_language(
    alice_the_admin: Client, language: str, words: str
) -> None:
    page = alice_the_admin.get("/", headers={"accept-language": language}).content.decode()

    assert f'<html lang="{language}"' in page
    assert f"<h1>{words}</h1>" in page


def test_another_language_gets_japanese(alice_the_admin: Client) -> None:
    page = alice_the_admin.get("/", headers={"accept-language": "fr"}).content.decode()

    assert '<html lang="ja"' in page


def test_a_stranger_sees_only_what_is_open(charlie_the_stranger: Client) -> None:
    closed = [charlie_the_stranger.get(address).status_code for address in ("/", "/settings/")]
    opened = [charlie_the_stranger.get(address).status_code for address in OPEN]

    assert closed == [302, 302]
    assert opened == [200, 200, 200]


def test_simulated_data_is_marked_on_every_page(
    alice_the_admin: Client, charlie_the_stranger: Client
) -> None:
    services.change_business(simulated=True)

    assert "simulated" in alice_the_admin.get("/").content.decode()
    assert "simulated" in charlie_the_stranger.get("/account/login/").content.decode()


def test_real_data_is_not_marked(alice_the_admin: Client) -> None:
    assert 'class="simulated"' not in alice_the_admin.get("/").content.decode()


def test_a_page_that_is_not_there_says_so_in_the_shell(bob_the_viewer: Client) -> None:
    answer = bob_the_viewer.get("/nowhere/", headers={"accept-language": "en"})

    assert answer.status_code == 404
    assert "Nothing is here" in answer.content.decode()


def test_a_page_beyond_the_role_says_whom_to_ask(bob_the_viewer: Client) -> None:
    answer = bob_the_viewer.get("/settings/audit/", headers={"accept-language": "en"})

    assert answer.status_code == 403
    assert "An admin can change your role" in answer.content.decode()


def test_a_refusal_of_joren_is_a_page_with_the_way_out(alice_the_admin: Client) -> None:
    whole = alice_the_admin.get("/settings/audit/", {"after": "wrong"})
    part = alice_the_admin.get(
        "/settings/audit/", {"after": "wrong"}, headers={"HX-Request": "true"}
    )

    assert (whole.status_code, part.status_code) == (422, 422)
    assert "take it from `next`" in whole.content.decode()
    assert "<html" not in part.content.decode()


def test_the_theme_leads_back_and_never_away(charlie_the_stranger: Client, db: None) -> None:
    back = charlie_the_stranger.post("/theme/", {"theme": "dark", "next": "/glossary/"})
    away = charlie_the_stranger.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})

    assert back["Location"] == "/glossary/"
    assert back.cookies["theme"].value == "dark"
    assert away["Location"] == "/"


def test_static_files_change_their_address_with_their_content(alice_the_admin: Client) -> None:
    page = alice_the_admin.get("/").content.decode()

    assert re.search(r"/static/joren/joren\.css\?v=[0-9a-f]{8}\"", page)


def test_a_figure_says_what_it_is_and_what_it_rests_on() -> None:
    figure = Figure("f2_rate", 0.31, "share", 800, 0.28, 0.35, 0.95, "2026-10-31", "Wilson")

    with translation.override("en"):
        shown = Template("{% load joren %}{% figure f %}").render(Context({"f": figure}))

    for words in ("F2 conversion rate", "31.0%", "800", "28.0% – 35.0%", "95%", "2026-10-31"):
        assert words in shown


def test_an_unknown_figure_says_why() -> None:
    figure = Figure("profit_365d", None, "JPY", why="no cost of goods")

    with translation.override("en"):
        shown = Template("{% load joren %}{% figure f %}").render(Context({"f": figure}))

    assert "not yet known" in shown
    assert "no cost of goods" in shown
