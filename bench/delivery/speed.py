"""``python -m bench delivery [MESSAGES] [--database URL] [--mjml]``: from the ledger to a mail
server, beside Django's loop.

Ours: claimed, written in the child process with links of refusal, asked for consent once more,
marked and noted in the ledger; by one process, and by two that share the work. Django's:
``send_mail`` of a text personalised by its own templates, over one open connection, and no ledger.
Each is a process of its own, all speak to the same server process, in turns. With ``--mjml`` ours
sends a ready-made template, and Django's the HTML and text that it came to for somebody.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bench.databases import database
from bench.delivery import shop
from bench.delivery.sinks import Sink, seconds_of, sink

_ROUNDS = 3
_WARM = 50
_FORKED = multiprocessing.get_context("forkserver")


@dataclass
class _Side:
    """What one way took, by the clock and of processors: its own and what it started, and the
    server's."""

    clock: float = 0.0
    ours: float = 0.0
    server: float = 0.0


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench delivery")
    asked.add_argument("messages", nargs="?", type=int, default=9_000)
    asked.add_argument("--database", default="", help="postgresql://…, else SQLite")
    asked.add_argument("--mjml", action="store_true")
    said = asked.parse_args(words)
    with (
        tempfile.TemporaryDirectory(prefix="joren-delivery-") as folder,
        database(said.database) as url,
        sink() as server,
    ):
        return _compared(Path(folder), url, server, said.messages // _ROUNDS, said.mjml)


def _compared(folder: Path, url: str, server: Sink, part: int, mjml: bool) -> int:
    for name in [name for name in os.environ if name.startswith("JOREN_")]:
        del os.environ[name]
    os.environ.update(shop.surroundings(folder / "home", url, server.port))
    import django

    django.setup()
    shop.stock(2 * part * _ROUNDS + 3 * _WARM, mjml=mjml)
    _FORKED.set_forkserver_preload(["bench.delivery.ready"])
    ours, theirs = [_Worker(server), _Worker(server)], _Worker(server, django=True)
    for worker in (*ours, theirs):
        _by([worker], _WARM)
    ways = {"joren": ours[:1], "joren, two processes": ours, "django send_mail": [theirs]}
    sides = {name: _Side() for name in ways}
    for _ in range(_ROUNDS):
        for name, workers in ways.items():
            _add(sides[name], _by(workers, part))
    for worker in (*ours, theirs):
        worker.end()
    done = part * _ROUNDS
    time.sleep(0.5)
    print(f"{server.name}: {server.came():,} came of {3 * (done + _WARM):,}; load {_load()}")
    base = sides["django send_mail"]
    for name, side in sides.items():
        print(
            f"{name:<22}{done / side.clock:8,.0f} a second, ratio {base.clock / side.clock:.2f};"
            f" {side.ours / done * 1000:.3f} ms of processor time each, ratio"
            f" {base.ours / side.ours:.2f}; server {side.server / done * 1000:.3f} ms"
        )
    return 0 if server.came() == 3 * (done + _WARM) else 1


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _add(side: _Side, took: _Side) -> None:
    side.clock += took.clock
    side.ours += took.ours
    side.server += took.server


class _Worker:
    """A process that carries so many messages whenever it is told to."""

    def __init__(self, server: Sink, *, django: bool = False) -> None:
        self.server = server
        self.here, there = multiprocessing.Pipe()
        work = _send_by_django if django else _carry
        self.process = _FORKED.Process(target=work, args=(there,))
        self.process.start()

    def end(self) -> None:
        self.here.send(0)
        self.process.join()


def _by(workers: list[_Worker], messages: int) -> _Side:
    server, before = workers[0].server, workers[0].server.seconds()
    since = time.perf_counter()
    for place, worker in enumerate(workers):
        rest = messages % len(workers) if place == 0 else 0
        worker.here.send(messages // len(workers) + rest)
    ours = sum(worker.here.recv() for worker in workers)
    return _Side(time.perf_counter() - since, ours, server.seconds() - before)


def _spent() -> float:
    """Processor seconds of this process and of its children, at work or ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    ended = sum(one.ru_utime + one.ru_stime for one in used)
    me = os.getpid()
    alive = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    return ended + sum(seconds_of(int(one)) for one in alive)


def _carry(told: Connection) -> None:
    from joren.act.messages import services

    with services.Scribe() as scribe:
        while most := told.recv():
            before = _spent()
            services.deliver_due("email", most=most, scribe=scribe)
            told.send(_spent() - before)


def _send_by_django(told: Connection) -> None:
    from django.core.mail import get_connection, send_mail
    from django.template import Context, Engine

    subject, body, html = shop.for_django()
    engine = Engine()
    titles, texts = engine.from_string(subject), engine.from_string(body)
    pages = engine.from_string(html) if html else None
    number = 0
    while most := told.recv():
        before = _spent()
        with get_connection() as connection:
            for _ in range(most):
                number += 1
                known = Context(
                    {"name": f"客{number}", "unsubscribe_url": f"https://shop.example/u/{number}"}
                )
                send_mail(
                    titles.render(known), texts.render(known), "hello@shop.example",
                    [f"c{number}@shop.example"], connection=connection,
                    html_message=pages.render(known) if pages else None,
                )  # fmt: skip
        told.send(_spent() - before)
