"""``python -m bench delivery [MESSAGES]``: from the ledger to a mail server, beside Django's loop.

Ours: claimed, written in the child process with links of refusal, asked for consent once more,
marked and noted in the ledger. Django's: ``send_mail`` of a text personalised by its own templates,
over one open connection, and no ledger. Both to the same server process, in turns.
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.delivery import shop

_ROUNDS = 3


def main(words: list[str]) -> int:
    messages = int(words[0]) if words else 3_000
    with tempfile.TemporaryDirectory(prefix="joren-delivery-") as folder:
        sink = subprocess.Popen(
            [sys.executable, "-m", "bench.delivery.fast_sink"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert sink.stdout is not None
            return _compared(Path(folder), int(sink.stdout.readline()), messages)
        finally:
            sink.kill()
            sink.wait()


def _compared(folder: Path, port: int, messages: int) -> int:
    for name in [name for name in os.environ if name.startswith("JOREN_")]:
        del os.environ[name]
    os.environ.update(shop.surroundings(folder / "home", "", port))
    import django

    django.setup()
    shop.stock(messages)
    ours, theirs = 0.0, 0.0
    part = messages // _ROUNDS
    for number in range(_ROUNDS):
        ours += _ours(part)
        theirs += _theirs(range(number * part + 1, (number + 1) * part + 1))
    done = part * _ROUNDS
    with smtplib.SMTP("127.0.0.1", port) as server:
        came = int(server.docmd("VRFY", "count")[1])
    print(f"messages            {done:,} each, {came:,} came")
    print(f"joren               {done / ours:,.0f} a second")
    print(f"django send_mail    {done / theirs:,.0f} a second")
    print(f"ratio               {theirs / ours:.2f}")
    return 0 if came == 2 * done else 1


def _ours(messages: int) -> float:
    from joren.act.messages import services

    since = time.perf_counter()
    left = messages
    while left > 0:
        done = services.deliver_some("email", min(left, 500))
        if not done.rows:
            break
        left -= done.rows
    return time.perf_counter() - since


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
