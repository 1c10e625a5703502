"""``python -m bench.delivery.sink RECORD [TROUBLE]``: a mail server that keeps what it takes.

It prints its port. Each mail that it takes is a line of RECORD, written before the answer: the
Message-ID and the recipient. With TROUBLE, one in so many mails is refused for now, and one in so
many is taken while the line breaks before the answer.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

_NUMBER = re.compile(rb"^Message-ID: *(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


class Record:
    """What was taken, one line a mail; the file is what outlives everything."""

    def __init__(self, file: Path, trouble: int) -> None:
        self._out = file.open("a", buffering=1)
        self._trouble = trouble
        self._came = 0

    async def handle_DATA(  # noqa: N802 (the name that aiosmtpd calls)
        self, server: Any, _session: Session, envelope: Envelope
    ) -> str:
        self._came += 1
        if self._trouble and self._came % self._trouble == 0:
            return "451 come again"
        assert isinstance(envelope.content, bytes)
        found = _NUMBER.search(envelope.content)
        number = found[1].decode() if found else "?"
        self._out.write(f"{number} {' '.join(envelope.rcpt_tos)}\n")
        if self._trouble and self._came % self._trouble == self._trouble // 2:
            server.transport.abort()
        return "250 taken"


async def _serve(file: Path, trouble: int) -> None:
    loop = asyncio.get_running_loop()
    record = Record(file, trouble)
    server = await loop.create_server(
        lambda: SMTP(record, loop=loop, ident="sink", decode_data=False), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
