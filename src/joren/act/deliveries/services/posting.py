"""One request to one address that was looked up once, and nowhere else, whatever is answered."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from joren.act.deliveries.contracts import Answer
from joren.act.deliveries.rules.addresses import Place, chosen

PATIENCE: Final = 10.0
"""Seconds until it is connected, whichever of the addresses answers, and for each step then."""

LONGEST: Final = 30.0
"""Seconds for all that follows, however slowly it drips."""

_MOST_ADDRESSES: Final = 3

_TLS: Final = ssl.create_default_context()


class _Pinned(http.client.HTTPConnection):
    """Connects to one of the addresses that were chosen, and speaks under the receiver's name."""

    def __init__(self, place: Place, addresses: Sequence[str]) -> None:
        super().__init__(place.host, place.port, timeout=PATIENCE)
        self._place = place
        self._addresses = addresses[:_MOST_ADDRESSES]

    def connect(self) -> None:
        until = time.monotonic() + PATIENCE
        self.sock = self._reached(until)
        if self._place.scheme == "https":
            self.sock.settimeout(max(0.1, until - time.monotonic()))
            self.sock = _TLS.wrap_socket(self.sock, server_hostname=self._place.host)
        self.sock.settimeout(PATIENCE)

    def _reached(self, until: float) -> socket.socket:
        """The first that answers; each has its share of the time that is left."""
        trouble: OSError = TimeoutError("timed out")
        for place, address in enumerate(self._addresses):
            share = (until - time.monotonic()) / (len(self._addresses) - place)
            try:
                return socket.create_connection(
                    (address, self._place.port), timeout=max(0.1, share)
                )
            except OSError as problem:
                trouble = problem
        raise trouble


def post(place: Place, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send it. No redirect is followed: where to leads is the receiver's word, and not checked."""
    try:
        connection = _Pinned(place, chosen(place, _looked_up(place)))
    except (OSError, UnicodeError) as problem:
        why = getattr(problem, "strerror", None) or problem
        return Answer(0, f"{place.host} is not found: {why}")
    watch = threading.Timer(LONGEST, _cut, [connection])
    try:
        connection.connect()
        watch.start()  # what it cuts is there now
        connection.request(
            "POST",
            place.target,
            body,
            {**headers, "Host": place.host_header, "Connection": "close"},
        )
        answer = connection.getresponse()
        return Answer(answer.status, _said(answer), _after(answer.getheader("Retry-After") or ""))
    except (OSError, http.client.HTTPException) as problem:
        return Answer(0, f"{type(problem).__name__}: {problem}")
    finally:
        watch.cancel()
        connection.close()


def _looked_up(place: Place) -> list[str]:
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]


def _said(answer: http.client.HTTPResponse) -> str:
    if 300 <= answer.status < 400:
        return "it sends us elsewhere, which we do not follow"
    return "" if 200 <= answer.status < 300 else answer.reason or ""


def _after(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
