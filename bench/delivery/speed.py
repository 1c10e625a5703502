"""``python -m bench delivery [MESSAGES]``: from the ledger to a mail server, beside Django's loop.

Ours: claimed, written in the child process with links of refusal, asked for consent once more,
marked and noted in the ledger; by one process, and by two that share the work. Django's:
``send_mail`` of a text personalised by its own templates, over one open connection, and no ledger.
All to the same server process, in turns.
"""

from __future__ import annotations

import multiprocessing
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from bench.delivery import shop

_ROUNDS = 3
_FORKED = multiprocessing.get_context("forkserver")


def main(words: list[str]) -> int:
    messages = int(words[0]) if words else 9_000
    with tempfile.TemporaryDirectory(prefix="joren-delivery-") as folder:
        sink = subprocess.Popen(
            [sys.executable, "-m", "bench.delivery.fast_sink"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert sink.stdout is not None
            return _compared(Path(folder), int(sink.stdout.readline()), messages // _ROUNDS)
        finally:
            sink.kill()
            sink.wait()


def _compared(folder: Path, port: int, part: int) -> int:
    for name in [name for name in os.environ if name.startswith("JOREN_")]:
        del os.environ[name]
    os.environ.update(shop.surroundings(folder / "home", "", port))
    import django

    django.setup()
    shop.stock(2 * part * _ROUNDS)
    _FORKED.set_forkserver_preload(["bench.delivery.ready"])
    workers = [_Worker(), _Worker()]
    names = ("joren", "joren, two processes", "django send_mail")
    took = dict.fromkeys(names, 0.0)
    for number in range(_ROUNDS):
        took[names[0]] += _by(workers[:1], part)
        took[names[1]] += _by(workers, part)
        took[names[2]] += _theirs(range(number * part + 1, (number + 1) * part + 1))
    for worker in workers:
        worker.end()
    done = part * _ROUNDS
    with smtplib.SMTP("127.0.0.1", port) as server:
        came = int(server.docmd("VRFY", "count")[1])
    print(f"{'messages':<22}{done:,} each, {came:,} came")
    for name in names:
        ratio = took[names[2]] / took[name]
        print(f"{name:<22}{done / took[name]:8,.0f} a second, ratio {ratio:.2f}")
    return 0 if came == 3 * done else 1


class _Worker:
    """A process that carries so many messages whenever it is told to."""

    def __init__(self) -> None:
        self.here, there = multiprocessing.Pipe()
        self.process = _FORKED.Process(target=_carry, args=(there,))
        self.process.start()

    def end(self) -> None:
        self.here.send(0)
        self.process.join()


def _by(workers: list[_Worker], messages: int) -> float:
    since = time.perf_counter()
    for place, worker in enumerate(workers):
        rest = messages % len(workers) if place == 0 else 0
        worker.here.send(messages // len(workers) + rest)
    for worker in workers:
        worker.here.recv()
    return time.perf_counter() - since


def _carry(told: Connection) -> None:
    from joren.act.messages import services

    while most := told.recv():
        services.deliver_due("email", most=most)
        told.send(True)


def _theirs(numbers: range) -> float:
    from django.core.mail import get_connection, send_mail
    from django.template import Context, Engine

    from joren.act.messages import selectors

    text = selectors.template(1).content.texts["ja"]
    since = time.perf_counter()
    engine = Engine()
    subject, body = (
        engine.from_string(one.replace("customer.name", "name"))
        for one in (text.subject, text.body)
    )
    with get_connection() as connection:
        for number in numbers:
            known = Context(
                {"name": f"客{number}", "unsubscribe_url": f"https://shop.example/u/{number}"}
            )
            send_mail(
                subject.render(known), body.render(known), "hello@shop.example",
                [f"c{number}@shop.example"], connection=connection,
            )  # fmt: skip
    return time.perf_counter() - since
