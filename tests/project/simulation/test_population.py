from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.project.simulation.catalogue import PLAN, PRODUCTS, monthly_choice
from joren.project.simulation.names import FAMILY_NAMES, GIVEN_NAMES
from joren.project.simulation.population import choose
from joren.project.simulation.prefectures import PREFECTURES
from joren.project.simulation.scenario import COFFEE_ROASTER
from joren.project.simulation.season import second_of_day
from joren.project.simulation.text import digits, joined, quoted


def test_names_are_many_different_and_fit_the_mall() -> None:
    for names, fewest in ((FAMILY_NAMES, 120), (GIVEN_NAMES, 80)):
        kanji = [name.kanji for name in names]
        assert len(set(kanji)) == len(kanji) >= fewest
        assert all(name.encode("cp932").decode("cp932") == name for name in kanji)
        assert all(name.romaji.isascii() and len(name.kanji) <= 4 for name in names)


def test_there_are_47_prefectures() -> None:
    assert len({prefecture.name for prefecture in PREFECTURES}) == 47
    assert all(0 < place.first_postal <= place.last_postal <= 999 for place in PREFECTURES)


def test_choices_come_with_their_chances() -> None:
    chances = np.array([[0.2, 0.8, 0.0], [0.0, 0.5, 0.5]])
    quantiles = (np.arange(1000) + 0.5) / 1000

    first = np.bincount(choose(chances, np.zeros(1000, dtype=np.int64), quantiles), minlength=3)
    second = np.bincount(choose(chances, np.ones(1000, dtype=np.int64), quantiles), minlength=3)

    assert first.tolist() == [200, 800, 0]
    assert second.tolist() == [0, 500, 500]


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=30), st.integers(0, 3))
def test_a_choice_is_always_a_column(quantiles: list[float], row: int) -> None:
    chances = np.array([monthly_choice(segment.taste)[6] for segment in COFFEE_ROASTER.segments])

    chosen = choose(chances, np.full(len(quantiles), row), np.array(quantiles))

    assert chosen.min() >= 0
    assert chosen.max() < len(PRODUCTS)


def test_nobody_buys_a_subscription_by_chance() -> None:
    plans = [place for place, product in enumerate(PRODUCTS) if product.category == PLAN]

    for segment in COFFEE_ROASTER.segments:
        assert monthly_choice(segment.taste)[:, plans].sum() == 0.0


@given(st.integers(0, 2000), st.lists(st.floats(0, 1, exclude_max=True), min_size=2))
def test_later_in_the_day_stays_later(day: int, moments: list[float]) -> None:
    seconds = second_of_day(day + np.array(sorted(moments)) * 0.999999)

    assert 0 <= seconds.min() <= seconds.max() <= 86399
    assert (np.diff(seconds) >= 0).all()


def test_cells_are_quoted_only_where_they_must_be() -> None:
    assert quoted("豆") == "豆"
    assert quoted('旅する"豆", 3種') == '"旅する""豆"", 3種"'


def test_columns_join_row_by_row() -> None:
    rows = joined(digits(np.array([7, 1200]), 3), "x", digits(np.array([0, -4])))

    assert rows.to_pylist() == [b"007,x,0", b"1200,x,-4"]


def test_prices_leave_a_margin() -> None:
    for product in PRODUCTS:
        assert product.cost < product.price / (1 + product.tax_rate / 100), product.sku
        assert product.cost == pytest.approx(product.price * 0.4, rel=0.6)
