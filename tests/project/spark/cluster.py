"""A standalone Spark cluster on loopback: one master, two workers, each a process of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

WAIT = 120
"""Seconds for a Java process to come up on a busy machine."""
CONFIGURED = """\
spark.sql.shuffle.partitions 2
spark.ui.enabled false
spark.executor.cores 1
spark.executor.memory {memory}
spark.driver.memory {memory}
spark.driver.host 127.0.0.1
{more}
spark.driver.extraJavaOptions {java}
spark.executor.extraJavaOptions {java}
"""
QUICK = """\
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
"""
"""For a few thousand rows: to translate a question into a program takes longer than to answer."""
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"
"""For a process that lives for a minute: translate once and quickly, not twice and well."""


def lacking() -> str:
    """What this machine lacks for Spark; empty where it has all."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark"
    return "" if shutil.which("java") else "Java"


@dataclass
class Cluster:
    """The processes and where they listen."""

    folder: Path
    address: str
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *words: str, memory: str = "256m") -> subprocess.Popen[bytes]:
        """One daemon, in a group of processes of its own."""
        import pyspark  # the extra joren[spark]

        program = Path(pyspark.__file__).parent / "bin" / "spark-class"
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [str(program), *words],
                env=self.environment | {"SPARK_DAEMON_MEMORY": memory},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def serve(self) -> str:
        """A Spark Connect server that counts on this cluster; returns its address."""
        port = _free_port()
        self.start(
            "connect",
            "org.apache.spark.deploy.SparkSubmit",
            *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
            *("--master", self.address),
            *("--conf", "spark.connect.grpc.binding.address=127.0.0.1"),
            *("--conf", f"spark.connect.grpc.binding.port={port}"),
            memory="1g",
        )
        self.until("connect", "Spark Connect server started")
        return f"sc://127.0.0.1:{port}"

    def kill_a_worker(self) -> None:
        """``kill -9`` of the first worker and of what runs under it."""
        worker = self.workers.pop(0)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def processor_seconds(self) -> float:
        """What all processes of the cluster that still live have cost so far."""
        ours = {process.pid for process in self.started}
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it may end while it is looked at
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) in ours:
                    ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        for process in reversed(self.started):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def until(self, log: str, says: str, times: int = 1) -> None:
        """Wait until a log has said it so many times."""
        end = time.monotonic() + WAIT
        path = self.folder / f"{log}.log"
        while path.read_text(errors="replace").count(says) < times:
            if time.monotonic() > end or any(one.poll() is not None for one in self.started):
                raise TimeoutError(f"{says!r} is not in {path}:\n{path.read_text()[-2000:]}")
            time.sleep(0.1)


@contextmanager
def running(
    folder: Path, *, memory: str = "1g", java: str = SHORT_LIVED, more: str = QUICK
) -> Iterator[Cluster]:
    """The cluster, up and with both workers; nothing of it is left afterwards.

    What is set in this process's environment must hold until its JVM starts, hence all along.
    """
    (folder / "conf").mkdir(parents=True)
    configured = CONFIGURED.format(memory=memory, java=java, more=more)
    (folder / "conf" / "spark-defaults.conf").write_text(configured)
    ours = {
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_JAVA_OPTS": java,
        "PYSPARK_PYTHON": sys.executable,
    }
    port = _free_port()
    cluster = Cluster(folder, f"spark://127.0.0.1:{port}", {**os.environ, **ours})
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        daemon = "org.apache.spark.deploy"
        where = ("--host", "127.0.0.1", "--webui-port", "0")
        cluster.start("master", f"{daemon}.master.Master", *where, "--port", str(port))
        cluster.until("master", "New state: ALIVE")
        for name in ("one", "two"):
            work = ("--work-dir", str(folder / name), "--cores", "1", "--memory", memory)
            worker = f"{daemon}.worker.Worker"
            cluster.workers.append(cluster.start(name, worker, *where, *work, cluster.address))
        cluster.until("master", "Registering worker", times=2)
        yield cluster
    finally:
        cluster.stop()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
