"""A file read as the importer reads it, up to the door of orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joren.collect.connectors import parsing
from joren.collect.connectors.files import begin
from joren.collect.connectors.formats.known import format_named, readers
from joren.collect.connectors.parsing import Parsed
from joren.warehouse import DuckDB

LATEST = datetime(2026, 11, 30, tzinfo=UTC)


def read_orders(
    engine: DuckDB, path: Path, *, name: str = "auto", currency: str | None = None
) -> tuple[str, Parsed, list[dict[str, Any]]]:
    """The format's name, what was parsed, and the rows that go on."""
    work = path.parent / "work"
    staged = begin(engine, path, work, readers=readers())
    known = format_named(name, staged.columns)
    parsed = parsing.parse(
        engine,
        staged,
        known.canonical(staged.columns),
        "orders",
        zone="Asia/Tokyo",
        currency=currency,
        latest=LATEST,
        store="s",
        workdir=work,
    )
    return known.name, parsed, parsing.taken(engine, parsed)


def unreconciled(rows: list[dict[str, Any]]) -> Iterator[int]:
    """By how much each order's stated total differs from its parts, as the door counts it."""
    orders: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        orders.setdefault(row["order_number"], []).append(row)
    for lines in orders.values():
        head = lines[0]
        goods = sum(amount_of(line) - (line["line_discount"] or 0) for line in lines)
        parts = goods - (head["order_discount"] or 0) + (head["shipping_charged"] or 0)
        parts += head["fees_charged"] or 0
        parts += 0 if head["tax_included"] else head["tax"] or 0
        yield (head["total"] if head["total"] is not None else parts) - parts


def amount_of(line: dict[str, Any]) -> int:
    """The line's amount before its discount."""
    exact = line["amount"]
    return int(line["quantity"] * line["unit_price"] if exact is None else exact)
