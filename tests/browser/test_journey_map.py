"""The target map of the journey stands beside what is so, and its lines lead to their targets."""

from __future__ import annotations

import pytest

from joren.understand.paths import selectors, services
from joren.understand.paths.contracts import PathTarget
from joren.warehouse import Warehouse
from tests.browser.conftest import Visit
from tests.browser.test_pages import Barriers, well

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_target_is_changed_from_the_diagram_by_keyboard(
    visit: Visit, refreshed_shop: Warehouse, barriers: Barriers
) -> None:
    services.change_targets([PathTarget("f1_f2", 0.45, 90)], by="alice")
    well(visit("/cohorts/journey-map/", width=390, dark=True), barriers)
    page = visit("/cohorts/journey-map/", language="en")
    well(page, barriers)

    page.locator('a[href="#aim-f1_f2"]').focus()
    page.keyboard.press("Enter")
    page.locator("#aim-f1_f2").fill("50")
    page.keyboard.press("Enter")
    page.locator('.path-map a[aria-label*="50.0%"]').wait_for()

    assert selectors.targets().targets == (PathTarget("f1_f2", 0.5, 90),)
