"""``python -m bench inbox [SECONDS [RATE]] [--database URL]``: taken, written, and left over.

RATE is how many events a second are sent; without it as many as are acknowledged.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sqlite3
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg

from bench.databases import database
from bench.inbox.running import Joren
from bench.inbox.sending import SIZE, Sender
from bench.measuring import percentile

SENDERS = 4
PEOPLE = 20_000
_SUM = "SELECT sum(kept) FROM inbox_tally"


def main(given: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench inbox")
    asked.add_argument("seconds", nargs="?", type=float, default=60.0)
    asked.add_argument("rate", nargs="?", type=float, default=0.0)
    asked.add_argument("--database", default="", help="postgresql://…, else SQLite")
    words = asked.parse_args(given)
    with (
        tempfile.TemporaryDirectory(prefix="joren-bench-") as folder,
        database(words.database) as url,
    ):
        joren = Joren(Path(folder) / "home", database=url)
        said = joren.ask("source", "add", "bench", "--store", "own", "--limit", "1000000")
        try:
            joren.begin("web")
            joren.begin("drainer")
            joren.wait()
            return _measured(joren, said[0]["key"], words.seconds, words.rate)
        finally:
            joren.end()


def _measured(joren: Joren, key: str, seconds: float, rate: float) -> int:
    with multiprocessing.Pool(SENDERS) as pool:
        begun = time.perf_counter()
        pause = SENDERS * SIZE / rate if rate else 0.0
        asked = [(f"s{n}", joren.port, key, seconds, pause) for n in range(SENDERS)]
        results = pool.starmap_async(_load, asked)
        parts = results.get()
    took = time.perf_counter() - begun
    acknowledged = sum(count for count, _, _ in parts)
    answers = [one for _, _, taken in parts for one in taken]
    meanwhile = _kept(joren)
    while _kept(joren) < acknowledged:
        time.sleep(0.2)
    caught_up = time.perf_counter() - begun - took
    print(f"acknowledged            {acknowledged / took:>10,.0f} events/s for {took:.0f} s")
    print(f"answer to a hundred     {percentile(answers, 0.5) * 1000:>10.1f} ms median")
    print(f"                        {percentile(answers, 0.95) * 1000:>10.1f} ms at the 95th")
    print(f"written meanwhile       {meanwhile / took:>10,.0f} events/s")
    print(f"all written after       {caught_up:>10.0f} s more")
    after = (acknowledged - meanwhile) / max(caught_up, 0.1)
    print(f"written after the load  {after:>10,.0f} events/s")
    (traffic,) = joren.ask("source", "list")
    for name in ("web", "drainer"):
        print(f"memory of {name:<13} {joren.memory(name):>10,.0f} MB at most")
    exact = traffic["kept"] == acknowledged
    print(f"each of {acknowledged:,} events once: {'yes' if exact else f'NO: {traffic}'}")
    return 0 if exact else 1


def _load(
    name: str, port: int, key: str, seconds: float, pause: float
) -> tuple[int, int, list[float]]:
    sender, stopped = Sender(name, port, key, PEOPLE), threading.Event()
    timer = threading.Timer(seconds, stopped.set)
    timer.start()
    sender.send_until(stopped, pause=pause)
    return sender.acknowledged, sender.again, sender.seconds


def _kept(joren: Joren) -> int:
    """Asked of the database itself: a command takes seconds to start."""
    if joren.database:
        with psycopg.connect(joren.database) as there:
            return int(there.execute(_SUM).fetchone()[0] or 0)
    file = joren.home / "inbox.sqlite3"
    if not file.exists():
        return int(joren.ask("source", "list")[0]["kept"])
    with closing(sqlite3.connect(file)) as inbox:
        return int(inbox.execute(_SUM).fetchone()[0] or 0)
