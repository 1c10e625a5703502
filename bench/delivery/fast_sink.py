"""``python -m bench.delivery.fast_sink PORT``: a mail server that only counts.

So it is the sender that is measured. It knows pipelining, and says as ``smtp-sink -c`` does how
many came whenever somebody leaves.
"""

from __future__ import annotations

import asyncio
import sys

_COUNT = {"mails": 0}


class _Talk(asyncio.Protocol):
    def __init__(self) -> None:
        self.rest = b""
        self.inside = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.out = transport
        self.out.write(b"220 counts\r\n")

    def data_received(self, data: bytes) -> None:
        self.rest += data
        answers = []
        while True:
            end = b"\r\n.\r\n" if self.inside else b"\r\n"
            line, found, rest = self.rest.partition(end)
            if not found:
                break
            self.rest = rest
            if self.inside:
                self.inside = False
                _COUNT["mails"] += 1
                answers.append(b"250 taken\r\n")
                continue
            word = line[:4].upper()
            if word == b"DATA":
                self.inside = True
                answers.append(b"354 go on\r\n")
            elif word == b"EHLO":
                answers.append(b"250-counts\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            elif word == b"QUIT":
                answers.append(b"221 bye\r\n")
            else:
                answers.append(b"250 well\r\n")
        if answers:
            self.out.write(b"".join(answers))

    def connection_lost(self, _why: Exception | None) -> None:
        print(f"mesg={_COUNT['mails']}", flush=True)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Talk, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
