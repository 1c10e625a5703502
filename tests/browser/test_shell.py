"""The shell in Chromium: every browser's complaint is a failure (see conftest)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from joren.accounts import services
from tests.browser.conftest import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.browser

Barriers = Callable[["Page"], list[str]]
BOTH = pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])


@pytest.fixture
def kit(settings: SettingsWrapper) -> str:
    """The address of the page with everything."""
    settings.ROOT_URLCONF = "tests.browser.kit"
    return "/kit/"


@BOTH
@pytest.mark.parametrize("address", ["/", "/settings/", "/settings/audit/", "/glossary/"])
def test_a_page_bars_nobody(
    visit: Visit, barriers: Barriers, address: str, width: int, dark: bool
) -> None:
    page = visit(address, width=width, dark=dark)

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_sign_in_bars_nobody(visit: Visit, barriers: Barriers) -> None:
    page = visit("/account/login/", role=None, width=390)

    assert barriers(page) == []


def test_alice_signs_in_by_keyboard(visit: Visit) -> None:
    services.add_member("alice@example.com", role="admin", password="a sentence of hers")
    page = visit("/account/login/", role=None, language="en")

    page.keyboard.type("alice@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("a sentence of hers")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")

    assert page.get_by_role("heading", level=1).inner_text() == "Home"


def test_the_language_changes_and_stays(visit: Visit) -> None:
    page = visit("/", language="ja")

    page.get_by_role("button", name="English").click()
    page.goto(page.url)

    assert page.get_by_role("navigation").get_by_role("link").all_inner_texts()[0] == "Home"


def test_the_theme_is_chosen_and_kept(visit: Visit) -> None:
    page = visit("/", language="en")
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    page.get_by_text("admin@example.com").click()
    page.get_by_role("button", name="Dark").click()
    page.goto(page.url)

    after = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert before != after


@BOTH
def test_charts_are_drawn_and_everything_is_accessible(
    visit: Visit, barriers: Barriers, kit: str, width: int, dark: bool
) -> None:
    page = visit(kit, width=width, dark=dark)

    for place in page.locator("[data-chart]").all():
        place.scroll_into_view_if_needed()
        place.locator("canvas").wait_for()

    assert page.locator("[data-drawn=yes]").count() == 4
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_figure_explains_itself_by_keyboard(visit: Visit, kit: str) -> None:
    page = visit(kit, width=390, language="en")
    about = page.get_by_label("About Predicted revenue, 365 days")

    about.focus()
    page.keyboard.press("Enter")
    explained = page.locator(".about-card").first.inner_text()
    page.keyboard.press("Escape")

    assert "23,570" in explained
    assert "¥110,000,000 – ¥140,000,000" in explained
    assert not page.locator(".about-card").first.is_visible()


def test_a_chart_without_scripts_is_a_table(visit: Visit, kit: str) -> None:
    page = visit(kit)

    page.get_by_text("数値の表").click()

    assert page.get_by_role("table").first.is_visible()


def test_the_api_docs_work_without_a_network(visit: Visit) -> None:
    page = visit("/api/docs")

    page.locator(".opblock").first.wait_for()

    assert page.locator(".opblock").count() >= 10
