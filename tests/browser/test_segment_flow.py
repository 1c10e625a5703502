"""A rule with groups in groups is made by keyboard, changed by mouse, kept and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from joren.decide.segments import selectors
from joren.decide.segments.contracts import All, AtLeast, Is, Not
from joren.decide.segments.contracts import Any as Either
from joren.warehouse import Warehouse
from tests.browser.conftest import Visit
from tests.browser.test_journey_flow import press
from tests.browser.test_pages import Barriers, well

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ORDERS = Is("orders", "at_least", (2,))
VIP = Is("vip", "yes")


def settled(page: Page) -> None:
    busy = page.locator(".htmx-request, .htmx-settling, .htmx-swapping")
    expect(busy).to_have_count(0, timeout=30_000)


def add_by_keyboard(page: Page, field: str, words: str) -> None:
    """Typed where one is, and then Enter: the browser goes on to the new row."""
    page.locator(field).focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.locator(".rule-row:focus").wait_for()
    page.wait_for_timeout(300)  # what the form still waited for is on its way by then
    settled(page)


def type_in(page: Page, field: str, text: str) -> None:
    page.locator(field).focus()
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)  # the form waits for more before it is sent
    settled(page)


def choose(page: Page, field: Locator, value: str) -> None:
    field.select_option(value)
    page.wait_for_timeout(300)
    settled(page)


def test_groups_in_groups_are_made_and_changed(
    visit: Visit, refreshed_shop: Warehouse, barriers: Barriers
) -> None:
    page = visit("/segments/new/", language="en")
    add_by_keyboard(page, "#more", "is:orders")
    type_in(page, "#r0-first", "2")
    press(page, page.get_by_role("button", name="Add a group"))
    page.locator("#more-1:focus").wait_for()
    page.keyboard.type("is:vip")
    page.keyboard.press("Enter")
    page.locator(".rule-row:focus").wait_for()
    press(page, page.locator(".rule-group").get_by_role("button", name="Add a group"))
    page.locator("#more-3:focus").wait_for()
    page.wait_for_timeout(300)
    settled(page)
    add_by_keyboard(page, "#more-3", "is:vip")
    add_by_keyboard(page, "#more-3", "is:orders")
    type_in(page, "#r5-first", "3")

    page.locator("#r3-opposite").check()
    choose(page, page.locator("#r3-op"), "some")
    page.locator("#r3-first").fill("2")
    page.get_by_role("button", name="Into a group: Number of orders").first.click()
    page.locator("#more-0:focus").wait_for()
    settled(page)
    well(page, barriers)
    page.locator("#name").fill("Groups")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/segments/*/")

    (made,) = selectors.segments()
    inner = Not(AtLeast(2, (VIP, Is("orders", "at_least", (3,)))))
    assert made.rule == All((Either((ORDERS,)), Either((VIP, inner))))
    page.goto(f"{page.url}edit/")
    page.get_by_role("button", name="Dissolve the group").first.click()
    expect(page.locator(".rule-group")).to_have_count(2)
    settled(page)
    page.get_by_role("button", name="Take away: Group").last.click()
    expect(page.locator(".rule-group")).to_have_count(1)
    settled(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/segments/*/")
    assert selectors.segment(made.id).rule == All((ORDERS, Either((VIP,))))


def test_a_row_is_dragged_into_a_group_and_moved_out_by_keyboard(
    visit: Visit, refreshed_shop: Warehouse, barriers: Barriers
) -> None:
    page = visit("/segments/new/", language="en")
    add_by_keyboard(page, "#more", "is:orders")
    type_in(page, "#r0-first", "2")
    page.locator("button[name=group]").first.click()
    settled(page)

    page.locator(".rule-grip").first.drag_to(page.locator("fieldset.rule-group"))
    expect(page.locator("fieldset.rule-group .rule-row")).to_have_count(1, timeout=30_000)
    settled(page)
    well(page, barriers)
    page.locator("#r1-into").focus()
    page.keyboard.press("o")  # out of all groups
    page.keyboard.press("Tab")
    expect(page.locator("fieldset.rule-group .rule-row")).to_have_count(0, timeout=30_000)

    assert page.locator("#r1-first").input_value() == "2"
