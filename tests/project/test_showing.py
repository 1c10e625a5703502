"""Values as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from joren.core.clock import zone
from joren.core.figures import Figure
from joren.project import showing


@pytest.mark.parametrize(
    ("value", "unit", "ja", "en"),
    [
        (1_234_567, "JPY", "¥1,234,567", "¥1,234,567"),
        (1980, "USD", "$19.80", "$19.80"),
        (1980, "XXX", "19.80", "19.80"),
        (0.3141, "share", "31.4%", "31.4%"),
        (1, "customers", "1人", "1 customer"),
        (23570, "customers", "23,570人", "23,570 customers"),
        (0.25, "orders", "0.25件", "0.25 orders"),
        (3, "months", "3か月", "3 months"),
        (3.14159, "ratio", "3.14", "3.14"),
        (None, "JPY", "–", "–"),
    ],
)
def test_a_value_is_shown_in_its_unit(value: float | None, unit: str, ja: str, en: str) -> None:
    with translation.override("ja"):
        in_japanese = showing.amount(value, unit)
    with translation.override("en"):
        in_english = showing.amount(value, unit)

    assert (in_japanese, in_english) == (ja, en)


def test_an_unknown_figure_is_never_a_zero() -> None:
    with translation.override("ja"):
        assert showing.text(Figure("profit_365d", None, "JPY")) == "まだ分かりません"


def test_an_interval_needs_both_ends() -> None:
    assert showing.interval(Figure("f2_rate", 0.3, "share", low=0.2, high=0.4)) == "20.0% – 40.0%"
    assert showing.interval(Figure("f2_rate", 0.3, "share", low=0.2)) == ""


def test_a_moment_is_told_by_the_shops_clocks() -> None:
    with timezone.override(zone("Asia/Tokyo")):
        shown = showing.moment(datetime(2026, 10, 31, 18, 30, tzinfo=UTC))

    assert shown == "2026-11-01 03:30"
    assert showing.moment(date(2026, 10, 31)) == "2026-10-31"
