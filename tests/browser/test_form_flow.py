"""A visitor signs up on joren's own page, and confirms."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from joren.act.forms import selectors, services, views
from joren.act.messages.selectors import kept_back
from joren.collect.inbox.services import receiving
from joren.core.people import people
from joren.protect.consent import selectors as consents
from tests.act.forms.test_services import MAIL, settled
from tests.browser.conftest import Visit
from tests.browser.test_pages import Barriers, well

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(
    home: Path, shop: LiveServer, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> str:
    settings.JOREN_URL = shop.url
    monkeypatch.setattr(views, "LEAST_SECONDS", -1)  # a test writes faster than anybody
    receiving.KEYS.forget()
    services.begin_ready_made("story", slug="story", store="own", language="en", by="member:1")
    content = replace(selectors.form("story").content, gift="The word is KARITE", language="en")
    services.revise("story", content, by="member:1")
    services.publish("story", by="member:1")
    return shop.url


def sign_up(page: Page | FrameLocator, email: str) -> None:
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=agrees]").check()
    page.locator("form button.is-main").click()


def confirm(page: Page, house: str, email: str, barriers: Barriers) -> None:
    """By the one mail that came, whose link alone agrees to nothing."""
    settled()
    (customer,) = people().by_email([email]).values()
    (standing,) = consents.standings_of(customer, [MAIL])
    assert standing.state == "pending"
    (mail,) = (one for one in kept_back() if one.to == email)
    (link,) = set(re.findall(rf"{re.escape(house)}/consent/confirm/[^\s\"<>]+", mail.text))
    page.goto(link)
    (standing,) = consents.standings_of(customer, [MAIL])
    assert standing.state == "pending"
    well(page, barriers)
    page.locator("form button").first.click()
    page.get_by_text("The word is KARITE").wait_for()
    (standing,) = consents.standings_of(customer, [MAIL])
    assert standing.state == "granted"


def test_a_visitor_signs_up_on_our_page_and_confirms(
    story: str, visit: Visit, barriers: Barriers
) -> None:
    page = visit("/f/story/", role=None, width=390, language="en")
    well(page, barriers)

    sign_up(page, "hanako@example.com")
    page.locator("form button.is-main").wait_for(state="detached")
    well(page, barriers)

    confirm(page, story, "hanako@example.com", barriers)
