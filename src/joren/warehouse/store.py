"""The warehouse as one thing to hold: lake, engine, snapshots and journal of one installation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ibis.expr.types as ir

from joren.core.tables import TableSpec
from joren.warehouse.engine import Engine
from joren.warehouse.journal import Journal
from joren.warehouse.lake import Lake, local_root
from joren.warehouse.questions import Questions
from joren.warehouse.snapshots import Snapshots


@dataclass(frozen=True)
class Warehouse:
    """``home`` holds scratch files and the journal; ``lake`` holds what lasts."""

    home: Path
    lake: Lake
    engine: Engine

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self.lake, self.engine)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.lake, self.engine)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.home / "journal")

    @property
    def scratch(self) -> Path:
        folder = self.home / "scratch"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def facts(self, spec: TableSpec) -> ir.Table:
        """All rows of a table of facts."""
        return self.engine.files(self.lake.files(spec), spec)


def open_warehouse(
    url: str, *, home: Path, memory: str = "4GB", threads: int | None = None
) -> Warehouse:
    """Open the warehouse at ``url`` (a folder), making it if it is not there."""
    root = local_root(url)
    root.mkdir(parents=True, exist_ok=True)
    engine = Engine(scratch=home / "scratch" / "spill", memory=memory, threads=threads)
    return Warehouse(home=home, lake=Lake(root), engine=engine)
