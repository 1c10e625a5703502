from __future__ import annotations

from dataclasses import replace

import pytest

from joren.understand.ranks.contracts import RankRules, RulesContradict
from joren.understand.ranks.rules import settings


def test_the_defaults_stand_in_every_currency() -> None:
    for currency in ("JPY", "USD", "KWD", "XXX"):
        settings.check(settings.filled(RankRules(), currency))


def test_big_spend_is_seventy_thousand_yen() -> None:
    assert settings.filled(RankRules(), "JPY").big_spend == 70_000


def test_elsewhere_big_spend_is_five_hundred_units() -> None:
    assert settings.filled(RankRules(), "GBP").big_spend == 50_000


def test_the_shops_own_amount_is_kept() -> None:
    assert settings.filled(RankRules(big_spend=1), "JPY").big_spend == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"rfm": "magic"},
        {"recency_days": (30, 60, 90, 180)},
        {"purchases": (2, 2, 3, 4)},
        {"spend": (0, 1, 2, 3)},
        {"active_days": 0},
        {"settled_days": 210},
        {"big_spend": 0},
        {"vip_enter": 1600},
        {"vip_keep": 10_001},
        {"vip_share_alarm": 0},
    ],
)
def test_bounds_that_contradict_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(RulesContradict):
        settings.check(replace(RankRules(), **changes))  # type: ignore[arg-type]
