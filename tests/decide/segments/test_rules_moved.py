"""Whose value rose or fell, by how much, and since when."""

from __future__ import annotations

import pytest

from joren.decide.segments.contracts import Is, RuleMeaningless
from joren.decide.segments.rules import Words, check, read, sentence, written
from joren.warehouse.engine import Holding
from tests.decide.segments.valued import asked

NOW = [
    {"customer_id": 1, "p_alive": 0.3, "revenue_365d": 800.0},
    {"customer_id": 2, "p_alive": 0.5, "revenue_365d": 1_300.0},
    {"customer_id": 3, "p_alive": None, "revenue_365d": 5.0},
    {"customer_id": 4, "p_alive": 0.1, "revenue_365d": 0.0},
]
AGO = {
    1: [{"customer_id": 1, "p_alive": 0.3, "revenue_365d": 1_000.0}],
    30: [
        {"customer_id": 1, "p_alive": 0.5, "revenue_365d": 1_000.0},
        {"customer_id": 2, "p_alive": 0.31, "revenue_365d": 1_000.0},
        {"customer_id": 3, "p_alive": 0.9, "revenue_365d": 0.0},
    ],
}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (Is("p_alive", "fell_by", (0.2,), 30), {1}),
        (Is("p_alive", "rose_by", (0.2,), 30), set()),
        (Is("p_alive", "rose_by_percent", (60,), 30), {2}),
        (Is("revenue_365d", "fell_by_percent", (20,), 30), {1}),
        (Is("revenue_365d", "fell_by_percent", (20.5,), 30), set()),
        (Is("revenue_365d", "rose_by", (1,), 30), {2, 3}),
        (Is("revenue_365d", "rose_by_percent", (1,), 30), {2}),
        (Is("revenue_365d", "fell_by", (200,)), {1}),
        (Is("p_alive", "fell_by", (0.01,)), set()),
        (Is("p_alive", "fell_by", (0.01,), 31), set()),
    ],
)
def test_it_finds_whose_value_moved_so_much(holding: Holding, rule: Is, found: set[int]) -> None:
    assert read(written(rule)) == rule
    assert asked(holding, rule, NOW, ago=AGO) == found


@pytest.mark.parametrize(
    "rule",
    [
        Is("p_alive", "fell_by", (0,)), Is("p_alive", "fell_by", (2,)),
        Is("revenue_365d", "fell_by_percent", (101,)), Is("last_on", "rose_by", (1,)),
        Is("stage", "rose_by", (1,)), Is("lot_number", "rose_by", (1,)),
    ],
)  # fmt: skip
def test_what_never_moves_so_is_refused(rule: Is) -> None:
    with pytest.raises(RuleMeaningless):
        check(rule)


@pytest.mark.parametrize(
    ("rule", "ja", "en"),
    [
        (Is("p_alive", "fell_by", (0.2,), 30), "30日前から継続確率が20ポイント以上下がった",
         "Probability to be active fell by 20 points or more since 30 days ago"),
        (Is("revenue_365d", "rose_by_percent", (12.5,)),
         "前回の集計から今後12か月の予測売上が12.5%以上上がった",
         "Revenue predicted for 12 months rose by 12.5 % or more since the figures before"),
        (Is("revenue_365d", "fell_by", (3_000,), 7),
         "7日前から今後12か月の予測売上が¥3,000以上下がった",
         "Revenue predicted for 12 months fell by ¥3,000 or more since 7 days ago"),
    ],
)  # fmt: skip
def test_it_is_said_in_both_languages(rule: Is, ja: str, en: str) -> None:
    assert (sentence(rule, Words("ja")), sentence(rule, Words("en"))) == (ja, en)
