"""``python -m joren.project.chores.courier``: the process that reads what webhooks and owners
brought, tells other programs what they chose, sends messages, looks each minute who came to the
segments that are followed live, and lets people on journeys go on.

Apart from the drainer: what webhooks bring are orders, whose import waits for a refresh, and live
events must not.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import django

_LOOK_EVERY: Final = 2.0
_CARRIERS: Final = 3
"""So many programs are told at once; one that is slow holds up itself alone."""

_AFTER_TROUBLE: Final = 10.0
_SEGMENTS_EVERY: Final = 60.0
_GUARD_EVERY: Final = 300.0
_SCRIBE_RESTS: Final = 60.0
"""Seconds without a message, after which the process that writes them ends until the next."""

_MANY: Final = 2_000
"""So many messages that may leave now are worth another process: what one sends in a second."""

_PUT_OFF: Final = 20_000
"""So many messages that were put off go to the gate again at a time."""

_log = logging.getLogger("joren.courier")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    carriers = [
        threading.Thread(target=_repeat, args=[stopped, _carry], name=f"carrier-{number}")
        for number in range(_CARRIERS)
    ]
    follower = threading.Thread(
        target=_repeat, args=[stopped, _follow, _SEGMENTS_EVERY], name="follower"
    )
    doorman = threading.Thread(target=_repeat, args=[stopped, _ask_again], name="doorman")
    guard = threading.Thread(target=_repeat, args=[stopped, _watch, _GUARD_EVERY], name="guard")
    walker = threading.Thread(target=_repeat, args=[stopped, _walk], name="walker")
    senders = [
        threading.Thread(target=_repeat, args=[stopped, work], name=work.__name__)
        for work in _senders(stopped.is_set)
    ]
    seconds = _seconds()
    helper = threading.Thread(target=_repeat, args=[stopped, lambda: _help(seconds)], name="helper")
    threads = [*carriers, follower, doorman, guard, walker, helper, *senders]
    for thread in threads:
        thread.start()
    _repeat(stopped, _read)
    helper.join(timeout=_AFTER_TROUBLE)  # which starts none any more
    for second in seconds:
        second.ask_to_end()
    for thread in threads:
        thread.join(timeout=_AFTER_TROUBLE)
    for second in seconds:
        second.wait()
    return 0


def _repeat(stopped: threading.Event, work: Callable[[], None], every: float = _LOOK_EVERY) -> None:
    """Do it again and again; after trouble, a while later."""
    from django.db import close_old_connections

    while not stopped.wait(every):
        try:
            work()
        except Exception:  # whatever it was, the work must go on when it is over
            _log.exception("%s is tried again", work.__name__.strip("_"))
            stopped.wait(_AFTER_TROUBLE)
        finally:
            close_old_connections()


def _carry() -> None:
    from joren.act.deliveries import services

    while services.deliver_one():
        pass


def _senders(stopped: Callable[[], bool]) -> list[Callable[[], None]]:
    """One for each channel: one that is slow holds up its own messages alone."""
    from joren.act.messages import selectors, services

    def sender(name: str) -> Callable[[], None]:
        scribe, at_work = services.Scribe(), time.monotonic()

        def send() -> None:
            nonlocal at_work
            if services.deliver_due(name, stopped=stopped, scribe=scribe).rows:
                at_work = time.monotonic()
            elif time.monotonic() - at_work > _SCRIBE_RESTS:
                scribe.rest()

        send.__name__ = f"sender-{name}"
        return send

    return [sender(name) for name in selectors.channel_names()]


class Second:
    """Another process that sends on a channel, while many messages wait there."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._process: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Start it where it is called for, and does not run."""
        from joren.act.messages import selectors

        if self._process is not None and self._process.poll() is None:
            return
        if selectors.many_wait(self._channel, _MANY):
            self.ask_to_end()
            self._process = subprocess.Popen(  # noqa: S603 (our own words)
                [sys.executable, "-m", "joren.project.chores.carrier", self._channel],
                stdin=subprocess.PIPE,
            )

    def ask_to_end(self) -> None:
        """It notes what it has sent, and ends."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def wait(self) -> None:
        """Until it has, or for a while: alone it comes to the same end."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_AFTER_TROUBLE)


def _seconds() -> list[Second]:
    from joren.act.messages import selectors

    return [Second(name) for name in selectors.channel_names()]


def _help(seconds: Sequence[Second]) -> None:
    for second in seconds:
        second.look()


def _follow() -> None:
    from joren.decide.segments import services as segments

    segments.look_live()


def _ask_again() -> None:
    """What the gate put off, and what waited too long."""
    from joren.act.messages import services as messages

    messages.expire()
    messages.gate_again(_PUT_OFF)


def _watch() -> None:
    """Whether anything that is sent is refused, or reported as spam, beyond its limit."""
    from joren.act.pressure import services as pressure

    _each(pressure.look, *_told())


def _told() -> tuple[Callable[[], object], ...]:
    """Whoever it concerns is told of what is late, was stopped, or changed, and of their review."""
    from joren.measure.team import services as team

    return team.look, team.mail_due, _mail_reviews


def _mail_reviews() -> None:
    from joren.measure.reviews import selectors as reviews

    if reviews.mail_is_due():
        from joren.project.pages.views.printing import mail_waiting  # late: the pages load for long

        mail_waiting()


def _walk() -> None:
    from joren.act.journeys import services as journeys

    journeys.tick()


def _read() -> None:
    from joren.act.campaigns import services as campaigns
    from joren.act.confirmations import services as confirmations
    from joren.act.forms import services as forms
    from joren.act.messages import services as messages
    from joren.collect.registrations import services as registrations
    from joren.collect.webhooks import services as webhooks

    def all_returned() -> None:
        while messages.read_returned():
            pass

    def all_heard() -> None:
        while messages.read_heard():
            pass

    def all_strangers() -> None:
        while messages.read_strangers():
            pass

    def all_deliveries() -> None:
        while webhooks.read_deliveries():
            pass

    _each(
        registrations.settle, forms.settle, confirmations.mail_asked, confirmations.lapse,
        forms.note_confirmed, all_deliveries, campaigns.launch_due, all_returned,
        all_heard, all_strangers, messages.tell_facts,
    )  # fmt: skip


def _each(*chores: Callable[[], object]) -> None:
    for chore in chores:
        try:
            chore()
        except Exception:  # none waits for another
            _log.exception("%s is tried again", getattr(chore, "__qualname__", chore))


if __name__ == "__main__":
    sys.exit(main())
