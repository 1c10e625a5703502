"""``python -m bench inbox [SECONDS]``: acknowledged and written a second, and what is left over."""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.inbox.running import Joren
from bench.inbox.sending import Sender
from bench.measuring import percentile

SENDERS = 4
PEOPLE = 20_000


def main(words: Sequence[str]) -> int:
    seconds = float(words[0]) if words else 60.0
    with tempfile.TemporaryDirectory(prefix="joren-bench-") as folder:
        joren = Joren(Path(folder) / "home")
        said = joren.ask("source", "add", "bench", "--store", "own", "--limit", "1000000")
        try:
            joren.begin("web")
            joren.begin("drainer")
            joren.wait()
            return _measured(joren, said[0]["key"], seconds)
        finally:
            joren.end()


def _measured(joren: Joren, key: str, seconds: float) -> int:
    with multiprocessing.Pool(SENDERS) as pool:
        begun = time.perf_counter()
        asked = [(f"s{n}", joren.port, key, seconds) for n in range(SENDERS)]
        results = pool.starmap_async(_load, asked)
        parts = results.get()
    took = time.perf_counter() - begun
    acknowledged = sum(count for count, _, _ in parts)
    answers = [one for _, _, taken in parts for one in taken]
    meanwhile = _traffic(joren)["kept"]
    while (traffic := _traffic(joren))["kept"] < acknowledged:
        time.sleep(2)
    caught_up = time.perf_counter() - begun - took
    print(f"acknowledged            {acknowledged / took:>10,.0f} events/s for {took:.0f} s")
    print(f"answer to a hundred     {percentile(answers, 0.5) * 1000:>10.1f} ms median")
    print(f"                        {percentile(answers, 0.95) * 1000:>10.1f} ms at the 95th")
    print(f"written meanwhile       {meanwhile / took:>10,.0f} events/s")
    print(f"all written after       {caught_up:>10.0f} s more")
    after = (acknowledged - meanwhile) / max(caught_up, 0.1)
    print(f"written after the load  {after:>10,.0f} events/s")
    for name in ("web", "drainer"):
        print(f"memory of {name:<13} {joren.memory(name):>10,.0f} MB at most")
    exact = traffic["kept"] == acknowledged and traffic["repeated"] == sum(n for _, n, _ in parts)
    print(f"each of {acknowledged:,} events once: {'yes' if exact else f'NO: {traffic}'}")
    return 0 if exact else 1


def _load(name: str, port: int, key: str, seconds: float) -> tuple[int, int, list[float]]:
    sender, stopped = Sender(name, port, key, PEOPLE), threading.Event()
    timer = threading.Timer(seconds, stopped.set)
    timer.start()
    sender.send_until(stopped)
    return sender.acknowledged, sender.again, sender.seconds


def _traffic(joren: Joren) -> dict[str, Any]:
    (source,) = joren.ask("source", "list")
    return source
