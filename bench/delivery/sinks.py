"""A mail server to deliver to: ``smtp-sink`` of Postfix where it is installed, else one that only
counts. Neither keeps anything, so that it is the sender that is measured."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_COUNTED = re.compile(r"mesg=(\d+)")


@dataclass(frozen=True)
class Sink:
    """A server that runs: its name, its port, and how to ask what it took."""

    name: str
    port: int
    process: int
    record: Path

    def came(self) -> int:
        """Mails that it took, by its own count."""
        counts = _COUNTED.findall(self.record.read_text(errors="replace"))
        return int(counts[-1]) if counts else 0

    def seconds(self) -> float:
        """Of its processor time so far."""
        return seconds_of(self.process)


def seconds_of(process: int) -> float:
    """Processor seconds of a process that runs."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def sink() -> Iterator[Sink]:
    """``SMTP_SINK`` names the program where it is not on the path."""
    program = os.environ.get("SMTP_SINK") or shutil.which("smtp-sink", path=_path())
    with tempfile.NamedTemporaryFile(prefix="joren-sink-") as record, _free_port() as port:
        if program:
            user = ["-u", "nobody"] if os.geteuid() == 0 else []
            command = [program, *user, "-c", f"127.0.0.1:{port}", "128"]
        else:
            command = [sys.executable, "-m", "bench.delivery.fast_sink", str(port)]
        running = subprocess.Popen(command, stdout=record, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            name = "smtp-sink" if program else "a server that counts"
            yield Sink(name, port, running.pid, Path(record.name))
        finally:
            running.kill()
            running.wait()


def _path() -> str:
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    yield port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
