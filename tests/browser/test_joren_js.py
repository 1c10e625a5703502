"""joren.js, and Segment's own script, on pages in a real browser, while joren goes away."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench.inbox.kills import distinct
from bench.inbox.running import Joren
from joren.collect.customers.contracts.sealed import bound_to
from joren.collect.customers.rules import Vault, read_keys
from joren.collect.inbox import selectors
from tests.absence import absent
from tests.project.running import events_kept

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SEGMENT = Path(sys.prefix) / "sdks/npm/node_modules/@segment/analytics-next/dist/umd"
RELEASED = {"1": "sha384-NYyxN1Krbbq8yxYbCBkkLuyOt5F1p1nRiU77vae36OJQRdam/+hyKVfgKSQE10Sc"}
"""A released version never changes: shops have its hash in their pages."""

pytestmark = pytest.mark.slow


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class _Opened:
    """A home with one source, which each test takes a copy of: to make it takes three starts."""

    joren: Joren
    source: dict[str, Any]
    snippet: str


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> _Opened:
    joren = Joren(tmp_path_factory.mktemp("opened") / "home", workers=1)
    (source,) = joren.ask("source", "add", "pages", "--store", "own", "--kind", "browser")
    host = f"http://127.0.0.1:{joren.port}"
    (script,) = joren.ask("source", "script", str(source["id"]), "--host", host)
    return _Opened(joren, source, script["snippet"])


@pytest.fixture
def joren(opened: _Opened, tmp_path: Path) -> Iterator[Joren]:
    home = shutil.copytree(opened.joren.home, tmp_path / "home")
    running = Joren(home, workers=1, port=opened.joren.port)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Path]:
    """The folder of a shop's pages; ``address`` beside them says where they are served."""
    folder = tmp_path / "pages"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "address").write_text(f"http://127.0.0.1:{server.server_port}")
    yield folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context()
    yield made
    made.close()


def begun(joren: Joren, *, drainer: bool = True) -> None:
    """It runs, and answers."""
    for part in ("web", "drainer") if drainer else ("web",):
        joren.begin(part)
    joren.wait()


def served(pages: Path, *heads: str) -> str:
    """Pages 0.html, 1.html … with those heads; returns where they are."""
    for number, head in enumerate(heads):
        html = f"<!doctype html><meta charset=utf-8><title>{number}</title>{head}"
        (pages / f"{number}.html").write_text(html)
    return (pages.parent / "address").read_text()


def waited(joren: Joren, events: int) -> dict[str, Any]:
    deadline = time.monotonic() + 120
    while (kept := events_kept(joren.home)) < events:
        assert time.monotonic() < deadline, kept
        time.sleep(0.1)
    (source,) = joren.ask("source", "list")
    return source


def messages(joren: Joren) -> list[dict[str, Any]]:
    """What lies in the inbox of a joren that drains nothing."""
    with closing(sqlite3.connect(joren.home / "inbox.sqlite3")) as inbox:
        rows = inbox.execute(
            "SELECT key_id, received_at, sealed, body FROM inbox_batch ORDER BY id"
        ).fetchall()
    keys = Vault(read_keys(os.environ["JOREN_PERSONAL_KEYS"]), b"")
    bodies = [
        keys.unseal_body(bound_to(f"{source}/{at}"), sealed, body)
        for source, at, sealed, body in rows
    ]
    return [message for body in bodies for message in json.loads(body)]


def until(page: Page, found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not found():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)  # and the page goes on meanwhile


def stored(page: Page) -> list[Any]:
    return [page.evaluate("document.cookie"), page.evaluate("localStorage.length")]


def test_the_script_is_small_and_a_released_one_stays_as_it_was() -> None:
    for version, integrity in RELEASED.items():
        found = selectors.script_of(version)

        assert found is not None
        text, packed, said = found
        assert len(packed) < 4_096
        assert gzip.decompress(packed) == text
        assert said == integrity
        digest = base64.b64encode(hashlib.sha384(text).digest()).decode()
        assert integrity == f"sha384-{digest}"


@pytest.mark.timeout(300)
def test_nothing_is_stored_or_sent_before_consent_and_all_of_it_after(
    opened: _Opened, joren: Joren, pages: Path, context: BrowserContext
) -> None:
    begun(joren, drainer=False)
    early = '<script>window.joren=[["track","Product Viewed",{product_id:"P-1"}]]</script>'
    address = served(pages, early + opened.snippet)
    page, asked = context.new_page(), []
    page.on("request", lambda one: asked.append(one.method))
    page.goto(f"{address}/0.html?utm_source=mail&utm_campaign=c1&email=a@example.com")
    page.wait_for_function("window.joren && joren.version")
    page.evaluate("joren.identify('42', {email: 'taro@example.com'})")
    page.wait_for_timeout(300)

    before = (stored(page), [one for one in asked if one == "POST"])
    page.evaluate("joren.consent(true)")
    until(page, lambda: len(messages(joren)) == 3)

    assert before == (["", 0], [])
    said = messages(joren)
    assert [one["type"] for one in said] == ["page", "track", "identify"]
    assert len({one["anonymousId"] for one in said}) == 1
    assert said[0]["context"]["campaign"] == {"source": "mail", "name": "c1"}
    assert "email=" not in json.dumps(said[0])
    assert said[1]["properties"] == {"product_id": "P-1"}
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["sameSite"]) == ("joren_id", "Lax")
    assert cookie["expires"] - time.time() > 300 * 86_400

    page.reload()  # who once agreed has agreed
    until(page, lambda: len(messages(joren)) == 5)
    assert messages(joren)[-1]["userId"] == "42"
    page.evaluate("joren.consent(false)")
    assert stored(page) == ["", 0]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("signal", ["globalPrivacyControl: true", "doNotTrack: '1'"])
def test_who_does_not_want_to_be_followed_is_not(
    opened: _Opened, joren: Joren, pages: Path, context: BrowserContext, signal: str
) -> None:
    begun(joren, drainer=False)
    address = served(pages, opened.snippet.replace('data-consent="wait"', ""))
    name, value = signal.split(": ")
    context.add_init_script(f"Object.defineProperty(navigator, '{name}', {{get: () => {value}}})")
    page = context.new_page()
    page.goto(f"{address}/0.html")
    page.wait_for_function("window.joren && joren.version")

    page.evaluate("joren.consent(true); joren.track('Cart Viewed'); joren.identify('42')")
    page.wait_for_timeout(500)

    assert stored(page) == ["", 0]
    assert messages(joren) == []


@pytest.mark.timeout(300)
def test_another_user_of_the_device_is_somebody_else(
    opened: _Opened, joren: Joren, pages: Path, context: BrowserContext
) -> None:
    begun(joren, drainer=False)
    address = served(pages, opened.snippet)
    page = context.new_page()
    page.goto(f"{address}/0.html")
    page.wait_for_function("window.joren && joren.version")

    page.evaluate("joren.consent(true); joren.identify('42'); joren.reset(); joren.track('X')")
    until(page, lambda: len(messages(joren)) == 3)

    _, known, after = messages(joren)
    assert (known["userId"], after["userId"]) == ("42", None)
    assert known["anonymousId"] != after["anonymousId"]


@pytest.mark.timeout(600)
def test_an_outage_and_a_change_of_page_lose_nothing_and_repeat_nothing(
    opened: _Opened, joren: Joren, pages: Path, context: BrowserContext
) -> None:
    begun(joren)
    snippet = opened.snippet.replace('data-consent="wait"', 'data-page="no"')
    address = served(pages, snippet, snippet)
    page = context.new_page()
    page.goto(f"{address}/0.html")
    page.wait_for_function("window.joren && joren.version")
    some = "for (let i = 0; i < 30; i++) joren.track('Product Viewed', {product_id: '' + i})"

    page.evaluate(some)
    page.wait_for_timeout(200)
    joren.kill("web")
    page.evaluate(some)
    page.wait_for_timeout(1_500)
    joren.begin("web")
    joren.wait()  # the next page's script comes from there too
    page.evaluate(some)
    page.goto(f"{address}/1.html")
    page.wait_for_function("window.joren && joren.version")
    until(page, lambda: page.evaluate("localStorage.length") == 1)  # who the device is, alone

    source = waited(joren, 90)
    assert (source["kept"], source["unreadable"]) == (90, 0)
    assert distinct(joren.home / "warehouse" / "events") == 90


@pytest.mark.timeout(600)
def test_segments_own_script_loses_nothing_and_repeats_nothing(
    opened: _Opened, joren: Joren, pages: Path, context: BrowserContext
) -> None:
    if not SEGMENT.is_dir():
        absent("Segment's script for browsers", hint="install npm, then make sdks")
    begun(joren)
    (pages / "umd").symlink_to(SEGMENT)
    key = opened.source["key"]
    host = f"127.0.0.1:{joren.port}"
    address = served(pages, '<script src="/umd/index.js"></script>')
    page = context.new_page()
    page.goto(f"{address}/0.html")
    page.evaluate(
        f"""async () => {{
          const [ajs] = await AnalyticsNext.AnalyticsBrowser.load(
            {{ writeKey: "{key}", cdnURL: "http://{host}" }},
            {{ integrations: {{ "Segment.io": {{ apiHost: "{host}/v1", protocol: "http" }} }} }});
          window.ajs = ajs;
        }}"""
    )

    page.evaluate("for (let i = 0; i < 10; i++) ajs.track('Product Viewed', {product_id: '' + i})")
    page.wait_for_timeout(500)
    joren.kill("web")
    page.evaluate("for (let i = 0; i < 10; i++) ajs.track('Cart Viewed'); ajs.identify('42')")
    page.wait_for_timeout(1_500)
    joren.begin("web")

    # It tries again at its own pace, which waits longer each time.
    deadline = time.monotonic() + 120
    while (kept := events_kept(joren.home)) < 21:
        assert time.monotonic() < deadline, kept
        page.wait_for_timeout(100)
    (source,) = joren.ask("source", "list")
    assert (source["kept"], source["unreadable"]) == (21, 0)
    assert distinct(joren.home / "warehouse" / "events") == 21
