"""The journey map as two diagrams of one shape: what is so, and what is aimed at.

A box for each place and a line for each way between them, the wider the more go on. Both have every
place and every way, so that the eye finds in one what it saw in the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from joren.project import showing
from joren.project.pages.codes import partner
from joren.understand.paths.contracts import (
    HORIZONS,
    PLACE_NAMES,
    WAYS,
    JourneyMap,
    PathAgainst,
    PathTarget,
    Place,
    Way,
)

WIDE, HIGH, COLUMN, ROW, EDGE = 150, 48, 250, 92, 16
_AT: Final[Mapping[Place, tuple[int, int]]] = {
    "visit": (0, 0), "signup": (1, 1), "f1": (0, 2), "f2": (0, 3), "f3": (0, 4),
    "subscription": (1, 3), "vip": (1, 4), "back": (0, 5), "dormant": (1, 5),
}  # fmt: skip
"""Column and row of each place."""

_WIDTHS: Final = (0.1, 0.25, 0.5)
"""From these shares on a line is one step wider."""


@dataclass(frozen=True)
class Box:
    """A place; ``x`` and ``y`` are its upper left corner."""

    title: str
    said: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2

    @property
    def first_line(self) -> int:
        return self.y + (20 if self.said else 29)

    @property
    def second_line(self) -> int:
        return self.y + 37


@dataclass(frozen=True)
class Line:
    """A way: its path, what stands at it (at ``x`` and ``y``), and the whole of it in words.

    ``width`` is 0 to 3 by its share, None where none is known or aimed at.
    """

    way: Way
    path: str
    told: str
    whole: str
    x: int
    y: int
    width: int | None
    verdict: str = ""


@dataclass(frozen=True)
class Drawn:
    """One of the two diagrams; ``aims``: it is the target map, whose lines lead to their fields."""

    name: str
    boxes: Sequence[Box]
    lines: Sequence[Line]
    aims: bool
    width: int = COLUMN + WIDE + 2 * EDGE
    height: int = 5 * ROW + HIGH + 2 * EDGE


def is_so(drawn: JourneyMap, aims: Sequence[PathAgainst], verdicts: Mapping[str, str]) -> Drawn:
    """What is so: by the days of each way's target, or within a year where there is none."""
    people = {one.place: one.people for one in drawn.places}
    aimed = {one.target.way: one for one in aims}
    lines = []
    for one in drawn.ways:
        aim = aimed.get(one.way)
        actual = aim.actual if aim else one.told.shares[-1]
        days = aim.target.days if aim else HORIZONS[-1]
        said = _within(showing.amount(actual.value, "share"), days)
        verdict = aim.verdict if aim else ""
        more = f" · {gettext(verdicts[verdict])}" if verdict else ""
        lines.append(_line(one.way, said, actual.value, more=more, verdict=verdict))
    boxes = [_box(place, showing.amount(people.get(place), "count")) for place in _AT]
    return Drawn(gettext("What is so"), boxes, lines, aims=False)


def aimed_at(targets: Sequence[PathTarget]) -> Drawn:
    """What is aimed at."""
    held = {one.way: one for one in targets}
    lines = []
    for way in WAYS:
        aim = held.get(way)
        said = (
            _within(showing.amount(aim.share, "share"), aim.days) if aim else gettext("no target")
        )
        lines.append(_line(way, said, aim.share if aim else None))
    return Drawn(gettext("Target map"), [_box(place, "") for place in _AT], lines, aims=True)


def _within(share: str, days: int) -> str:
    return gettext("%(share)s in %(days)s days") % {"share": share, "days": days}


def _box(place: Place, said: str) -> Box:
    column, row = _AT[place]
    title = partner(*PLACE_NAMES[place][:2])
    return Box(title, said, EDGE + column * COLUMN, EDGE + row * ROW)


def _line(way: Way, told: str, share: float | None, *, more: str = "", verdict: str = "") -> Line:
    start, end = (partner(*PLACE_NAMES[place][:2]) for place in WAYS[way])
    path, x, y = _path(way)
    width = None if share is None else sum(share >= bound for bound in _WIDTHS)
    return Line(way, path, told, f"{start} → {end}: {told}{more}", x, y, width, verdict)


def _path(way: Way) -> tuple[str, int, int]:
    """From one box to the other, and where its words stand."""
    (left, above), (right, below) = (_AT[place] for place in WAYS[way])
    from_x, to_x = (EDGE + column * COLUMN for column in (left, right))
    from_y, to_y = (EDGE + row * ROW for row in (above, below))
    middle = EDGE + WIDE + (COLUMN - WIDE) // 2
    if left == right:
        x = from_x + WIDE // 2
        return f"M{x} {from_y + HIGH}V{to_y}", x, (from_y + HIGH + to_y) // 2 + 4
    if above == below:
        y = from_y + HIGH // 2
        return f"M{from_x} {y}H{to_x + WIDE}", middle, y - 7
    if left > right:
        x, y = from_x + WIDE // 2, to_y + HIGH // 2
        path = f"M{x} {from_y + HIGH}V{y - 12}Q{x} {y} {x - 12} {y}H{to_x + WIDE}"
        return path, middle + 20, y - 7
    # Ways that leave one box to the right go down side by side.
    lane = middle + (24 if below - above == 1 else -24)
    start_y, end_y = from_y + HIGH // 2 + (8 if below - above == 1 else 16), to_y + HIGH // 2
    path = (
        f"M{from_x + WIDE} {start_y}H{lane - 10}Q{lane} {start_y} {lane} {start_y + 10}"
        f"V{end_y - 10}Q{lane} {end_y} {lane + 10} {end_y}H{to_x}"
    )
    return path, middle, end_y - 30  # between the rows, where no box stands
