"""A Spark cluster, spoken to through Ibis: for a refresh that one machine is too small for.

Spark knows nothing of Delta here. The lake reads the log and Spark is given the list of Parquet
files, so no jar has to be fetched. What is held are files too, so that a worker may die at any
moment.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

import joren
from joren.core.errors import Refused, Unavailable
from joren.core.tables import TableSpec
from joren.warehouse.engine import ROW_GROUP, Reckoning, as_promised

WAIT: Final = 120
"""Seconds until a worker must have taken the first piece of work."""
_PORTS: Final = {"spark": 7077, "sc": 15002}
_SQL: Final = {
    "spark.sql.session.timeZone": "UTC",
    # As DuckDB does it: the places of a decimal stay, and what does not fit is an error.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "snappy",
}
_ONLY_AT_START: Final = {
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}


class SparkAbsent(Unavailable):
    """Nobody answers at the cluster's address, or no worker takes work."""


class SparkFailed(Unavailable):
    """The cluster gave up in the middle; the snapshot before stays the current one."""


class WorkersUnfit(Refused):
    """The workers lack what a refresh needs of them."""


class Spark:
    """One session on a cluster. ``scratch`` lies where every worker reads and writes."""

    def __init__(self, session: SparkSession, *, scratch: Path) -> None:
        self.spark = session
        self.scratch = scratch
        with _pandas_unused():
            self.ibis = ibis.pyspark.connect(session)
        self._names = (f"joren_{uuid4().hex[:8]}_{n}" for n in itertools.count())
        self._read: dict[tuple[object, ...], ir.Table] = {}

    # Reading

    def files(self, paths: Sequence[str | Path], spec: TableSpec) -> ir.Table:
        """The rows of these Parquet files, with the columns that the table promises."""
        key = (spec.name, *map(str, paths))
        if key not in self._read:
            self._read[key] = as_promised(self.view(self._frame(paths, spec)), spec)
        return self._read[key]

    def _frame(self, paths: Sequence[str | Path], spec: TableSpec) -> DataFrame:
        columns = self.columns(spec)
        if not paths:
            nothing = ", ".join(f"CAST(NULL AS {kind}) AS `{name}`" for name, kind in columns)
            return self.spark.sql(f"SELECT {nothing} WHERE FALSE")
        reader = self.spark.read.schema(", ".join(f"`{name}` {kind}" for name, kind in columns))
        return reader.parquet(*map(_address, paths))

    def columns(self, spec: TableSpec) -> list[tuple[str, str]]:
        """Names and types as Spark writes them."""
        written = self.ibis.compiler.type_mapper.to_string
        return [(name, written(kind)) for name, kind in ibis.schema(dict(spec.columns)).items()]

    def frame(self, expression: ir.Table) -> DataFrame:
        """The expression as Spark's plan; nothing is computed yet."""
        return self.spark.sql(self.ibis.compile(expression))

    def view(self, frame: DataFrame) -> ir.Table:
        """The plan under a name, for Ibis."""
        name = next(self._names)
        frame.createOrReplaceTempView(name)
        found: ir.Table = self.ibis.table(name)
        return found

    def arrow(self, expression: ir.Table) -> pa.Table:
        """The rows themselves: for small answers."""
        found = self.frame(expression).toArrow()
        return found.cast(pa.schema(_as_declared(found.schema, expression.schema())))

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Few rows as dictionaries."""
        found: list[dict[str, Any]] = self.arrow(expression).to_pylist()
        return found

    # Holding and writing

    @contextmanager
    def session(self) -> Iterator[SparkHolding]:
        """Tables held inside are dropped at the end."""
        holding = SparkHolding(self)
        try:
            yield holding
        finally:
            holding.drop()

    def write(self, expression: ir.Table, folder: Path, spec: TableSpec) -> list[Path]:
        """Write the rows as Parquet files under ``folder``, in their order; returns the files.

        Each task writes apart and its file is taken over when it is whole: one that dies, or runs
        twice, leaves nothing.
        """
        stem = uuid4().hex
        target = folder / f".{stem}"
        rows = as_promised(expression, spec)
        frame = self.frame(rows.order_by(spec.sorted_by) if spec.sorted_by else rows)
        frame.write.option("parquet.block.row.count.limit", ROW_GROUP).parquet(_address(target))
        written = []
        for number, part in enumerate(sorted(target.glob("part-*.parquet"))):
            if pq.read_metadata(part).num_rows:
                written.append(part.rename(folder / f"part-{stem}-{number:05}.parquet"))
        shutil.rmtree(target)
        return written


class SparkHolding:
    """Results as files beside the lake.

    Not in the memory of the executors: what one of them loses there is made again by all that led
    to it, and each question would be planned together with all that led to it.
    """

    def __init__(self, engine: Spark) -> None:
        self.engine = engine
        self._held: list[Path] = []

    def hold(self, expression: ir.Table) -> ir.Table:
        """Compute once, ask many times."""
        return self._hold(self.engine.frame(expression))

    def take(self, table: pa.Table | pa.RecordBatchReader) -> ir.Table:
        """Rows from outside (the database, science), as a table of the engine."""
        path = self._place()
        batches = table.to_batches() if isinstance(table, pa.Table) else table
        with pq.ParquetWriter(path, table.schema) as file:
            for batch in batches:
                file.write_batch(batch)
        return self.engine.view(self.engine.spark.read.parquet(_address(path)))

    def reckon(self, expression: ir.Table, by: Reckoning, spec: TableSpec) -> ir.Table:
        """What the function makes of the rows, batch by batch, by the Python of the workers."""
        columns = ", ".join(f"`{name}` {kind}" for name, kind in self.engine.columns(spec))
        with _pandas_unused():
            made = self.engine.frame(expression).mapInArrow(_batch_by_batch(by), columns)
        return self._hold(made)

    def _hold(self, frame: DataFrame) -> ir.Table:
        path = _address(self._place())
        frame.write.parquet(path)
        return self.engine.view(self.engine.spark.read.schema(frame.schema).parquet(path))

    def _place(self) -> Path:
        self._held.append(self.engine.scratch / f"held-{uuid4().hex}.parquet")
        return self._held[-1]

    def drop(self) -> None:
        while self._held:
            path = self._held.pop()
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


@contextmanager
def opened(address: str, *, scratch: Path) -> Iterator[Spark]:
    """A session on the cluster at that address, found fit for the work; closed at the end."""
    _knock(address)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        session = _session(address)
        try:
            _examine(session, address, scratch)
            yield Spark(session, scratch=scratch)
        finally:
            with suppress(PySparkException, Py4JError):
                session.stop()
    except (PySparkException, Py4JError) as failed:
        raise SparkFailed(
            f"Spark at {address} gave up: {_first_line(failed)}",
            hint="look into the logs of its workers; the snapshot before stays the current one",
        ) from failed
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _knock(address: str) -> None:
    """Is anybody there? Spark itself would try for minutes."""
    scheme, _, rest = address.partition("://")
    if scheme not in _PORTS:
        return
    masters = re.split(r"[,;/]", rest) if scheme == "spark" else re.split(r"[/;]", rest)[:1]
    problem = "it names no host"
    for master in filter(None, masters):
        host, _, port = master.rpartition(":") if ":" in master else (master, "", "")
        try:
            socket.create_connection((host, int(port or _PORTS[scheme])), timeout=10).close()
        except OSError as refused:
            problem = refused.strerror or str(refused)
        else:
            return
    raise SparkAbsent(
        f"JOREN_SPARK is {address}, where nobody answers: {problem}",
        hint="start the cluster, or name its address",
    )


def _session(address: str) -> SparkSession:
    builder = SparkSession.builder.appName("joren refresh")
    remote = address.startswith("sc://")
    for name, value in {} if remote else _ONLY_AT_START.items():
        builder = builder.config(name, value)
    with _pandas_unused():
        session = (builder.remote(address) if remote else builder.master(address)).getOrCreate()
    if address.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        session.sparkContext.pythonExec = sys.executable  # else the first python3 of the path
    for name, value in _SQL.items():
        session.conf.set(name, value)
    return session


def _examine(session: SparkSession, address: str, scratch: Path) -> None:
    """Let the workers do a little of what they will be asked, before anything is written."""
    mark = scratch / "mark"
    mark.touch()
    late = threading.Event()

    def give_up() -> None:
        late.set()
        session.interruptAll()

    timer = threading.Timer(WAIT, give_up)
    timer.start()
    try:
        with _pandas_unused():
            ask = session.range(0, 8, 1, 8).mapInArrow(
                _looking(str(mark)), "version string, seen int"
            )
        answers = set(map(tuple, ask.distinct().collect()))
    except (PySparkException, Py4JError) as failed:
        if not late.is_set():
            raise
        raise SparkAbsent(
            f"no worker of {address} took work within {WAIT} seconds",
            hint="start workers, or let other applications leave them free cores and memory",
        ) from failed
    finally:
        timer.cancel()
    if any(version != joren.__version__ for version, _ in answers):
        found = ", ".join(sorted(version or "none" for version, _ in answers))
        raise WorkersUnfit(
            f"the Python of Spark's workers has joren {found}; this is {joren.__version__}",
            hint="install the same version there, and name that Python by PYSPARK_PYTHON",
        )
    if not all(seen for _, seen in answers):
        raise WorkersUnfit(
            f"Spark's workers do not see {scratch.parent}",
            hint="mount the folder of JOREN_WAREHOUSE on every worker under the same path",
        )


# What runs on the workers is pickled whole, so that it imports nothing there but what it names.


def _looking(mark: str) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def look(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import os

        import pyarrow

        version: str | None
        try:
            from joren import __version__ as version
        except ImportError:
            version = None
        for _ in batches:
            seen = pyarrow.array([int(os.path.exists(mark))], pyarrow.int32())  # noqa: PTH110 (asked once of a worker's disk)
            columns = [pyarrow.array([version], pyarrow.string()), seen]
            yield pyarrow.RecordBatch.from_arrays(columns, ["version", "seen"])

    return look


def _batch_by_batch(
    by: Reckoning,
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def each(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield by(batch)

    return each


def _as_declared(found: pa.Schema, declared: ibis.Schema) -> Iterator[pa.Field]:
    """The types that Ibis promised; of a decimal without places, what Spark made of it."""
    for field in found:
        kind = declared[field.name]
        bare = kind.is_decimal() and (kind.precision is None or kind.scale is None)
        yield field if bare else pa.field(field.name, kind.to_pyarrow())


def _address(path: str | Path) -> str:
    """Spark takes a path for a pattern, and one without a scheme for the cluster's own disk."""
    return "file://" + re.sub(r"([\\{}\[\]*?,])", r"\\\1", str(path))


def _first_line(problem: Exception) -> str:
    found = getattr(problem, "java_exception", None)
    text = str(found.toString() if found is not None else problem)
    return text.strip().partition("\n")[0]


@contextmanager
def _pandas_unused() -> Iterator[None]:
    """PySpark warns of pandas 3, which only its functions of pandas need; joren calls none."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        yield
