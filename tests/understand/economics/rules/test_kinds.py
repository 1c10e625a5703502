from __future__ import annotations

import pytest

from joren.understand.economics.rules.kinds import kind_of, kind_of_whole


@pytest.mark.parametrize(
    ("repeat_rate", "subscription", "kind"),
    [
        (0.5, 0.5, "subscription"),
        (0.5, 0.15, "mixed"),
        (0.10, 0.0, "repeat"),
        (0.09, 0.0, "one_off"),
        (None, 0.0, None),
        (None, 0.9, "subscription"),
        (0.3, None, "repeat"),
    ],
)
def test_a_kind_is_told_by_repeats_and_subscriptions(
    repeat_rate: float | None, subscription: float | None, kind: str | None
) -> None:
    assert kind_of(customers=100, repeat_rate=repeat_rate, subscription=subscription) == kind


def test_few_customers_tell_nothing() -> None:
    assert kind_of(customers=29, repeat_rate=0.5, subscription=0.0) is None


def test_a_small_category_does_not_make_a_mixture() -> None:
    assert kind_of_whole("repeat", [("repeat", 81), ("one_off", 19)]) == "repeat"
    assert kind_of_whole("repeat", [("repeat", 80), ("one_off", 20)]) == "mixed"
