"""Pictures of a model for a notebook, drawn with Altair: what `diagnostics` answers.

Altair is an extra, `pip install 'joren[pictures]'`; the models themselves do without it. Every
function answers an `altair.Chart`, to be shown, saved or dressed further.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from joren.science.arrays import Floats, column, same_length
from joren.science.clv.diagnostics import Cells, Compared, Density, Path

try:
    import altair as alt
except ImportError as missing:
    raise ImportError("pictures are drawn with Altair: pip install 'joren[pictures]'") from missing

WIDTH, HEIGHT = 460, 260


def over_time(compared: Compared, *, seen_until: float | None = None) -> Any:
    """Actual against expected repeat purchases; after `seen_until` the model had seen nothing."""
    lines = _both(compared, "time", "repeat purchases")
    if seen_until is None:
        return lines
    rule = alt.Chart(alt.Data(values=[{"time": seen_until}]))
    return lines + rule.mark_rule(strokeDash=[4, 4]).encode(x="time:Q")


def by_frequency(compared: Compared) -> Any:
    """How many customers repeated so often, actual beside expected."""
    rows = _rows_of(compared, "repeats", "customers")
    last = f"{compared.at[-1]:g}"
    for row in rows:
        row["repeats"] = f"{row['repeats']:g}" + ("+" if f"{row['repeats']:g}" == last else "")
    order = list(dict.fromkeys(row["repeats"] for row in rows))
    return _sized(
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("repeats:N", sort=order, axis=alt.Axis(labelAngle=0)),
            xOffset="kind:N",
            y="customers:Q",
            color=alt.Color("kind:N", title=None),
            tooltip=["kind:N", "repeats:N", alt.Tooltip("customers:Q", format=",.1f")],
        )
    )


def calibration(compared: Compared) -> Any:
    """Purchases per customer after the cut-off by repeats before it; the last class is open."""
    return _both(compared, "repeats before", "purchases per customer")


def recency_map(cells: Cells, *, title: str = "P(alive)") -> Any:
    """The map of repeats and recency."""
    rows = [
        {"repeats": x, "last repeat": last, "value": value}
        for x, last, value in _lists(cells.frequency, cells.recency, cells.value)
    ]
    return _sized(
        alt.Chart(alt.Data(values=rows))
        .mark_rect()
        .encode(
            x=alt.X("last repeat:O", axis=alt.Axis(format=".3~g", labelAngle=0)),
            y=alt.Y("repeats:O", sort="descending"),
            color=alt.Color("value:Q", title=title),
            tooltip=["repeats:Q", alt.Tooltip("last repeat:Q", format=".3~g"), "value:Q"],
        )
    )


def path(one: Path) -> Any:
    """P(alive) of one customer over time, with a tick at each purchase."""
    rows = [
        {"time": at, "P(alive)": alive, "purchases ahead": ahead}
        for at, alive, ahead in _lists(one.at, one.probability_alive, one.expected)
    ]
    line = (
        alt.Chart(alt.Data(values=rows))
        .mark_line()
        .encode(
            x="time:Q",
            y=alt.Y("P(alive):Q", scale=alt.Scale(domain=[0, 1])),
            tooltip=["time:Q", "P(alive):Q", "purchases ahead:Q"],
        )
    )
    ticks = alt.Chart(alt.Data(values=[{"time": at} for at in [0.0, *one.bought.tolist()]]))
    return _sized(line + ticks.mark_rule(strokeDash=[2, 3]).encode(x="time:Q"))


def posterior(densities: Sequence[Density]) -> Any:
    """One small picture per parameter, with the interval shaded."""
    return alt.hconcat(*map(_density, densities))


def history(
    cut_offs: Sequence[Any],
    *,
    predicted: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    actual: ArrayLike,
) -> Any:
    """Back-tests: totals as foretold at each cut-off, with intervals, and what came."""
    table = {
        name: column(name, values)
        for name, values in (
            ("predicted", predicted),
            ("low", low),
            ("high", high),
            ("actual", actual),
        )
    }
    same_length(**table)
    rows = [
        {"cut-off": str(when), **dict(zip(table, values, strict=True))}
        for when, values in zip(cut_offs, _lists(*table.values()), strict=True)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("cut-off:N", sort=None))
    intervals = base.mark_rule().encode(y=alt.Y("low:Q", title="purchases"), y2="high:Q")
    told = base.mark_tick().encode(y="predicted:Q", tooltip=["cut-off:N", "predicted:Q"])
    came = base.mark_point(filled=True, size=60).encode(
        y="actual:Q",
        color=alt.condition(
            "datum.low <= datum.actual && datum.actual <= datum.high",
            alt.value("#2a7f62"),
            alt.value("#b3261e"),
        ),
        tooltip=["cut-off:N", "predicted:Q", "low:Q", "high:Q", "actual:Q"],
    )
    return _sized(intervals + told + came)


def _density(one: Density) -> Any:
    rows = [
        {one.name: value, "density": height} for value, height in _lists(one.values, one.density)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(f"{one.name}:Q", scale=alt.Scale(zero=False)), y=alt.Y("density:Q", axis=None)
    )
    inside = f"datum['{one.name}'] >= {one.low!r} && datum['{one.name}'] <= {one.high!r}"
    held = base.transform_filter(inside).mark_area(opacity=0.3)
    return (held + base.mark_line()).properties(width=170, height=120)


def _both(compared: Compared, x: str, y: str) -> Any:
    return _sized(
        alt.Chart(alt.Data(values=_rows_of(compared, x, y)))
        .mark_line(point=True)
        .encode(
            x=f"{x}:Q",
            y=f"{y}:Q",
            color=alt.Color("kind:N", title=None),
            tooltip=["kind:N", f"{x}:Q", alt.Tooltip(f"{y}:Q", format=",.3~f"), "customers:Q"],
        )
    )


def _rows_of(compared: Compared, x: str, y: str) -> list[dict[str, Any]]:
    return [
        {"customers": n, x: at, y: number, "kind": kind}
        for kind, numbers in (("actual", compared.actual), ("expected", compared.expected))
        for at, number, n in _lists(compared.at, numbers, compared.customers)
    ]


def _lists(*columns: Floats) -> list[tuple[float, ...]]:
    return list(zip(*(part.tolist() for part in columns), strict=True))


def _sized(chart: Any) -> Any:
    return chart.properties(width=WIDTH, height=HEIGHT)
