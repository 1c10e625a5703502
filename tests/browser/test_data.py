"""The main flow by keyboard in Chromium: a file in, its columns said, figures out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from joren.collect.connectors.tasks import carry_out_waiting
from joren.project import refresh_runs
from tests.browser.conftest import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRANGE = "だれ,いつ,いくら\n" + "7,2026-10-01,500\n8,2026-10-02,600\n" * 3 + "7,2026-11-02,never\n"


def reach(page: Page, selector: str) -> None:
    """Go there with the tabulator alone."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            drawn = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert drawn != "none", f"nobody sees that {selector} is reached"
            return
    raise AssertionError(f"{selector} is out of the keyboard's reach")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_goes_in_and_figures_come_out_by_keyboard(
    home: Path, tmp_path: Path, visit: Visit, barriers: Callable[[Page], list[str]], width: int
) -> None:
    file = tmp_path / "log.csv"
    file.write_text(STRANGE)

    def well(page: Page) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(page) == []

    page = visit("/data/", width=width)
    well(page)
    page.set_input_files("#files", str(file))
    reach(page, "input[name=hold]")
    page.keyboard.press("Space")
    reach(page, "main form .is-main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/imports/*/")
    well(page)
    page.select_option("#column-customer_number", "だれ")
    reach(page, "button[value=begin]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/")
    carry_out_waiting.call()
    page.locator("a[href*='quarantine/?import=']").wait_for()  # the page looks by itself
    well(page)
    reach(page, "#refresh")
    page.keyboard.press("Enter")
    page.locator("progress").wait_for()
    reach(page, ".undo summary")
    page.keyboard.press("Enter")
    for _ in range(2):  # once may be on its way already
        page.wait_for_event("requestfinished", lambda asked: "/progress/" in asked.url)
    page.locator(".undo[open] button").wait_for()  # what was opened stays so while the page looks
    run = refresh_runs.latest()
    assert run is not None
    refresh_runs.carry_out(run.id)
    page.locator("main a[href='/value/']").wait_for()
    page.goto(page.url + "quarantine/")
    well(page)
    page.locator("input[aria-invalid]").first.fill("700")
    page.keyboard.press("Enter")
    page.locator(".message.success").wait_for()
    well(page)
