"""What every connector promises, as a check that its author runs on a file of its own.

``faults_of`` returns what is broken, in words; an empty answer is the proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from joren.collect.connectors import parsing, rejecting
from joren.collect.connectors.fields import TYPES
from joren.collect.connectors.files import Staged, stage
from joren.collect.connectors.formats.shape import Canonical, Format
from joren.core import clock
from joren.warehouse import DuckDB

_ANYTHING = ("amount of nothing", "column of no file")


def faults_of(connector: object, example: Path, workdir: Path) -> tuple[str, ...]:
    """Read the example as the importer does; it has to hold at least one order, and no bad row."""
    if not isinstance(connector, Format):
        return (f"it is a {type(connector).__name__} and no Format",)
    engine = DuckDB(scratch=workdir / "spill", memory="500MB")
    readers = (connector.reader,) if connector.reader else ()
    staged = stage(engine, example, workdir / "work", readers=readers)
    if not connector.recognises(staged.columns):
        return (f"{connector.name} does not recognise the header of {example.name}",)
    shape = connector.canonical(staged.columns)
    return (*_of_shape(connector, shape), *_of_rows(engine, staged, shape, workdir))


def _of_shape(connector: Format, shape: Canonical) -> Iterator[str]:
    name = connector.name
    if not name.isidentifier() or name != name.lower():
        yield f"the name {name!r} is not one lower-case word"
    if name != "generic" and connector.recognises(_ANYTHING):
        yield f"{name} takes any table for its own"
    for field in sorted(shape.fields.keys() - TYPES["orders"].keys() - {"store"}):
        yield f"there is no field {field!r}"
    for field in (field for field in shape.required if field not in shape.fields):
        yield f"{field} is required and never said"
    for field, expression in shape.fields.items():
        if " over (" in expression.lower():
            yield f"{field} looks at other rows, which is for the source to do"


def _of_rows(engine: DuckDB, staged: Staged, shape: Canonical, workdir: Path) -> Iterator[str]:
    parsed = parsing.parse(
        engine,
        staged,
        shape,
        "orders",
        zone="Asia/Tokyo",
        currency=None,
        latest=clock.now() + timedelta(days=1),
        store="example",
        workdir=workdir / "work",
    )
    for bad in rejecting.first(parsed.rejected, 3):
        yield f"row {bad.row} is refused: {bad.column}: {bad.reason}"
    rows = parsing.taken(engine, parsed)
    if not rows:
        yield "no row comes out"
    if (
        sum(1 if row.get("file_rows") is None else row["file_rows"] for row in rows)
        != parsed.accepted
    ):
        yield "the rows that come out are not those that went in"
