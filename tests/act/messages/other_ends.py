"""Where messages arrive in tests: LINE, and an address that is told by webhook."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from joren.act.messages.conformance import Arrived

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()


class OtherEnd:
    """``answers`` are given one after the other, then 200; a number below 0 breaks the line off
    after the message was taken."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.taken: dict[str, dict[str, Any]] = {}
        self.asked = 0
        outer = self

        class Talk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                code = outer._answer(dict(self.headers), body)
                if code < 0:
                    self.connection.close()
                    return
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"sentMessages": [{"id": "1"}]}' if code == 200 else b"{}")

            def log_message(self, *_: object) -> None:
                return

        self.listener = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        self.port = int(self.listener.server_address[1])
        threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True).start()

    def _answer(self, headers: dict[str, str], body: bytes) -> int:
        self.asked += 1
        key = headers.get("X-Line-Retry-Key") or headers["webhook-id"]
        if "webhook-id" in headers:
            Webhook(SECRET).verify(body, headers)
        if key in self.taken:
            return 409
        code = self.answers.pop(0) if self.answers else 200
        if code < 300:
            self.taken[key] = json.loads(body)
        return code

    @property
    def by_line(self) -> list[Arrived]:
        return [
            Arrived([one["to"]], "", one["messages"][0].get("text", ""), None, {})
            for one in self.taken.values()
        ]

    @property
    def by_webhook(self) -> list[Arrived]:
        said = [one["data"] for one in self.taken.values()]
        return [
            Arrived([one["to"]], one["subject"], one["text"], one["html"], one["headers"])
            for one in said
        ]


@contextmanager
def other_end() -> Iterator[OtherEnd]:
    made = OtherEnd()
    try:
        yield made
    finally:
        made.listener.shutdown()
        made.listener.server_close()
