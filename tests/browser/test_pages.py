"""The pages of figures in Chromium: every browser's complaint is a failure (see conftest)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from joren.warehouse import Warehouse
from tests.browser.conftest import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PAGES = ("/", "/value/", "/models/", "/ranks/", "/cohorts/", "/economics/", "/data/quality/")


def test_every_page_of_figures_fits_its_screen(
    refreshed_shop: Warehouse, visit: Visit, barriers: Callable[[Page], list[str]]
) -> None:
    for address in PAGES:
        for width in (1280, 390):
            page = visit(address, role="viewer", width=width)
            page.wait_for_load_state("networkidle")
            for place in page.locator("[data-chart]").all():
                place.scroll_into_view_if_needed()
                place.locator("canvas").wait_for()

            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, address
            assert barriers(page) == [], address
