"""A person is looked for, and no address and no log says for whom."""

from __future__ import annotations

import logging
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from django.test import Client

from joren.accounts.services import issue_api_key
from joren.project.pages import searches
from joren.project.pages.views import customers
from joren.project.refresh import refresh
from joren.protect.audit.models import Entry
from tests.project.pages.test_customers import HANAKO, JIRO, bought, hanako

pytestmark = pytest.mark.django_db

WORDS = (HANAKO["name"], HANAKO["email"], HANAKO["phone"])
SECRETS = (*WORDS, "山田", "花子", "hanako")


def search(client: Client, words: str, **asked: str) -> str:
    """The address to which a search leads."""
    return str(client.post("/customers/search/", {"q": words, **asked})["Location"])


def links(page: str) -> list[str]:
    """Everywhere that a page leads, and what its forms would put in an address."""
    found = re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', page)
    for form in re.findall(r'<form[^>]*method="get".*?</form>', page, re.DOTALL):
        found += re.findall(r'value="([^"]*)"', form)
    return [unquote_plus(unescape(one)) for one in found]


def test_no_address_and_no_log_line_says_who_was_looked_for(
    home: Path,
    tmp_path: Path,
    alice_the_admin: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    bought(tmp_path, HANAKO, JIRO)
    refresh()
    monkeypatch.setattr(customers, "PAGE", 1)
    addresses = []
    tokens = [search(alice_the_admin, words) for words in WORDS]
    found = search(alice_the_admin, WORDS[0], revenue_from="1")
    spoken = alice_the_admin.post("/language/", {"language": "en", "next": found})["Location"]
    person = f"/customers/{hanako()}/"
    for address in (*tokens, found, f"{found}&format=csv", spoken, person, "/customers/9/"):
        answer = alice_the_admin.get(address)
        addresses += [answer.wsgi_request.get_full_path(), *links(b"".join(answer).decode())]

    assert any("find=" in one for one in addresses)
    assert not [one for one in addresses for secret in SECRETS if secret in unquote_plus(one)]
    assert not [one for one in caplog.messages for secret in SECRETS if secret in unquote_plus(one)]


def test_the_words_stay_with_filters_order_file_and_language(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO, JIRO, {**JIRO, "order_number": "A-3", "customer_number": "K11"})
    refresh()
    found = search(alice_the_admin, "佐藤", sort="orders")

    page = alice_the_admin.get(found)
    file = b"".join(alice_the_admin.get(f"{found}&format=csv")).decode("utf-8-sig")
    narrower = alice_the_admin.get(f"{found}&revenue_from=1").content.decode()
    other = search(alice_the_admin, "山田")
    back = alice_the_admin.get(found).content.decode()

    assert "sort=orders" in found
    assert page.context["words"] == "佐藤"
    assert file.count("佐藤 次郎") == 2
    assert "花子" not in file + narrower + back
    assert "佐藤 次郎" in narrower
    assert "佐藤 次郎" in back
    assert other != found
    assert search(alice_the_admin, "佐藤", sort="orders") == found


def test_words_of_an_ended_session_list_nobody(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO, JIRO)

    for ending in ("", "&format=csv", "&stage=new"):
        answer = alice_the_admin.get(f"/customers/?find=unknown{ending}")
        assert answer.status_code == 302
        assert "format" not in answer["Location"]
        assert "find" not in answer["Location"]

    assert alice_the_admin.get("/customers/?find=unknown&vip=no")["Location"].endswith("?vip=no")


def test_a_session_keeps_the_newest_searches(home: Path, alice_the_admin: Client) -> None:
    first = search(alice_the_admin, "0")
    newest = [search(alice_the_admin, str(number)) for number in range(1, searches.KEPT + 1)]

    assert alice_the_admin.get(first).status_code == 302
    assert {alice_the_admin.get(one).status_code for one in newest} == {200}


def test_a_forged_search_is_refused_and_an_empty_one_is_none(alice_the_admin: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = alice_the_admin.cookies

    assert browser.post("/customers/search/", {"q": "x"}).status_code == 403
    assert search(alice_the_admin, " ", vip="yes", after="3") == "/customers/?vip=yes"


def test_a_search_is_written_down_without_its_words(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO, JIRO)
    _, text = issue_api_key("alice@example.com", name="x", scopes=("view_figures", "view_personal"))
    key = {"Authorization": f"Bearer {text}"}
    search(alice_the_admin, HANAKO["email"])

    found = Client().post(
        "/api/customers/search", {"words": HANAKO["email"]}, "application/json", headers=key
    )

    ordered = Client().post(
        "/api/customers/search", {"words": "A-1"}, "application/json", headers=key
    )

    assert [one["name"] for one in found.json()["items"]] == ["山田 花子"]
    assert ordered.json() == found.json()
    by_page, by_program, _ = Entry.objects.filter(action="customers.searched").order_by("pk")
    assert by_page.detail == {}
    assert by_program.detail == {"customers": [hanako()]}
    assert by_program.actor.startswith("key:")


def test_a_program_that_reads_a_person_is_written_down(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO)
    refresh()
    number = hanako()

    for address in (
        f"customers/{number}",
        f"customers/{number}/orders",
        f"value/customers/{number}",
    ):
        assert alice_the_admin.get(f"/api/{address}").status_code == 200, address

    deeds = Entry.objects.filter(action="customers.seen", subject_id=str(number))
    assert deeds.count() == 3
