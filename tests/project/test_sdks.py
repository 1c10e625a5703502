"""The SDKs that shops use, from their registries, against a running joren that goes away meanwhile.

They are installed apart from everything else: two versions of one package, and what each asks for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.inbox.kills import distinct
from bench.inbox.running import Joren
from tests.absence import absent
from tests.project.running import events_kept

SDKS = Path(sys.prefix) / "sdks"
EACH = 120

_CUT_OFF = "lost AxiosError: stream has been aborted\n"
"""Of an answer that had begun when joren was killed: what it is about was kept before it, and has
to be there with the rest."""

_SEGMENT = """
import sys, time
import segment.analytics as analytics
key, host, name = sys.argv[1:]
analytics.write_key, analytics.host, analytics.sync_mode = key, host, False
analytics.on_error = lambda error, items: print("lost", len(items), error)
analytics.identify(name, {"email": f"{name}@example.com", "firstName": "太郎"})
for number in range(%d):
    analytics.track(name, "Product Viewed", {"product_id": str(number), "price": float("nan")})
    time.sleep(0.02)
analytics.flush()
analytics.shutdown()
"""
_RUDDER = """
import sys, time
import rudderstack.analytics as analytics
key, host, name = sys.argv[1:]
analytics.write_key, analytics.dataPlaneUrl = key, host
analytics.on_error = lambda error, items: print("lost", len(items), error)
analytics.identify(name, {"email": f"{name}@example.com", "firstName": "太郎"})
for number in range(%d):
    analytics.track(name, "Product Viewed", {"product_id": str(number)})
    time.sleep(0.02)
analytics.flush()
analytics.shutdown()
"""
_NODE = """
const [key, host, name] = process.argv.slice(1);
const lost = (error) => console.log("lost", String(error));
%s
const wait = () => new Promise((done) => setTimeout(done, 20));
(async () => {
  client.identify({ userId: name, traits: { email: name + "@example.com", firstName: "太郎" } });
  for (let number = 0; number < %d; number++) {
    const properties = { product_id: String(number) };
    client.track({ userId: name, event: "Product Viewed", properties });
    await wait();
  }
  await close();
})();
"""
_SEGMENT_NODE = """
const { Analytics } = require("@segment/analytics-node");
const client = new Analytics({ writeKey: key, host, flushInterval: 200, maxRetries: 100 });
client.on("error", (error) => lost(error.code));
const close = () => client.closeAndFlush({ timeout: 60000 });
"""
# It tries again for two minutes: on a busy machine joren is away for longer than its default.
_RUDDER_NODE = """
const Rudder = require("@rudderstack/rudder-sdk-node");
const client = new Rudder(key, {
  dataPlaneUrl: host, flushInterval: 200, retryCount: 600, errorHandler: lost, logLevel: "none",
  axiosRetryConfig: { retryDelay: () => 200 },
});
const close = () => client.flush();
"""
PROGRAMS = {
    "segment": _SEGMENT % (EACH - 1),
    "segment-2.3.6": _SEGMENT % (EACH - 1),
    "rudder": _RUDDER % (EACH - 1),
}
NODE_PROGRAMS = {
    "segment-node": _NODE % (_SEGMENT_NODE, EACH - 1),
    "rudder-node": _NODE % (_RUDDER_NODE, EACH - 1),
}

pytestmark = pytest.mark.slow


@pytest.fixture
def joren(tmp_path: Path) -> Iterator[Joren]:
    running = Joren(tmp_path / "home", workers=1)
    try:
        yield running
    finally:
        running.end()


@pytest.mark.timeout(600)  # a busy machine: alone it takes twenty seconds
def test_nothing_that_an_sdk_sent_is_lost_or_counted_twice(joren: Joren) -> None:
    if not SDKS.is_dir():
        absent("the SDKs", hint="make sdks")
    if not (SDKS / "npm/node_modules").is_dir():
        absent("Node's SDKs", hint="install npm, then make sdks")
    key = joren.ask("source", "add", "sdk", "--store", "own")[0]["key"]
    for part in ("web", "drainer"):
        joren.begin(part)
    joren.wait()

    senders = {name: _sender(name, key, joren.port) for name in (*PROGRAMS, *NODE_PROGRAMS)}
    time.sleep(1.0)
    joren.kill("web")
    time.sleep(1.0)
    joren.begin("web")

    for name, sender in senders.items():
        said, _ = sender.communicate(timeout=300)
        assert (sender.returncode, said.replace(_CUT_OFF, "")) == (0, ""), name
    wanted = EACH * len(senders)
    deadline = time.monotonic() + 120
    while (kept := events_kept(joren.home)) < wanted:
        assert time.monotonic() < deadline, kept
        time.sleep(0.2)
    (source,) = joren.ask("source", "list")
    assert (source["kept"], source["unreadable"]) == (wanted, 0)
    assert distinct(joren.home / "warehouse" / "events") == wanted


def _sender(name: str, key: str, port: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(SDKS / name), "PYTHONWARNINGS": "ignore"}
    program = (
        ["node", "-e", NODE_PROGRAMS[name]]
        if name in NODE_PROGRAMS
        else [sys.executable, "-c", PROGRAMS[name]]
    )
    return subprocess.Popen(
        [*program, key, f"http://127.0.0.1:{port}", name],
        cwd=SDKS / "npm",
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
