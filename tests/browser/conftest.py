"""A real browser on a real server. Chromium is the machine's: CHROMIUM or /usr/bin/chromium."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.absence import absent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer

Visit = Callable[..., "Page"]

REPLACED = ("htmx:sendAbort", "htmx:afterRequest")
"""What is told of a request in whose place came another; of one that failed more is told."""

# Chromium must not call anybody: joren works without a network, and so do its tests.
_QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-dev-shm-usage",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    from playwright.sync_api import sync_playwright

    program = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not program.exists():
        absent(f"the browser {program}", hint="install Chromium, or set CHROMIUM to its path")
    # Playwright keeps a loop running in this thread, which Django takes for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def shop(live_server: LiveServer, settings: SettingsWrapper) -> LiveServer:
    """The server of this test, with the chart engine unpacked."""
    from joren.project.static_files import unpack_vega

    unpack_vega(settings.STATICFILES_DIRS[0])
    return live_server


@pytest.fixture
def visit(chromium: Browser, shop: LiveServer) -> Iterator[Visit]:
    """``visit("/value/", role="viewer", width=390, dark=True, language="en")`` opens a page.

    Whatever the browser complains about (a script's error, a breach of the policy, a file that is
    missing) fails the test at its end.
    """
    contexts, complaints = [], []

    def open_page(
        address: str,
        *,
        role: str | None = "admin",
        width: int = 1280,
        dark: bool = False,
        language: str = "ja",
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if role:
            context.add_cookies([{"url": shop.url, **_session_of(role)}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{shop.url}{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [said for said in complaints if not said.startswith(REPLACED)] == []


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """What axe finds that bars somebody from the page."""
    from axe_playwright_python.sync_playwright import Axe

    def found(page: Page) -> list[str]:
        response: dict[str, Any] = Axe().run(page).response
        return [
            f"{one['id']}: {node['html'][:120]} — {node['failureSummary'][:200]}"
            for one in response["violations"]
            for node in one["nodes"]
        ]

    return found


def _session_of(role: str) -> dict[str, Any]:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from joren.accounts import services

    email = f"{role}@example.com"
    members = get_user_model().objects
    if not members.filter(email=email).exists():
        services.add_member(email, role=role, password="a sentence that only one knows")
    client = Client()
    client.force_login(
        members.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}
