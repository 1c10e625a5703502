"""The warehouse as one thing to hold: lake, engines, snapshots and journal of one installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import ibis.expr.types as ir

from joren.core.errors import Refused
from joren.core.tables import TableSpec
from joren.warehouse.engine import Engine
from joren.warehouse.engines.duckdb import DuckDB
from joren.warehouse.engines.texts import kept_in
from joren.warehouse.journal import Journal
from joren.warehouse.lake import Lake, local_root
from joren.warehouse.questions import Questions
from joren.warehouse.snapshots import Snapshots

SCRATCH: Final = "scratch"
"""Of the home: what joren makes again by itself."""


class NoSpark(Refused):
    """Spark is asked for, and pyspark is not installed."""


@dataclass(frozen=True)
class Warehouse:
    """``home`` holds the journal, ``drafts`` files on their way; ``lake`` holds what lasts.

    ``engine`` counts. ``embedded`` is what is asked in DuckDB's own words, or for a page; it is the
    same one, except while a refresh counts on a cluster.
    """

    home: Path
    lake: Lake
    engine: Engine
    embedded: DuckDB
    drafts: Path

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.lake, self.engine, self.embedded)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.lake, self.embedded)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.home / "journal")

    @property
    def scratch(self) -> Path:
        self.drafts.mkdir(parents=True, exist_ok=True)
        return self.drafts

    def texts_kept(self, of: str) -> AbstractContextManager[None]:
        """Meanwhile questions that were written for the last such work are not written again."""
        return kept_in(self.home / SCRATCH / f"{of}.texts.json")

    def facts(self, spec: TableSpec) -> ir.Table:
        """All rows of a table of facts."""
        return self.engine.files(self.lake.files(spec), spec)


def open_warehouse(
    url: str,
    *,
    home: Path,
    memory: str = "4GB",
    threads: int | None = None,
    hoarding: bool = False,
) -> Warehouse:
    """Open the warehouse at ``url`` (a folder), making it if it is not there.

    ``hoarding`` is for a process that ends with its work, see ``DuckDB``.
    """
    root = local_root(url)
    root.mkdir(parents=True, exist_ok=True)
    scratch = home / SCRATCH
    engine = DuckDB(scratch=scratch / "spill", memory=memory, threads=threads, hoarding=hoarding)
    return Warehouse(home=home, lake=Lake(root), engine=engine, embedded=engine, drafts=scratch)


@contextmanager
def on_spark(house: Warehouse, address: str) -> Iterator[Warehouse]:
    """The same warehouse, counted by the Spark cluster at that address.

    Every worker must reach the lake's folder under its path: there the drafts lie too.
    """
    try:
        # Here, because pyspark is an extra: without it everything else runs.
        from joren.warehouse.engines.spark import opened
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("pyspark", "py4j"):
            raise
        raise NoSpark(
            "JOREN_ENGINE is spark, and pyspark is not installed",
            hint='pip install "joren[spark]"; it needs Java 17 or newer',
        ) from None
    with opened(address, scratch=house.lake.root / ".drafts") as spark:
        yield replace(house, engine=spark, drafts=spark.scratch)
