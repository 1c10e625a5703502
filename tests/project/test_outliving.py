"""What an acknowledged event outlives: a crash, or by a setting also the loss of power."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from joren.core.errors import BadInput
from joren.project import environment
from joren.project.databases import INBOX, databases

REQUESTS = 5
_RECEIVE = """
import json, sys, time, django
django.setup()
from django.core.management import call_command
from joren.collect.inbox import services
from joren.collect.inbox.rules.reading import parsed, request_of
call_command("migrate", verbosity=0)
call_command("migrate", database="inbox", verbosity=0)
_, key = services.add_source("shop", kind="server", store="own")
print("BEGIN", file=sys.stderr, flush=True)
for number in range({requests}):
    event = {{"type": "track", "userId": "u", "event": "E", "messageId": str(number)}}
    body = parsed(json.dumps({{"batch": [event]}}).encode())
    services.receive(request_of(body, kind="batch"), keys=[key], now=time.time_ns() // 1000)
print("END", file=sys.stderr, flush=True)
"""


@pytest.mark.parametrize(("durable", "synchronous"), [("crash", 1), ("power", 2)])
def test_the_inbox_alone_waits_for_the_disk(tmp_path: Path, durable: str, synchronous: int) -> None:
    """1 is NORMAL, which in WAL syncs at checkpoints; 2 is FULL, which syncs at each commit."""
    known = databases(f"sqlite:///{tmp_path}/joren.sqlite3", home=tmp_path, durable=durable)

    def asked(name: str) -> tuple[str, int]:
        one = known[name]
        with sqlite3.connect(one["NAME"]) as opened:
            opened.executescript(one["OPTIONS"]["init_command"])
            (mode,) = opened.execute("PRAGMA journal_mode").fetchone()
            (level,) = opened.execute("PRAGMA synchronous").fetchone()
        return mode, level

    assert asked(INBOX) == ("wal", synchronous)
    assert asked("default") == ("wal", 1)


def test_another_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="JOREN_INBOX_OUTLIVES is 'fire'") as refused:
        environment.read({"JOREN_HOME": str(tmp_path), "JOREN_INBOX_OUTLIVES": "fire"})

    assert "power" in refused.value.hint


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace at hand")
@pytest.mark.parametrize("durable", ["crash", "power"])
def test_before_an_acknowledgement_the_disk_has_it(tmp_path: Path, durable: str) -> None:
    """Watched from outside: which calls of the system the process makes between two signs."""
    home, seen = tmp_path / "home", tmp_path / "calls"
    given = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    done = subprocess.run(
        ["strace", "-f", "-y", "-o", str(seen), "-e", "trace=fsync,fdatasync,write",
         sys.executable, "-c", _RECEIVE.format(requests=REQUESTS)],
        env=given | {"JOREN_HOME": str(home), "JOREN_INBOX_OUTLIVES": durable,
                     "DJANGO_SETTINGS_MODULE": "joren.project.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "ptrace" in done.stderr and "permitted" in done.stderr:
        pytest.skip("this machine lets nobody watch a process")

    assert done.returncode == 0, done.stderr
    calls = seen.read_text().splitlines()
    first = next(place for place, call in enumerate(calls) if '"BEGIN' in call)
    last = next(place for place, call in enumerate(calls) if '"END' in call)
    synced = [call for call in calls[first:last] if "sync(" in call and "inbox.sqlite3-wal" in call]
    assert len(synced) >= REQUESTS if durable == "power" else synced == []
