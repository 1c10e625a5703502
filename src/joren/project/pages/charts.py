"""Charts in one dress. Colours are the page's: its script paints by the theme of the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

import altair as alt
from altair.utils.schemapi import disable_debug_mode
from django.utils.translation import get_language

from joren.project.pages.tables import Table

# The tests hold every page's charts to the schema; to do so part by part at each look takes longer
# than all else of a page.
disable_debug_mode()

Rows = Sequence[Mapping[str, Any]]

COMPACT = "compact"
"""Axis numbers as the reader's language shortens them: 1.2億, 350万 · 120M, 3.5M. Others: d3's."""
_EXACT = ",~f"
_JA = (
    "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',~f') + '億' : "
    "abs(datum.value) >= 1e4 ? format(datum.value / 1e4, ',~f') + '万' : format(datum.value, ',~f')"
)
_EN = "abs(datum.value) >= 1e4 ? format(datum.value, '~s') : format(datum.value, ',~f')"


@dataclass(frozen=True)
class Chart:
    """``description`` is what somebody who cannot see the chart is told; ``term`` is the key in the
    glossary of what is drawn."""

    name: str
    title: str
    description: str
    spec: Mapping[str, Any]
    table: Table | None = field(default=None)
    term: str = ""
    model: str = ""
    n: int | None = None  # on how many customers it rests


def spec(chart: Any, *, height: int = 260) -> dict[str, Any]:
    """The Vega-Lite text of an Altair chart, as wide as its place on the page."""
    drawn = chart.properties(width="container", height=height)
    made: dict[str, Any] = drawn.to_dict(validate=False)
    made["autosize"] = {"type": "fit-x", "contains": "padding"}
    made.pop("config", None)  # Altair's own dress
    return made


def lines(
    rows: Rows,
    *,
    x: str,
    y: str,
    color: str | None = None,
    low: str = "",
    high: str = "",
    x_title: str = "",
    y_title: str = "",
    y_format: str = COMPACT,
) -> dict[str, Any]:
    """Lines over time or over a count; with ``low`` and ``high`` a band for the interval."""
    base = alt.Chart(_data(rows)).encode(x=_axis(rows, x, x_title))
    more: dict[str, Any] = {"color": alt.Color(f"{color}:N", title=None)} if color else {}
    line = base.mark_line(point={"size": 24}).encode(
        y=alt.Y(f"{y}:Q", title=y_title or None, axis=_numbers(y_format)),
        tooltip=_tips(rows, x, y, color, y_format),
        **more,
    )
    if not (low and high):
        return spec(line)
    band = base.mark_area(opacity=0.18).encode(y=alt.Y(f"{low}:Q"), y2=alt.Y2(f"{high}:Q"), **more)
    return spec(band + line)


def bars(
    rows: Rows,
    *,
    x: str,
    y: str,
    color: str | None = None,
    x_title: str = "",
    y_title: str = "",
    y_format: str = COMPACT,
) -> dict[str, Any]:
    """Upright bars in the order of the rows."""
    more: dict[str, Any] = {"color": alt.Color(f"{color}:N", title=None)} if color else {}
    order = list(dict.fromkeys(row[x] for row in rows))
    return spec(
        alt.Chart(_data(rows))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X(f"{x}:N", sort=order, title=x_title or None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(f"{y}:Q", title=y_title or None, axis=_numbers(y_format)),
            tooltip=_tips(rows, x, y, color, y_format),
            **more,
        )
    )


def lying_bars(
    rows: Rows, *, y: str, x: str, x_title: str = "", x_format: str = COMPACT
) -> dict[str, Any]:
    """Bars with long labels: they lie, and the chart grows with their number."""
    order = list(dict.fromkeys(row[y] for row in rows))
    return spec(
        alt.Chart(_data(rows))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            y=alt.Y(f"{y}:N", sort=order, title=None),
            x=alt.X(f"{x}:Q", title=x_title or None, axis=_numbers(x_format)),
            tooltip=_tips(rows, y, x, None, x_format),
        ),
        height=max(80, 26 * len(order)),
    )


def grid(
    rows: Rows,
    *,
    x: str,
    y: str,
    value: str,
    value_format: str = COMPACT,
    x_title: str = "",
    y_title: str = "",
) -> dict[str, Any]:
    """A grid whose cells are the deeper the more they hold."""
    return spec(
        alt.Chart(_data(rows))
        .mark_rect()
        .encode(
            x=alt.X(f"{x}:O", title=x_title or None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(f"{y}:O", title=y_title or None, sort="descending"),
            color=alt.Color(f"{value}:Q", title=None, legend=_legend(value_format)),
            tooltip=[*_tips(rows, x, value, None, value_format), alt.Tooltip(f"{y}:O")],
        )
    )


def hill(rows: Rows, *, x: str, y: str, low: float, high: float, x_format: str) -> dict[str, Any]:
    """A curve of chances over a number, deeper where it lies between the two bounds."""
    inside = [row for row in rows if low <= row[x] <= high]
    across = alt.X(f"{x}:Q", title=None, scale=alt.Scale(zero=False), axis=_numbers(x_format))
    tips = [alt.Tooltip(f"{x}:Q", format=x_format)]
    whole, held = (
        alt.Chart(_data(some)).encode(x=across, y=alt.Y(f"{y}:Q", axis=None), tooltip=tips)
        for some in (rows, inside)
    )
    return spec(held.mark_area(opacity=0.3) + whole.mark_line(), height=160)


def over_days(rows: Rows, marks: Rows, *, y: str, y_format: str) -> dict[str, Any]:
    """A share between 0 and 1 over days (day), and upright lines at days (day)."""
    line = alt.Chart(_data(rows)).mark_line().encode(
        x=_axis(rows, "day", ""),
        y=alt.Y(f"{y}:Q", title=None, axis=_numbers(y_format), scale=alt.Scale(domain=[0, 1])),
        tooltip=_tips(rows, "day", y, None, y_format),
    )  # fmt: skip
    return spec(_uprights(marks) + line)


def _uprights(marks: Rows) -> Any:
    return alt.Chart(_data(marks)).encode(x=alt.X("day:T")).mark_rule(strokeDash=[4, 4])


def _numbers(form: str) -> Any:
    if form != COMPACT:
        return alt.Axis(format=form)
    return alt.Axis(labelExpr=_shortened())


def _legend(form: str) -> Any:
    if form != COMPACT:
        return alt.Legend(format=form)
    return alt.Legend(labelExpr=_shortened())


def _shortened() -> str:
    return _JA if (get_language() or "ja").startswith("ja") else _EN


class _Values:
    """Rows that Altair hands on as they are: to look at every cell and to copy it, more than once,
    takes it ten times as long as all else of a chart."""

    _schema: ClassVar[dict[str, Any]] = {"type": "array"}

    def __init__(self, rows: Rows) -> None:
        self._rows = [dict(row) for row in rows]

    def to_dict(self, *_: Any, **__: Any) -> Any:
        """By this name Altair asks for them."""
        return self._rows


def _data(rows: Rows) -> Any:
    return alt.Data(values=_Values(rows))


def _axis(rows: Rows, name: str, title: str) -> Any:
    first = rows[0][name] if rows else ""
    if isinstance(first, int | float):
        # Counts and months: no ticks between whole numbers.
        axis = alt.Axis(tickMinStep=1, format="d")
        return alt.X(f"{name}:Q", title=title or None, axis=axis)
    if isinstance(first, str) and len(first) == 10 and first[4] == first[7] == "-":
        # A date without a time: read as UTC and drawn as UTC, so that no zone moves it by a day.
        days = (max(row[name] for row in rows), min(row[name] for row in rows))
        near = date.fromisoformat(days[0]) - date.fromisoformat(days[1]) < timedelta(days=92)
        axis = alt.Axis(format="%m-%d" if near else "%Y-%m")
        return alt.X(f"{name}:T", title=title or None, scale=alt.Scale(type="utc"), axis=axis)
    return alt.X(f"{name}:O", title=title or None, sort=None)


def _tips(rows: Rows, x: str, y: str, color: str | None, y_format: str) -> list[Any]:
    y_format = _EXACT if y_format == COMPACT else y_format
    kind = "Q" if rows and isinstance(rows[0][x], int | float) else "N"
    tips = [alt.Tooltip(f"{x}:{kind}"), alt.Tooltip(f"{y}:Q", format=y_format)]
    return [*tips, alt.Tooltip(f"{color}:N")] if color else tips


def against_baselines(
    rows: Rows, baselines: Rows, marks: Rows, *, y_title: str = "", y_format: str = COMPACT
) -> dict[str, Any]:
    """A line over days (day, value), each baseline as a stretch with its band (first, last, value,
    low, high, name), and named days (day, name) as upright lines."""
    line = alt.Chart(_data(rows)).mark_line(point={"size": 24}).encode(
        x=_axis(rows, "day", ""),
        y=alt.Y("value:Q", title=y_title or None, axis=_numbers(y_format),
                scale=alt.Scale(zero=False)),
        tooltip=_tips(rows, "day", "value", None, y_format),
    )  # fmt: skip
    drawn = line
    if baselines:
        kept = alt.Chart(_data(baselines)).encode(x=alt.X("first:T"), x2=alt.X2("last:T"))
        drawn = (
            kept.mark_rect(opacity=0.15).encode(
                y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), color=alt.Color("name:N", title=None)
            )
            + kept.mark_rule(strokeWidth=3).encode(
                y=alt.Y("value:Q"), color=alt.Color("name:N", title=None),
                tooltip=[alt.Tooltip("name:N"), alt.Tooltip("value:Q", format=_EXACT)],
            )
            + drawn
        )  # fmt: skip
    if marks:
        drawn = drawn + _uprights(marks)
        for place, one in enumerate(marks):
            named = alt.Chart(_data([one])).mark_text(align="left", dx=4, y=8 + 14 * place)
            drawn = drawn + named.encode(x=alt.X("day:T"), text=alt.Text("name:N"))
    return spec(drawn)
