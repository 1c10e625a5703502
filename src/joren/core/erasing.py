"""Every room that keeps personal data enters here how it gives a person theirs, and forgets them.

``ERASERS`` are asked in the order of entering, but for those that are ``last``: by what they keep
the others find the person. ``STILL`` holds what must be held so that nothing comes in meanwhile,
and waits for it at most so many seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joren.core.registry import Registry


@dataclass(frozen=True)
class Traces:
    """Everything by which some people may be found, gathered before any of it goes.

    ``customers`` are their numbers and those of whom they were before merges; ``identities`` and
    ``devices`` are what facts carry; ``numbers`` are customer numbers and user ids by store.
    ``keys`` are all of these as they are written down (``e:``, ``p:``, ``n:3:``), for proofs; a
    phone also with the name that goes with it, since families share one.
    """

    customers: tuple[int, ...]
    identities: tuple[int, ...] = ()
    devices: tuple[int, ...] = ()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    numbers: frozenset[tuple[int, str]] = frozenset()
    anonymous_ids: frozenset[str] = frozenset()
    line_ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()


Counts = Mapping[str, int]
Section = Sequence[Mapping[str, Any]]


def _nothing(_: Traces) -> Counts:
    return {}


def _empty(_: Traces) -> Section:
    return ()


@dataclass(frozen=True)
class Eraser:
    """What one room does for a person who asks.

    ``tables`` names the models (``customers.customer``), warehouse tables (``warehouse.traits``)
    and folders under the home (``home.uploads``) that it answers for. ``goes`` and ``stays`` count,
    ``erase`` may be repeated after a crash, ``export`` gives rows with words that people read.
    """

    label: str
    tables: tuple[str, ...]
    goes: Callable[[Traces], Counts] = _nothing
    stays: Callable[[Traces], Counts] = _nothing
    erase: Callable[[Traces], Counts] = _nothing
    export: Callable[[Traces], Section] = _empty
    last: bool = False


@dataclass(frozen=True)
class Retention:
    """How long a kind of rows is kept: ``days`` where nobody said otherwise, None for ever.

    ``count`` and ``purge`` take the moment before which it is old. ``most`` is where the room
    itself removes it whatever the shop says.
    """

    label: str
    days: int | None
    count: Callable[[datetime], int]
    purge: Callable[[datetime], int]
    least: int = 1
    most: int | None = None
    note: str = ""


ERASERS: Final[Registry[Eraser]] = Registry("eraser")
RETENTIONS: Final[Registry[Retention]] = Registry("retention")
STILL: Final[Registry[Callable[[float], AbstractContextManager[None]]]] = Registry("lock")


def in_order() -> tuple[tuple[str, Eraser], ...]:
    """Every eraser, the last ones last."""
    return tuple(sorted(ERASERS.items(), key=lambda entry: entry[1].last))
