"""Columns that hold a model against what happened, and the pictures of them."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import Summary, bg_bb, bg_nbd, diagnostics, mbg_nbd, pareto_nbd
from joren.science.clv.posterior import posterior

KNOWN = bg_nbd.given(r=0.243, alpha=4.414, a=0.793, b=2.426)


@pytest.fixture(scope="module")
def shop() -> Summary:
    rng = np.random.default_rng(3)
    return KNOWN.simulate(rng.uniform(20, 39, 8_000), rng)


def test_customers_by_frequency_are_what_the_true_model_says(shop: Summary) -> None:
    seen = diagnostics.by_frequency(KNOWN, shop, most=7)

    assert seen.actual.sum() == pytest.approx(8_000)
    assert seen.expected.sum() == pytest.approx(8_000)
    assert ((seen.actual - seen.expected) ** 2 / seen.expected).sum() < 24  # chi-squared, 7: .999


def test_a_wrong_model_is_seen_by_frequency(shop: Summary) -> None:
    wrong = bg_nbd.given(r=1.0, alpha=4.414, a=0.793, b=2.426)

    seen = diagnostics.by_frequency(wrong, shop)

    assert ((seen.actual - seen.expected) ** 2 / seen.expected).sum() > 500


def test_weights_count_as_repetition(shop: Summary) -> None:
    one, other = (diagnostics.by_frequency(KNOWN, of) for of in (shop, shop.compressed()))

    assert one.actual.tolist() == other.actual.tolist()
    assert one.expected == pytest.approx(other.expected)


def test_calibration_leaves_out_classes_without_anybody() -> None:
    past = Summary([0, 0, 2, 9], [0, 0, 4, 8], [9, 9, 9, 9], weights=[1, 3, 2, 1])

    seen = diagnostics.calibration(KNOWN, past, [1, 0, 2, 4], 10.0, most=7)

    assert seen.at.tolist() == [0, 2, 7]
    assert seen.customers.tolist() == [4, 2, 1]
    assert seen.actual.tolist() == [0.25, 2, 4]
    assert seen.expected == pytest.approx(
        KNOWN.conditional_expected_purchases(past, 10.0)[[0, 2, 3]]
    )


def test_repeats_over_time_add_up_to_what_newcomers_are_expected_to_make() -> None:
    first, edges = np.array([0.0, 0.0, 5.0]), np.array([0.0, 4.0, 10.0])

    between, all_up = diagnostics.over_time(KNOWN, first, [2.0, 4.0, 9.0], edges)

    assert between.actual.tolist() == [2, 1]
    assert all_up.actual.tolist() == [2, 3]
    assert all_up.customers.tolist() == [2, 3]
    until_4, until_10, until_5 = KNOWN.expected_purchases([4.0, 10.0, 5.0])
    assert all_up.expected == pytest.approx([2 * until_4, 2 * until_10 + until_5])
    assert between.expected.sum() == pytest.approx(all_up.expected[-1])


def test_of_many_first_moments_an_even_sample_stands_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = np.linspace(0.0, 5.0, 4_000)
    asked: list[float] = []
    answer = type(KNOWN).expected_purchases

    def counted(self: object, t: object) -> object:
        asked.append(0.0)
        return answer(self, t)  # type: ignore[arg-type]

    monkeypatch.setattr(type(KNOWN), "expected_purchases", counted)
    _, all_up = diagnostics.over_time(KNOWN, first, [6.0], [0.0, 4.0, 10.0])

    exact = [answer(KNOWN, np.maximum(end - first, 0.0)).sum() for end in (4.0, 10.0)]
    assert len(asked) <= diagnostics.LEVELS
    assert all_up.expected == pytest.approx(exact, rel=1e-3)


def test_edges_begin_before_everything() -> None:
    with pytest.raises(BadInput, match="the first edge is 1"):
        diagnostics.over_time(KNOWN, [0.0], [2.0], [1.0, 3.0])


def test_belief_falls_in_silence_and_rises_with_a_purchase() -> None:
    model = mbg_nbd.given(r=0.525, alpha=6.183, a=0.891, b=1.614)

    seen = diagnostics.path(model, [4.0, 9.0], 30.0, t=10.0)

    at = np.searchsorted(seen.at, 9.0)
    assert seen.probability_alive[at] > seen.probability_alive[at - 1]
    assert seen.probability_alive[-1] < seen.probability_alive[at]
    assert seen.probability_alive[-1] == model.probability_alive(Summary([2], [9], [30]))[0]
    assert (np.diff(seen.probability_alive[at:]) < 0).all()


def test_a_path_can_be_looked_at_on_chosen_days() -> None:
    whole = diagnostics.path(KNOWN, [4.0, 9.0], 30.0, t=10.0)
    some = slice(3, None, 40)

    days = diagnostics.path(KNOWN, [4.0, 9.0], 30.0, t=10.0, at=whole.at[some])

    assert days.probability_alive.tolist() == whole.probability_alive[some].tolist()
    assert days.expected.tolist() == whole.expected[some].tolist()


def test_a_path_refuses_purchases_from_beyond_it() -> None:
    with pytest.raises(BadInput, match=r"repeats from 4 to 40"):
        diagnostics.path(KNOWN, [4.0, 40.0], 30.0, t=10.0)


def test_the_map_is_the_models_own_answer() -> None:
    seen = diagnostics.recency_map(KNOWN, 39.0, most=3, steps=4)

    some = Summary(seen.frequency, seen.recency, np.full(13, 39.0))
    assert seen.value == pytest.approx(KNOWN.probability_alive(some))
    assert seen.recency.max() == 39.0


@pytest.mark.parametrize("T", [12, 1_000])
def test_of_a_model_of_opportunities_whole_ones_are_looked_at(T: int) -> None:
    model = bg_bb.given(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)

    seen = diagnostics.recency_map(model, T, t=4)
    then = diagnostics.path(model, [3, 7], T, t=2)

    some = Summary(seen.frequency, seen.recency, np.full(seen.value.size, float(T)))
    assert seen.value == pytest.approx(model.conditional_expected_purchases(some, 4))
    assert seen.recency.max() == T
    assert np.unique(seen.recency).size == min(T, 20) + 1
    assert {0, 2, 3, 6, 7, T} <= set(then.at.tolist())
    assert (then.at == np.floor(then.at)).all()
    assert then.probability_alive[-1] == model.probability_alive(Summary([2], [7], [T]))[0]


def test_a_map_of_no_time_is_refused_by_its_own_name() -> None:
    with pytest.raises(BadInput, match="T = 0, a time above 0"):
        diagnostics.recency_map(KNOWN, 0)
    with pytest.raises(BadInput, match=r"T = 2\.5, a whole number of opportunities"):
        diagnostics.recency_map(bg_bb.given(alpha=1, beta=1, gamma=1, delta=1), 2.5)


def test_a_path_may_have_just_begun() -> None:
    assert diagnostics.path(KNOWN, [], 0.0, t=10.0).at.tolist() == [0.0]


def test_densities_hold_all_of_the_posterior(shop: Summary) -> None:
    few = Summary(shop.frequency[:300], shop.recency[:300], shop.T[:300])
    found = posterior(bg_nbd, few, np.random.default_rng(1), draws=2_000)

    for one in diagnostics.densities(found):
        assert np.trapezoid(one.density, one.values) == pytest.approx(1.0, abs=0.03)
        inside = (one.values >= one.low) & (one.values <= one.high)
        held = np.trapezoid(one.density[inside], one.values[inside])
        assert held == pytest.approx(0.9, abs=0.06)


def test_every_picture_is_a_chart_that_vega_lite_takes(shop: Summary) -> None:
    pytest.importorskip("altair")
    from joren.science.clv import pictures

    model = pareto_nbd.given(r=0.55, alpha=10.6, s=0.61, beta=11.7)
    between, _ = diagnostics.over_time(model, [0.0, 1.0], [2.0, 3.0], [0.0, 2.0, 4.0])
    draws = posterior(bg_nbd, shop, np.random.default_rng(1), draws=500)
    past = Summary([0, 2], [0, 4], [9, 9])
    charts = [
        pictures.over_time(between, seen_until=2.0),
        pictures.by_frequency(diagnostics.by_frequency(model, past)),
        pictures.calibration(diagnostics.calibration(model, past, [0, 1], 5.0)),
        pictures.recency_map(diagnostics.recency_map(model, 39.0, most=2, steps=3)),
        pictures.path(diagnostics.path(model, [4.0], 30.0, t=10.0)),
        pictures.posterior(diagnostics.densities(draws)),
        pictures.history(["1997-09"], predicted=[9.0], low=[7.0], high=[11.0], actual=[8.0]),
    ]

    for chart in charts:
        assert chart.to_dict(validate=True)["$schema"].startswith("https://vega.github.io/")
