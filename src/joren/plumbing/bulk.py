"""Many rows into the database at once, safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

ROWS_PER_TRANSACTION = 20_000
"""SQLite has one writer: a transaction of this size stays well under a second."""


def insert_missing(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert the rows whose key is not there yet, in short transactions."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places}) "
        "ON CONFLICT DO NOTHING"
    )
    for chunk in _chunks(rows, ROWS_PER_TRANSACTION):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, chunk)


def _chunks(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk
