"""Where a bench keeps its database: a file in its home, or a schema of its own on a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from uuid import uuid4


@contextmanager
def database(url: str) -> Iterator[str]:
    """The address to use: on PostgreSQL a schema of its own, which goes afterwards."""
    if not url:
        yield ""
        return
    import psycopg

    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as there:
        there.execute(f"CREATE SCHEMA {name}")
    try:
        yield f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={name}')}"
    finally:
        with psycopg.connect(url, autocommit=True) as there:
            there.execute(f"DROP SCHEMA {name} CASCADE")
