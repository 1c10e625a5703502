"""The pages in Chromium: every browser's complaint is a failure (see conftest)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest

from joren.collect.customers import models
from joren.collect.customers.services.writing import add_customers
from joren.warehouse import Warehouse
from tests.browser.conftest import Visit
from tests.browser.test_data import reach
from tests.collect.customers.test_searching import rows
from tests.refreshed_homes import CUSTOMERS

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Barriers = Callable[["Page"], list[str]]
FIGURES = (
    "/",
    "/value/",
    "/value/subscriptions/",
    "/models/",
    "/ranks/",
    "/ranks/moves/",
    "/cohorts/",
    "/economics/",
)
PEOPLE = ("/customers/", "/customers/1/", "/models/?customer=1")
RULES = ("/settings/ranks/", "/settings/economics/")
LOOKS = pytest.mark.parametrize(
    ("width", "dark", "language"), [(1280, False, "ja"), (390, True, "en")]
)


@pytest.fixture
def people(twice_refreshed_shop: Warehouse) -> None:
    """Those whose orders the shop has, by the numbers that the orders give them."""
    store = models.Store.objects.create(pk=1, name="本店", currency="JPY")
    numbers = range(1, CUSTOMERS + 1)
    names = tuple(f"山田 花子{number}" for number in numbers)
    emails = tuple(f"hanako.yamada.{number}@shop.example.com" for number in numbers)
    nothing = ("",) * CUSTOMERS
    add_customers(rows(list(numbers), names, nothing, email=emails, phone=nothing))
    models.Identity.objects.bulk_create(
        models.Identity(pk=number, key=f"n:1:K{number}", customer_id=number, store=store)
        for number in numbers
    )


def in_turn(visit: Visit, addresses: Sequence[str], **look: Any) -> Iterator[Page]:
    """One page after the other, in one tab."""
    page = visit(addresses[0], **look)
    yield page
    for address in addresses[1:]:
        page.goto(urljoin(page.url, address))
        yield page


def well(page: Page, barriers: Barriers) -> None:
    """Nobody is barred from the page, and nothing of it lies beyond its edge."""
    page.wait_for_load_state("networkidle")
    for fold in page.locator("details:has([data-chart])").all():
        fold.locator("summary").first.click()
    for place in page.locator("[data-chart]").all():
        place.scroll_into_view_if_needed()
        place.locator("canvas").wait_for(timeout=90_000)  # a busy machine draws slowly
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], page.url
    assert barriers(page) == [], page.url


@LOOKS
@pytest.mark.usefixtures("people")
def test_every_page_bars_nobody_and_fits_its_screen(
    visit: Visit, barriers: Barriers, width: int, dark: bool, language: str
) -> None:
    addresses = (*FIGURES, "/data/quality/", "/data/live/", *PEOPLE, *RULES)

    for page in in_turn(visit, addresses, width=width, dark=dark, language=language):
        well(page, barriers)


@LOOKS
def test_before_the_first_order_every_page_bars_nobody_and_fits_its_screen(
    home: Path, visit: Visit, barriers: Barriers, width: int, dark: bool, language: str
) -> None:
    addresses = ("/value/", "/customers/", *RULES)  # the other pages of figures are as /value/

    for page in in_turn(visit, addresses, width=width, dark=dark, language=language):
        well(page, barriers)


@pytest.mark.usefixtures("people")
def test_customers_are_chosen_compared_and_ranked_by_keyboard(visit: Visit) -> None:
    page = visit("/customers/", language="en")

    reach(page, ".unfold summary")
    page.keyboard.press("Enter")
    reach(page, "input[name=vip][value=yes]")
    page.keyboard.press("Space")
    reach(page, ".unfold .is-main")
    page.keyboard.press("Enter")
    page.wait_for_url("**vip=yes**")
    reach(page, "table.data a[href^='/customers/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    assert "山田 花子" in page.get_by_role("heading", level=1).inner_text()

    page = visit("/ranks/moves/", language="en")
    reach(page, "#before")
    page.keyboard.press("ArrowDown")
    reach(page, ".filters .is-main")
    page.keyboard.press("Enter")
    page.wait_for_url("**before=**")

    page = visit("/settings/ranks/", language="en")
    reach(page, "#r-active_days")
    page.keyboard.press("Control+a")
    page.keyboard.type("260")
    reach(page, "form.stack .is-main")
    page.keyboard.press("Enter")
    page.locator(".message.success").wait_for()
    assert page.locator("#r-active_days").input_value() == "260"
