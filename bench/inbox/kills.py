"""``python -m bench.inbox.kills --kills N``: ``kill -9`` of web and drainer at random under load.

Every event that was acknowledged must be there, once; what was not acknowledged is sent again.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench.databases import database
from bench.inbox.running import Joren
from bench.inbox.sending import Sender

PARTS = ("web", "drainer")
_PEOPLE = 500
_BEHIND = 240.0  # seconds until all is written, on a busy machine


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m bench.inbox.kills")
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    asked.add_argument("--pause", type=float, default=0.3, help="seconds between two batches")
    asked.add_argument("--database", default="", help="postgresql://…, else SQLite")
    asked.add_argument("--json", action="store_true")
    said = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="joren-kills-") as folder,
        database(said.database) as url,
    ):
        joren = Joren(Path(folder) / "home", database=url)
        found = run(joren, said.kills, random.Random(said.seed), said.pause)
    found["seed"] = said.seed
    print(json.dumps(found) if said.json else "\n".join(f"{k:<14} {v}" for k, v in found.items()))
    return 0 if found["events"] == found["kept"] == found["acknowledged"] else 1


def run(joren: Joren, kills: int, chance: random.Random, pause: float) -> dict[str, Any]:
    """Kill that often; returns what was acknowledged, and what is in the warehouse."""
    key = joren.ask("source", "add", "kills", "--store", "own", "--limit", "1000000")[0]["key"]
    senders = [Sender(f"s{number}", joren.port, key, _PEOPLE) for number in range(2)]
    stopped = threading.Event()
    threads = [
        threading.Thread(target=sender.send_until, args=(stopped,), kwargs={"pause": pause})
        for sender in senders
    ]
    try:
        for part in PARTS:
            joren.begin(part)
        joren.wait()
        for thread in threads:
            thread.start()
        for number in range(kills):
            part = PARTS[number % 2]
            if part == "web":
                joren.wait()  # what does not answer yet has acknowledged nothing
            time.sleep(chance.uniform(0.1, 3.0 if part == "web" else 8.0))
            joren.kill(part)
            joren.begin(part)
        joren.wait()
        stopped.set()
        for thread in threads:
            thread.join()
        return _found(joren, senders, kills)
    finally:
        stopped.set()
        joren.end()


def _found(joren: Joren, senders: list[Sender], kills: int) -> dict[str, Any]:
    acknowledged = sum(sender.acknowledged for sender in senders)
    deadline = time.monotonic() + _BEHIND
    while (traffic := joren.ask("source", "list")[0])["kept"] < acknowledged:
        if time.monotonic() > deadline:
            break
        time.sleep(1)
    return {
        "kills": kills,
        "acknowledged": acknowledged,
        "sent again": sum(sender.again for sender in senders),
        "kept": traffic["kept"],
        "repeated": traffic["repeated"],
        "events": distinct(joren.home / "warehouse" / "events"),
    }


def distinct(table: Path) -> int:
    """How many events the warehouse holds; −1 if one is there twice."""
    import pyarrow.parquet as pq
    from deltalake import DeltaTable

    files = DeltaTable(str(table)).file_uris()
    ids = [one for file in files for one in pq.read_table(file)["event_id"].to_pylist()]
    return len(ids) if len(ids) == len(set(ids)) else -1


if __name__ == "__main__":
    sys.exit(main())
