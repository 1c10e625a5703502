"""A step mail from nothing by keyboard, and by mouse what a mouse does: built, tried, published."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from joren.act.journeys import selectors, services
from joren.act.messages import services as messages
from joren.core import clock
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from tests.act.journeys.cast import NOON, said
from tests.act.journeys.test_rehearsing import ordered
from tests.act.messages.cast import a_template, people
from tests.browser.conftest import Visit
from tests.browser.test_pages import Barriers, well

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, there: Locator, key: str = "Enter") -> None:
    """By keyboard alone."""
    there.focus()
    page.keyboard.press(key)


def type_in(page: Page, there: str, text: str) -> None:
    """Into the field of that label, or of that address."""
    field = page.locator(there) if there.startswith("#") else page.get_by_label(there, exact=True)
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def names() -> list[str]:
    """The draft's nodes, from the start on."""
    draft = selectors.journeys()[0].draft
    ways = {one.id: selectors.targets(one)[0] for one in draft.nodes}
    found = [draft.start]
    while (after := ways[found[-1]]) != "end":
        found.append(after)
    return found


def begin(page: Page) -> None:
    press(page, page.get_by_role("link", name="New journey"))
    type_in(page, "Name", "After an order")
    press(page, page.get_by_role("button", name="Keep the draft"))
    page.wait_for_url("**/edit/")


def add_a_message(page: Page) -> None:
    press(page, page.get_by_role("link", name="Add a step after: wait"))
    page.wait_for_url("**after=wait*")
    press(page, page.locator("summary", has_text="Send a message"))
    press(page, page.locator("details[open]").get_by_role("button", name="Add"))
    page.get_by_role("link", name="send: ").wait_for()
    assert names() == ["wait", "send"]


def change_and_move_by_keyboard(page: Page) -> None:
    press(page, page.get_by_role("link", name="wait: "))
    page.wait_for_url("**node=wait*")
    type_in(page, "#chosen-number", "2")
    press(page, page.get_by_role("button", name="Change it"))
    page.get_by_text("It is changed.").wait_for()
    press(page, page.get_by_role("link", name="send: "))
    page.locator("#chosen-after").focus()
    page.keyboard.press("Home")  # at the beginning
    press(page, page.get_by_role("button", name="Move", exact=True))
    page.get_by_text("It is moved.").wait_for()
    assert names() == ["send", "wait"]


def move_by_mouse(page: Page) -> None:
    for node, plus in (("send", "wait:0"), ("wait", "send:0")):
        page.goto(page.url.partition("?")[0])
        page.locator(f'[data-node="{node}"]').drag_to(page.locator(f'[data-after="{plus}"]'))
        page.get_by_text("It is moved.").wait_for()
        assert names() == [plus.partition(":")[0], node]


def test_a_step_mail_is_built_tried_published_and_says_why_one_got_none(
    home: Path, visit: Visit, barriers: Barriers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    people([1, 2])
    record(1, Said("email", "marketing", "granted", "staff", at=NOON - timedelta(9)), by="t")
    ordered([(1, 40, 5_000), (2, 20, 5_000)])
    messages.create(a_template(name="Thanks"), by="alice")

    page = visit("/journeys/", language="en")
    begin(page)
    add_a_message(page)
    change_and_move_by_keyboard(page)
    move_by_mouse(page)
    well(page, barriers)

    press(page, page.get_by_role("link", name="After an order", exact=True))
    press(page, page.get_by_role("link", name="If it had run last year"))
    page.get_by_role("heading", name="What this cannot know").wait_for()
    assert page.get_by_text("2 · 2 customers").is_visible()
    well(page, barriers)
    page.set_viewport_size({"width": 390, "height": 900})
    well(page, barriers)
    press(page, page.get_by_role("link", name="Back to the journey"))
    press(page, page.get_by_role("button", name="Publish"))
    page.get_by_text("Published: people enter by it from now on.").wait_for()

    said(1)
    said(2)
    services.tick()
    page.reload()
    well(page, barriers)
    press(page, page.locator(".flow").get_by_role("link", name="2 stand here"))
    page.wait_for_url("**/people/**")
    assert "they have not agreed" in page.get_by_role("row", name="#2").inner_text()
