"""The page of registered products."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from joren.collect.registrations import selectors, services

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def text_of(client: Client, address: str = "/data/registered/") -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_page_is_opened_filled_and_closed(alice_the_admin: Client) -> None:
    said = {"name": "Kettle", "slug": "kettle", "store": "maker", "takes": "serials"}
    assert "Open a page for owners" in text_of(alice_the_admin)
    alice_the_admin.post("/data/registered/open/", said)
    assert "nobody can register" in text_of(alice_the_admin)
    assert "data:image/svg+xml;base64," in text_of(alice_the_admin)
    file = SimpleUploadedFile("serials.csv", b"serial\nABC1\n=1+1\nABC2\n")
    alice_the_admin.post("/data/registered/kettle/serials/", {"files": file})

    assert selectors.programme("kettle").serials == 2
    links = alice_the_admin.get("/data/registered/kettle/links.csv")
    lines = b"".join(links.streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert "/register/kettle/?s=kettle/ABC1" in lines[1].replace("%2F", "/")
    alice_the_admin.post("/data/registered/kettle/close/")
    assert selectors.programme("kettle").closed_at


def test_an_address_that_is_none_is_refused_in_words(alice_the_admin: Client) -> None:
    for slug in ("Kettle", "a b", "", "-a"):
        said = {"name": "Kettle", "slug": slug, "store": "maker", "takes": "serials"}
        alice_the_admin.post("/data/registered/open/", said)
        assert 'class="message error"' in text_of(alice_the_admin)
    assert not selectors.programmes()


def test_who_may_only_look_changes_nothing(bob_the_viewer: Client) -> None:
    services.open_programme("Kettle", slug="kettle", store="maker")

    page = text_of(bob_the_viewer)
    assert "Open a page for owners" not in page
    assert 'type="file"' not in page
