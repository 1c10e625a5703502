"""Words about products and what they are to each other. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from joren.core.errors import BadInput, NotFound
from joren.core.words import gettext_noop

Kind = Literal["complement", "upgrade", "replenish", "substitute"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""What the other product is to one: goes with it, is a higher version of it, fills it up again, or
stands in its place."""

Source = Literal["by_hand", "import"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)

KIND_NAMES: Final[Mapping[str, str]] = {
    "complement": gettext_noop("goes with it (cross-sell)"),
    "upgrade": gettext_noop("is a higher version of it (up-sell)"),
    "replenish": gettext_noop("fills it up again"),
    "substitute": gettext_noop("stands in its place"),
}
SOURCE_NAMES: Final[Mapping[str, str]] = {
    "by_hand": gettext_noop("by hand"),
    "import": gettext_noop("from a file"),
}
FIRST: Final = 1
LAST: Final = 999
"""Places: 1 is offered first."""


@dataclass(frozen=True)
class Pair:
    """``other`` is ``kind`` to ``sku``; ``place`` says which is offered first."""

    sku: str
    kind: Kind
    other: str
    place: int = 100


@dataclass(frozen=True)
class Relation:
    """A pair that the shop keeps, who said so, and the names of the two where they are known."""

    id: int
    pair: Pair
    source: Source
    made_by: str
    made_at: datetime
    name: str = ""
    other_name: str = ""


@dataclass(frozen=True)
class RelationsTaken:
    """What became of the lines of a file: new pairs, pairs that say something else now, and pairs
    that were so already."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Suggestion:
    """One product for one customer, and what they bought that it is for."""

    sku: str
    kind: Kind
    because: str


class BadRelation(BadInput):
    """No relation can be made of this; the message says of which line."""


class NoSuchRelation(NotFound):
    """No relation has that number."""
