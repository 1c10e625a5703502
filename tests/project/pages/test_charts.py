"""Charts keep to the page's dress and to its policy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation

from joren.project.pages.charts import bars, grid, hill, lines, lying_bars, over_days

ROWS = [{"day": f"2026-{month:02}-01", "yen": month * 1000, "who": "新規"} for month in (1, 6, 9)]


@pytest.mark.parametrize(
    "spec",
    [
        lines(ROWS, x="day", y="yen", color="who"),
        bars(ROWS, x="day", y="yen"),
        lying_bars(ROWS, y="day", x="yen"),
        grid(ROWS, x="day", y="who", value="yen"),
        hill(ROWS, x="yen", y="yen", low=2000.0, high=7000.0, x_format=".3~r"),
        over_days(ROWS, ROWS[:1], y="yen", y_format=".0%"),
    ],
)
def test_a_chart_is_as_wide_as_its_place_and_without_colours(spec: dict[str, Any]) -> None:
    text = json.dumps(spec)

    assert spec["width"] == "container"
    assert "config" not in spec
    assert "#" not in text.replace(spec["$schema"], "")


def test_a_day_is_drawn_where_it_is_in_every_zone() -> None:
    x = lines(ROWS, x="day", y="yen")["encoding"]["x"]

    assert (x["type"], x["scale"]["type"]) == ("temporal", "utc")


def test_an_interval_is_a_band_under_its_line() -> None:
    rows = [{**row, "low": 1, "high": 2} for row in ROWS]

    spec = lines(rows, x="day", y="yen", low="low", high="high")

    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["area", "line"]


def test_a_hill_is_deeper_between_its_bounds() -> None:
    inside, whole = hill(ROWS, x="yen", y="yen", low=2000, high=7000, x_format=".3~r")["layer"]

    assert inside["mark"]["type"] == "area"
    assert [row["yen"] for row in inside["data"]["values"]] == [6000]
    assert len(whole["data"]["values"]) == len(ROWS)


def test_big_numbers_are_shortened_as_the_reader_says_them() -> None:
    with translation.override("ja"):
        japanese = json.dumps(bars(ROWS, x="day", y="yen"), ensure_ascii=False)
    with translation.override("en"):
        english = json.dumps(bars(ROWS, x="day", y="yen"), ensure_ascii=False)

    assert "万" in japanese
    assert "万" not in english


def test_a_chart_without_rows_is_still_a_chart() -> None:
    assert lines([], x="day", y="yen")["data"]["values"] == []
