"""``python -m bench.delivery.kills --kills N``: ``kill -9`` of two workers at random under load.

The mail server is a process of its own, and its record the judge: no mail twice, none that the
ledger calls sent and that is not there, none without a word on what became of it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.databases import database
from bench.delivery import shop, worker

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

_BEHIND = 240.0
_MESSAGES_A_KILL = 150
_FORKED = multiprocessing.get_context("forkserver")
"""Whose server has imported all that a worker needs: else a kill costs seconds of starting."""


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m bench.delivery.kills")
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    asked.add_argument("--database", default="", help="postgresql://…, else SQLite")
    asked.add_argument("--json", action="store_true")
    said = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="joren-kills-") as folder,
        database(said.database) as url,
    ):
        found = run(Path(folder), said.kills, random.Random(said.seed), url)
    found["seed"] = said.seed
    print(json.dumps(found) if said.json else "\n".join(f"{k:<22} {v}" for k, v in found.items()))
    wrong = ("twice", "sent and not there", "refused and there", "without a word")
    return 1 if any(found[one] for one in wrong) else 0


def run(folder: Path, kills: int, chance: random.Random, url: str) -> dict[str, Any]:
    """Kill that often, let the rest leave, and compare the ledger with the server's record."""
    record = folder / "record"
    sink = subprocess.Popen(
        [sys.executable, "-m", "bench.delivery.sink", str(record), "40"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert sink.stdout is not None
    env = shop.surroundings(folder / "home", url, int(sink.stdout.readline()))
    for name in [name for name in os.environ if name.startswith("JOREN_")]:
        del os.environ[name]
    os.environ.update(env)
    import django

    django.setup()
    shop.stock(kills * _MESSAGES_A_KILL)
    _FORKED.set_forkserver_preload(["bench.delivery.ready"])
    workers = [_begun() for _ in range(2)]
    done = 0
    try:
        while done < kills:
            time.sleep(chance.uniform(0.05, 0.8))
            place = done % 2
            workers[place].kill()
            workers[place].join()
            workers[place] = _begun()
            done += 1
        _wait_for_the_rest()
    finally:
        for one in workers:
            one.kill()
            one.join()
        sink.kill()
        sink.wait()
    return {"kills": done, **_compared(record)}


def _begun() -> ForkServerProcess:
    """A worker that is at work at once: to kill one that is still starting would prove little."""
    begun = _FORKED.Process(target=worker.main)
    begun.start()
    return begun


def _wait_for_the_rest() -> None:
    from joren.act.messages import models

    deadline = time.monotonic() + _BEHIND
    while time.monotonic() < deadline:
        if not models.Send.objects.filter(state__in=("waiting", "sending")).exists():
            return
        time.sleep(0.5)


def _compared(record: Path) -> dict[str, Any]:
    from joren.act.messages import models
    from joren.act.messages.channels.email.composing import message_id
    from joren.act.messages.services.delivering.calling import key_of

    there = Counter(line.split()[0] for line in record.read_text().splitlines())
    states: Counter[str] = Counter()
    missing = refused = wordless = arrived = 0
    for pk, state, reason in models.Send.objects.values_list("pk", "state", "reason"):
        came = there.get(message_id("news@shop.example", key_of(pk)), 0)
        states[state] += 1
        missing += state == "sent" and came != 1
        refused += state == "refused" and came > 0
        wordless += state in ("waiting", "sending") or (state != "sent" and not reason)
        arrived += state == "unknown" and came > 0
    return {
        "messages": sum(states.values()),
        "sent": states["sent"],
        "unknown": states["unknown"],
        "unknown that arrived": arrived,
        "twice": sum(n > 1 for n in there.values()),
        "sent and not there": missing,
        "refused and there": refused,
        "without a word": wordless,
    }


if __name__ == "__main__":
    sys.exit(main())
