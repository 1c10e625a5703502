"""The warehouse that the settings name, opened once per process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from joren.warehouse import Warehouse, on_spark, open_warehouse

_MEGABYTE = 2**20


def warehouse() -> Warehouse:
    """The installation's warehouse."""
    return _opened(
        str(settings.JOREN_WAREHOUSE), Path(settings.JOREN_HOME), settings.JOREN_MEMORY, os.getpid()
    )


@contextmanager
def counting_warehouse() -> Iterator[Warehouse]:
    """The installation's warehouse, counted by the engine that the settings name for a refresh.

    Call it with the journal's lock held: a cluster's drafts have one place.
    """
    if settings.JOREN_ENGINE == "spark":
        with on_spark(warehouse(), str(settings.JOREN_SPARK)) as house:
            yield house
    else:
        yield warehouse()


@lru_cache(maxsize=4)
def _opened(url: str, home: Path, memory: int, _process: int) -> Warehouse:
    """One engine per process: a forked child must not share its parent's."""
    return open_warehouse(url, home=home, memory=f"{memory // _MEGABYTE}MB")
