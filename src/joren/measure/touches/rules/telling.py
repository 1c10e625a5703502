"""From counts to figures: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
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
    NOT_THE_SAME_TIME,
    WILSON,
    BadLastTouch,
    ContentKind,
    ContentTouch,
    DecisionTime,
    DecisionWay,
    Experimental,
    LastTouched,
)
from joren.science.inference import proportion_interval
from joren.science.waiting import Curve, Known, curve, followed, gone_by, time_until

Row = Mapping[str, Any]
Span = tuple[date, date]


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


def last_touch(
    rows: Sequence[Row], spans: Mapping[tuple[str, int], Span], inside: Sequence[Row]
) -> tuple[LastTouched, ...]:
    """Those of our own actions, which have a number; ``inside`` the days of their experiment."""
    credited = {(row["source"], row["number"]): row["revenue"] for row in inside}
    found = []
    for row in rows:
        if not row["number"].isdigit():
            continue
        source, number = row["source"], int(row["number"])
        one = LastTouched(source, number, row["orders"], row["revenue"])
        if span := spans.get((source, number)):
            one = replace(
                one, since=span[0], until=span[1], credited=credited.get((source, row["number"]), 0)
            )
        found.append(one)
    return tuple(found)


def difference(
    touched: LastTouched, said: Experimental | None, currency: str, as_of: str
) -> Figure:
    """Last touch in the days of the experiment less it; its interval turns round."""
    name = "last_touch_difference"

    def unknown(why: str) -> Figure:
        return Figure(name, None, currency, touched.orders, as_of=as_of, why=why)

    if said is None:
        return unknown(NO_HOLDOUT)
    effect, credited = said.revenue, touched.credited
    if effect.value is None:
        return unknown(effect.why)
    if credited is None or (touched.since, touched.until) != (said.first, said.last):
        return unknown(NOT_THE_SAME_TIME)
    low = None if effect.high is None else credited - effect.high
    high = None if effect.low is None else credited - effect.low
    return Figure(
        name, credited - effect.value, currency, effect.n, low, high, effect.level, as_of,
        effect.model,
    )  # fmt: skip


def check_window(days: int) -> None:
    """Refuse what is no window."""
    if not 1 <= days <= LONGEST_WINDOW:
        raise BadLastTouch(f"a window of {days} days", hint=f"from 1 to {LONGEST_WINDOW}")
