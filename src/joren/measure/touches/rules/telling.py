"""From counts to figures: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joren.core.figures import Figure
from joren.measure.touches.contracts import (
    FEW_WAITED,
    FEWEST,
    HORIZONS,
    LEVEL,
    LONGEST_WINDOW,
    NO_HOLDOUT,
    NOT_HALF_YET,
    NOT_SO_LONG,
    WILSON,
    BadLastTouch,
    ContentKind,
    ContentTouch,
    DecisionTime,
    DecisionWay,
    LastTouched,
)
from joren.science.inference import proportion_interval
from joren.science.waiting import Curve, Known, curve, followed, gone_by, time_until

Row = Mapping[str, Any]


def decision(way: DecisionWay, rows: Sequence[Row], as_of: str) -> DecisionTime:
    """What became of those whom these rows (days, gone, left, before) count."""
    kept = [row for row in rows if row["gone"] + row["left"]]
    columns = (
        [row["days"] for row in kept], [row["gone"] for row in kept],
        [row["left"] for row in kept],
    )  # fmt: skip
    line = curve(*columns, level=LEVEL)
    decided, waiting = sum(columns[1]), sum(columns[2])
    known = ((day, gone_by(line, day).value) for day in range(0, 366, 15))
    few = line.n < FEWEST
    return DecisionTime(
        way,
        decided + waiting,
        decided,
        waiting,
        sum(row["before"] for row in rows),
        tuple(_share(line, day, as_of) for day in HORIZONS),
        _figure(
            "decision_median",
            "days",
            Known(None, None, None) if few else time_until(line, 0.5),
            line,
            as_of,
            FEW_WAITED if few else NOT_HALF_YET,
        ),
        () if few else tuple((day, round(share, 4)) for day, share in known if share is not None),
    )


def _share(line: Curve, day: int, as_of: str) -> Figure:
    few, short = line.n < FEWEST, followed(line, day) < FEWEST
    found = Known(None, None, None) if few or short else gone_by(line, day)
    return _figure("decision_share", "share", found, line, as_of,
                   FEW_WAITED if few else NOT_SO_LONG)  # fmt: skip


def _figure(name: str, unit: str, found: Known, line: Curve, as_of: str, why: str) -> Figure:
    known = found.value is not None
    whole = known and found.low is not None and found.high is not None
    return Figure(
        name, found.value, unit, int(line.n), found.low if whole else None,
        found.high if whole else None, LEVEL if whole else None, as_of,
        why="" if known else why,
    )  # fmt: skip


def content(row: Row, as_of: str) -> ContentTouch:
    """One content as it was observed."""
    kind: ContentKind = row["content"]
    source, _, number = row["name"].partition(":") if kind == "message" else ("", "", "")
    people, bought = row["people"], row["bought"]
    around = proportion_interval(bought, people, LEVEL)
    share = (
        Figure("touch_share", None, "share", people, as_of=as_of, why=FEW_WAITED)
        if people < FEWEST
        else Figure(
            "touch_share", bought / people, "share", people, float(around.low), float(around.high),
            LEVEL, as_of, WILSON,
        )
    )  # fmt: skip
    return ContentTouch(
        kind, row["name"], source, int(number) if number.isdigit() else None, people, bought, share
    )


def last_touch(rows: Sequence[Row]) -> tuple[LastTouched, ...]:
    """Those of our own actions, which have a number."""
    return tuple(
        LastTouched(row["source"], int(row["number"]), row["orders"], row["revenue"])
        for row in rows
        if row["number"].isdigit()
    )


def difference(touched: LastTouched, effect: Figure | None, currency: str, as_of: str) -> Figure:
    """Last touch less the experiment, whose interval turns round."""
    name = "last_touch_difference"
    if effect is None:
        return Figure(name, None, currency, touched.orders, as_of=as_of, why=NO_HOLDOUT)
    if effect.value is None:
        return Figure(name, None, currency, touched.orders, as_of=as_of, why=effect.why)
    low = None if effect.high is None else touched.revenue - effect.high
    high = None if effect.low is None else touched.revenue - effect.low
    return Figure(
        name, touched.revenue - effect.value, currency, effect.n, low, high, effect.level, as_of,
        effect.model,
    )  # fmt: skip


def check_window(days: int) -> None:
    """Refuse what is no window."""
    if not 1 <= days <= LONGEST_WINDOW:
        raise BadLastTouch(f"a window of {days} days", hint=f"from 1 to {LONGEST_WINDOW}")
