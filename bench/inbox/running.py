"""The processes of a joren that takes events in, each of which may be killed and begun again."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]


@dataclass
class Joren:
    """One home, its web server and its drainer."""

    home: Path
    workers: int = 2
    port: int = 0
    database: str = ""  # postgresql://…, else SQLite
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = self.port or probe.getsockname()[1]

    def ask(self, *words: str) -> list[dict[str, Any]]:
        """A command, and the lines of JSON that it says."""
        done = subprocess.run(
            [sys.executable, "-c", "from joren.project.cli import run; run()", *words, "--json"],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"joren {' '.join(words)} ended so: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def begin(self, name: str) -> None:
        """``web`` or ``drainer``."""
        web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        web += ["--workers", str(self.workers), "joren.project.wsgi:application"]
        command = web if name == "web" else ["joren.project.chores.drainer"]
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=self._environment(),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )

    def wait(self, *, seconds: float = 60) -> None:
        """Until the web server answers."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/v1/projects/nobody/settings")
                connection.getresponse().read()
            except OSError:
                time.sleep(0.05)
            else:
                return
            finally:
                connection.close()
        raise TimeoutError("joren does not answer")

    def kill(self, name: str) -> None:
        """All processes of that part at once, without a word."""
        child = self.running.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def end(self) -> None:
        for name in [*self.running]:
            self.kill(name)

    def memory(self, name: str) -> float:
        """Megabytes that the largest process of that part ever held."""
        found = [0.0]
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                if os.getpgid(int(status.parent.name)) != self.running[name].pid:
                    continue
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
                found.append(int(lines["VmHWM"].split()[0]) / 1024)
            except (OSError, KeyError):
                continue
        return max(found)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "JOREN_HOME": str(self.home),
            **({"JOREN_DATABASE_URL": self.database} if self.database else {}),
            "DJANGO_SETTINGS_MODULE": "joren.project.settings",
            "PYTHONPATH": str(REPOSITORY / "src"),
        }
