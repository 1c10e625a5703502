"""Web server, worker, drainer and courier as children of this process; when one ends, all end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from joren.core.errors import Refused
from joren.project.environment import LOCAL_URL
from joren.project.translations import compile_into

GRACE = 10.0


def serve(*, host: str, port: int, workers: int) -> int:
    """Serve until SIGINT or SIGTERM; returns 0 then, or the exit code of a child that died."""
    from django.conf import settings

    _refuse_a_taken_address(host, port)
    compile_into(settings.LOCALE_PATHS[0])
    asked = _Asked()
    environment = surroundings(host, port)
    children = [_child(words, environment) for words in _commands(host, port, workers)]
    try:
        return _watch(children, asked)
    finally:
        _stop(children)
        asked.forget()


class AddressTaken(Refused):
    """Another program listens there, or there is no such address on this machine."""


def _refuse_a_taken_address(host: str, port: int) -> None:
    """Said before anything starts: the server itself would only end."""
    try:
        for family, kind, number, _, place in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, number) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
    except (OSError, OverflowError) as problem:
        raise AddressTaken(
            f"{host} port {port} cannot be listened on: {problem}",
            hint=f"joren up --port {port + 1 if port < 65535 else 8000}, or another --host",
        ) from None


class _Asked:
    """Remembers that somebody asked this process to stop."""

    def __init__(self) -> None:
        self.to_stop = False
        self._before = {
            number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)
        }

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.to_stop = True

    def forget(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _commands(host: str, port: int, workers: int) -> tuple[list[str], ...]:
    address = ["--host", host, "--port", str(port), "--workers", str(workers)]
    web = ["granian", "--interface", "wsgi", *address, "joren.project.wsgi:application"]
    return web, *([f"joren.project.chores.{name}"] for name in ("worker", "drainer", "courier"))


def surroundings(host: str, port: int) -> dict[str, str]:
    """What the children know. Where nobody says under which address customers come, links and
    forms in other pages lead to where this server listens."""
    from django.conf import settings

    known = {**os.environ, "DJANGO_SETTINGS_MODULE": "joren.project.settings"}
    if settings.JOREN_URL == LOCAL_URL and not os.environ.get("JOREN_URL"):
        here = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared with, not listened on)
        known["JOREN_URL"] = f"http://{f'[{here}]' if ':' in here else here}:{port}"
    return known


def _child(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl-C reaches this process alone and each child ends once.
    return subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-m", *words], env=environment, start_new_session=True
    )


def _watch(children: Sequence[subprocess.Popen[bytes]], asked: _Asked) -> int:
    while not asked.to_stop:
        for child in children:
            if (code := child.poll()) is not None:
                return code or 1  # none is meant to end by itself
        time.sleep(0.2)
    return 0


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
