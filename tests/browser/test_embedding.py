"""A visitor of the shop's own page signs up in the form that is embedded there, and confirms."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from joren.act.forms import models, selectors, services
from tests.browser.conftest import Visit
from tests.browser.test_form_flow import confirm, sign_up, story
from tests.browser.test_pages import Barriers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["story"]


@contextmanager
def shop_page(snippet: str) -> Iterator[str]:
    """The address of a page of another origin, which carries the snippet."""
    page = f"<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1>{snippet}</html>".encode()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def test_a_visitor_signs_up_in_a_page_of_the_shop_and_confirms(
    story: str, visit: Visit, barriers: Barriers
) -> None:
    with shop_page(selectors.snippet_of("story")) as shop:
        content = replace(selectors.form("story").content, hosts=(shop,))
        services.revise("story", content, by="member:1")
        services.publish("story", by="member:1")
        page = visit("/f/story/", role=None, width=390, language="en")
        page.goto(shop)
        frame = page.frame_locator("iframe")
        frame.locator("input[name=email]").wait_for()

        sign_up(frame, "hanako@example.com")
        frame.get_by_role("status").wait_for()
        grown = page.locator("iframe").evaluate("one => one.style.height")

    assert grown != "420px"  # as tall as what is in it
    (signed,) = models.Signup.objects.all()
    assert signed.visit is not None  # known by the cookie of the shop's own page
    confirm(page, story, "hanako@example.com", barriers)


def test_no_other_page_may_frame_it(story: str, chromium: Browser) -> None:
    with shop_page(selectors.snippet_of("story")) as stranger, chromium.new_context() as context:
        page = context.new_page()
        with page.expect_console_message(lambda said: "frame" in said.text.lower()):
            page.goto(stranger)

        assert page.frame_locator("iframe").locator("input[name=email]").count() == 0
