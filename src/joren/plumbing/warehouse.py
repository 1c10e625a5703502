"""The warehouse that the settings name, opened once per process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from joren.warehouse import Warehouse, on_spark, open_warehouse
from joren.warehouse.remembered import Remembered

_MEGABYTE = 2**20


def warehouse() -> Warehouse:
    """The installation's warehouse."""
    url, home = str(settings.JOREN_WAREHOUSE), Path(settings.JOREN_HOME)
    memory = f"{settings.JOREN_MEMORY // _MEGABYTE}MB"

    def opened() -> Warehouse:
        return open_warehouse(url, home=home, memory=memory, hoarding=_hoarding)

    return _opened.get((url, home, memory), opened)


def hoard_memory() -> None:
    """From here on an engine keeps what it took: for a command, which ends with its work."""
    global _hoarding
    _hoarding = True


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


_hoarding = False

# A forked child must not share its parent's engines, and must not end them either: their threads
# are not in the child, so to let one go would bring the process down.
_opened = Remembered[Warehouse](4)
_parents: list[Remembered[Warehouse]] = []


def _begin_anew() -> None:
    global _opened
    _parents.append(_opened)
    _opened = Remembered[Warehouse](4)


os.register_at_fork(after_in_child=_begin_anew)
