"""A sender as SDKs are: batches of a hundred, sent again until they are acknowledged."""

from __future__ import annotations

import base64
import http.client
import json
import threading
import time
from dataclasses import dataclass, field

EVENT = {
    "type": "track",
    "event": "Product Viewed",
    "userId": "customer-USER",
    "anonymousId": "device-USER",
    "messageId": "MESSAGE",
    "timestamp": "2026-11-22T03:00:00.000Z",
    "context": {
        "ip": "203.0.113.1",
        "library": {"name": "analytics-python", "version": "2.4.0"},
        "page": {"path": "/p/1", "url": "https://shop.example.jp/p/1?utm_source=mail"},
        "campaign": {"name": "c1", "source": "mail", "medium": "email"},
    },
    "integrations": {},
    "properties": {"product_id": "P-001", "name": "化粧水 150ml", "price": 2500, "currency": "JPY"},
}
SIZE = 100


@dataclass
class Sender:
    """One connection; ``acknowledged`` counts messages, ``seconds`` are those of each answer."""

    name: str
    port: int
    key: str
    people: int
    acknowledged: int = 0
    again: int = 0
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._parts = json.dumps(EVENT, ensure_ascii=False).encode()
        self._basic = base64.b64encode(f"{self.key}:".encode()).decode()
        self._connection: http.client.HTTPConnection | None = None

    def send_until(self, stopped: threading.Event, *, pause: float = 0.0) -> None:
        """A batch every ``pause`` seconds; one that was begun is sent until it is acknowledged."""
        due = time.monotonic()
        while not stopped.wait(max(0.0, due - time.monotonic())):
            due += pause
            body = self._batch(self.acknowledged // SIZE)
            while not self._sent(body):
                self.again += 1
                time.sleep(0.05)
            self.acknowledged += SIZE

    def _batch(self, number: int) -> bytes:
        messages = []
        for place in range(number * SIZE, number * SIZE + SIZE):
            who = b"%d" % (place * 7919 % self.people)
            message = self._parts.replace(b"USER", who)
            messages.append(message.replace(b"MESSAGE", b"%s-%d" % (self.name.encode(), place)))
        return b'{"sentAt":"2026-11-22T03:00:01.000Z","batch":[' + b",".join(messages) + b"]}"

    def _sent(self, body: bytes) -> bool:
        begun = time.perf_counter()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            headers = {"Authorization": f"Basic {self._basic}", "Content-Type": "application/json"}
            self._connection.request("POST", "/v1/batch", body, headers)
            answer = self._connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection = None
            return False
        self.seconds.append(time.perf_counter() - begun)
        return answer.status == 200 and said == b'{"success":true}'
