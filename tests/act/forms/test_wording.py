"""The consent is kept in the words that were seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from joren.act.forms import selectors, services
from joren.act.forms.contracts import Form, Shown
from joren.core.people import people as everybody
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as consenting
from tests.act.forms.test_services import AGENT, HANAKO, MAIL, _house, settled, story

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["_house", "story"]


def words_kept() -> str:
    """The words that the newest sign-up agreed to, by the ledger's proof."""
    settled()
    (customer,) = everybody().by_email(["hanako@example.com"]).values()
    return consents.wording_numbered(consents.entries_of(customer)[0].wording or 0).text


def test_the_usual_words_are_kept_as_they_were_shown(client: Client, story: Form) -> None:
    services.revise("story", replace(story.content, consent=""), by="member:1")
    services.publish("story", by="member:1")
    page = client.get("/f/story/", headers={"User-Agent": AGENT})
    consenting.word(MAIL, "店の新しい文言です。", language="ja", by="member:1")

    sent = {"form": page.context["stamp"], "email": HANAKO.email, "agrees": "yes"}
    client.post("/f/story/", sent)

    kept = words_kept()
    assert kept in page.content.decode()
    assert kept != "店の新しい文言です。"


def test_words_that_changed_while_the_form_was_open_are_kept_as_they_were_seen(
    client: Client, story: Form
) -> None:
    page = client.get("/f/story/", headers={"User-Agent": AGENT})
    services.revise("story", replace(story.content, consent="別の文言です。"), by="member:1")
    services.publish("story", by="member:1")

    sent = {"form": page.context["stamp"], "email": HANAKO.email, "agrees": "yes"}
    client.post("/f/story/", sent)

    assert words_kept() == story.content.consent


def test_a_form_of_one_language_keeps_its_own_words_whatever_a_program_speaks(story: Form) -> None:
    services.revise("story", replace(story.content, language="ja"), by="member:1")
    live = services.publish("story", by="member:1").live or 0

    services.sign_up("story", HANAKO, Shown(live, "A", "en"))

    assert words_kept() == story.content.consent


def test_a_draft_shows_its_own_words(story: Form) -> None:
    draft = replace(story.content, consent="まだ公開していない文言です。")

    assert selectors.consent_shown(draft, "story", "ja") == (None, draft.consent)
