"""BG/BB against the paper's numbers, arbitrary precision, and its own simulation."""

from __future__ import annotations

from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.clv import Summary, bg_bb
from joren.science.errors import NotEnoughRepeats
from tests.absence import absent

PAPER = bg_bb.given(alpha=1.203522, beta=0.749715, gamma=0.656722, delta=2.783444)
PRINTED = bg_bb.given(alpha=1.20, beta=0.75, gamma=0.66, delta=2.78)
CASES = [PAPER, bg_bb.given(alpha=0.6, beta=3.0, gamma=1.0, delta=9.0)]


@pytest.fixture(params=CASES, ids=["donations", "rare"])
def known(request: pytest.FixtureRequest) -> bg_bb.Fitted:
    return request.param


@pytest.fixture
def past(known: bg_bb.Fitted) -> Summary:
    rng = np.random.default_rng(20261103)
    return known.simulate(rng.integers(1, 25, 30_000), rng)


@pytest.fixture(scope="module")
def donations(data_dir: Path) -> Summary:
    path = data_dir / "donations.csv"
    if not path.is_file():
        absent(f"the data file {path}", hint="set JOREN_DATA to the folder of the public data")
    return Summary(*np.loadtxt(path, delimiter=",", skiprows=1).T)


def test_parameters_match_the_paper(donations: Summary) -> None:
    fitted = bg_bb.fit(donations)

    expected = (1.203522, 0.749715, 0.656722, 2.783444)
    assert tuple(fitted.params.values()) == pytest.approx(expected, rel=1e-5)
    assert fitted.log_likelihood == pytest.approx(-33225.58, abs=5.1e-3)


def test_worked_values_match_the_paper() -> None:
    printed = [0.4985, 0.9233, 1.2969, 1.6323, 1.9381, 2.2202, 2.4826, 2.7285, 2.9603, 3.1798]
    assert PAPER.expected_purchases(np.arange(1, 11)) == pytest.approx(printed, abs=5.1e-5)
    donors = Summary([0, 4, 2, 6], [0, 5, 4, 6], [6] * 4)
    ahead = PAPER.conditional_expected_purchases(donors, 10)
    assert ahead[:2] == pytest.approx([0.1302169, 3.627858], rel=5e-5)
    alive = PAPER.probability_alive(donors)
    assert alive[[0, 2, 3]] == pytest.approx([0.11, 0.59, 0.93], abs=5.1e-3)
    assert PRINTED.dert(Summary([3], [4], [6]), 0.1) == pytest.approx([1.621379], abs=5e-7)
    counts = 11_104 * PAPER.probability_of_purchases([0, 6], 6)
    assert counts == pytest.approx([3454.9, 1253.1], abs=0.051)


def exact(parameters: tuple[float, ...], x: int, t_x: int, n: int) -> dict[str, float]:
    """The paper's equations 6, 11, 13 and 14 word for word, with digits to spare."""
    a, b, g, d = (mpmath.mpf(value) for value in parameters)
    B = mpmath.beta
    buy = B(a + x, b + n - x) / B(a, b)
    alive = buy * B(g, d + n) / B(g, d)
    gone = sum(
        B(a + x, b + t_x - x + i) / B(a, b) * B(g + 1, d + t_x + i) / B(g, d)
        for i in range(n - t_x)
    )
    here = buy * B(g, d + n + 1) / B(g, d) / (alive + gone)
    share = (a + x) / (a + b + n)
    stays = [B(g, d + n + 1 + h) / B(g, d + n + 1) for h in range(30)]
    first = [stays[i] * B(a + x + 1, b + n - x + i) / B(a + x, b + n - x) for i in range(30)]
    lasting = mpmath.hyp2f1(1, d + n + 1, g + d + n + 1, 1 / mpmath.mpf("1.02"))
    return {
        "likelihood": float(mpmath.log(alive + gone)),
        "alive": float(here),
        "expected": float(here * share * sum(stays)),
        "order": float(here * sum(first)),
        "dert": float(here * share * lasting / mpmath.mpf("1.02")),
    }


extreme = st.floats(-9, 9).map(np.exp)
histories = st.integers(0, 300).flatmap(
    lambda n: st.integers(0, n).flatmap(
        lambda t_x: st.tuples(st.integers(min(t_x, 1), t_x), st.just(t_x), st.just(n))
    )
)


@given(extreme, extreme, extreme, extreme, histories)
@settings(deadline=None, max_examples=25)
def test_it_is_right_in_the_extremes(alpha, beta, gamma, delta, history) -> None:
    parameters = {"alpha": alpha, "beta": beta, "gamma": gamma, "delta": delta}
    model, row = bg_bb.given(**parameters), Summary(*([value] for value in history))
    with mpmath.workdps(60):
        truth = exact(tuple(parameters.values()), *history)

    found = {
        "likelihood": bg_bb.log_likelihood(parameters, row),
        "alive": model.probability_alive(row),
        "expected": model.conditional_expected_purchases(row, 30),
        "order": model.probability_of_order_by(row, 30),
        "dert": model.dert(row, 0.02),
    }
    for name, value in found.items():
        slack = 1e-11 if name == "likelihood" else 1e-300
        assert value[0] == pytest.approx(truth[name], rel=1e-9, abs=slack), name


def test_simulated_parameters_are_recovered(known: bg_bb.Fitted, past: Summary) -> None:
    fitted = bg_bb.fit(past)

    for name, value in known.params.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]
    gain = fitted.log_likelihood - bg_bb.log_likelihood(known.params, past).sum()
    assert 0 <= gain < 12


def test_the_likelihoods_of_all_histories_add_up_to_one(known: bg_bb.Fitted) -> None:
    n = 7
    table = np.array([(x, t, n) for t in range(1, n + 1) for x in range(1, t + 1)] + [(0, 0, n)])
    rows = Summary(*table.T)

    chance = np.exp(bg_bb.log_likelihood(known.params, rows))

    ways = [1.0 if x == 0 else float(mpmath.binomial(t - 1, x - 1)) for x, t, _ in table]
    assert chance @ ways == pytest.approx(1, rel=1e-11)


@pytest.mark.parametrize("shift", [0.3, -3.0, 3.0])
def test_the_gradient_is_the_slope_of_the_likelihood(
    known: bg_bb.Fitted, past: Summary, shift: float
) -> None:
    objective = bg_bb.objective_on(past.compressed().thinned(500))
    point = np.log(list(known.params.values())) + shift

    _, slope = objective(point)

    for i, step in enumerate(np.eye(4) * 1e-5):
        rise = (objective(point + step)[0] - objective(point - step)[0]) / 2e-5
        assert slope[i] == pytest.approx(rise, rel=1e-6, abs=1e-9)


def test_order_and_weights_do_not_matter(past: Summary) -> None:
    some = np.random.default_rng(3).permutation(2_000)
    plain = bg_bb.fit(past.rows(np.arange(2_000), np.full(2_000, 2.0)))

    mixed = bg_bb.fit(past.rows(np.append(some, some), np.ones(4_000)))

    assert mixed.params == pytest.approx(plain.params, rel=1e-8)
    assert mixed.log_likelihood == pytest.approx(plain.log_likelihood)


def test_the_past_and_the_future_add_up_to_the_whole(known: bg_bb.Fitted) -> None:
    past = known.simulate(np.full(60_000, 8), np.random.default_rng(5))

    ahead = known.conditional_expected_purchases(past, 12)

    whole, half = known.expected_purchases([20, 8])
    assert past.frequency.mean() == pytest.approx(half, abs=0.03)
    assert ahead.mean() == pytest.approx(whole - half, abs=5 * ahead.std() / 245)


def test_the_counts_of_purchases_are_a_distribution_with_the_expected_mean(
    known: bg_bb.Fitted,
) -> None:
    past, n = Summary([0, 1, 3], [0, 2, 9], [9] * 3), np.arange(13)

    chances = known.conditional_probability_of_purchases(past, n, 12)

    assert chances.sum(axis=1) == pytest.approx([1, 1, 1])
    assert chances @ n == pytest.approx(known.conditional_expected_purchases(past, 12))
    assert 1 - chances[:, 0] == pytest.approx(known.probability_of_order_by(past, 12))


def test_discounting_adds_up_what_each_opportunity_brings(known: bg_bb.Fitted) -> None:
    past, h = Summary([0, 1, 3], [0, 2, 9], [9] * 3), np.arange(401)
    by = np.stack([known.conditional_expected_purchases(past, i) for i in h])
    each = np.diff(by, axis=0) / 1.1 ** h[1:, None]

    assert known.det(past, 12, 0.1) == pytest.approx(each[:12].sum(axis=0))
    assert known.dert(past, 0.1) == pytest.approx(each.sum(axis=0))
    assert known.det(past, 12, 0.0) == pytest.approx(by[12])
    assert known.det(past, 0, 0.05).tolist() == [0, 0, 0]


def test_the_next_order_comes_at_an_opportunity(known: bg_bb.Fitted) -> None:
    past = Summary([0, 1, 9], [0, 2, 9], [9] * 3)

    when = known.next_order(past, level=0.8)

    here = known.probability_alive(past)
    for wait, share in ((when.low, 0.1), (when.median, 0.5), (when.high, 0.9)):
        by = known.probability_of_order_by(past, wait)
        before = known.probability_of_order_by(past, wait - 1)
        assert (by >= share * (1 - when.never) * (1 - 1e-12)).all()
        assert (before < share * (1 - when.never)).all()
    assert (when.never >= 1 - here).all()


def test_an_order_may_come_after_any_number_of_opportunities() -> None:
    slow = bg_bb.given(alpha=0.05, beta=40.0, gamma=0.02, delta=30.0)
    new = Summary([0], [0], [0])

    by = slow.probability_of_order_by(new, 1e9)[0]
    within, later = 1 - slow.next_order(new).never[0], np.arange(1.0, 8_000)
    here, future = slow._newcomer()
    direct = here * future._share()[0] * (1 + np.cumprod(future._onward(later)).sum())

    assert slow.probability_of_order_by(new, 8_000)[0] == pytest.approx(direct, rel=1e-8)
    assert by < within < 1
    assert np.isinf(slow.next_order(new).high).all()


def test_silence_makes_it_less_likely_that_someone_stays(known: bg_bb.Fitted) -> None:
    alive = known.probability_alive(Summary([3] * 5, [30, 25, 20, 10, 5], [30] * 5))

    assert (np.diff(alive) < 0).all()


def test_hundreds_of_opportunities_and_thousands_of_ways_stay_finite() -> None:
    past = Summary([0, 900, 1, 450], [0, 900, 1, 500], [900] * 4)

    for model in (PAPER, bg_bb.given(alpha=1e-4, beta=8e3, gamma=1e-4, delta=1e-4)):
        assert np.isfinite(bg_bb.log_likelihood(model.params, past)).all()
        assert np.isfinite(model.conditional_expected_purchases(past, 365)).all()
        assert (model.probability_alive(past) >= 0).all()


def test_what_are_no_opportunities_is_refused() -> None:
    with pytest.raises(BadInput, match="T is no number of opportunities in 1 of 2 rows"):
        bg_bb.fit(Summary([1, 1], [1, 1], [3, 3.5]))
    with pytest.raises(BadInput, match="more purchases than opportunities up to the last"):
        bg_bb.fit(Summary([3], [2], [4]))
    with pytest.raises(BadInput, match="not a whole number of opportunities"):
        PAPER.expected_purchases(2.5)
    with pytest.raises(NotEnoughRepeats):
        bg_bb.fit(Summary([0, 0], [0, 0], [3, 3]))


def test_a_handful_of_customers_gets_a_fit() -> None:
    few = Summary([1, 0, 2, 0, 0], [3, 0, 4, 0, 0], [5, 5, 6, 6, 6])

    fitted = bg_bb.fit(few)

    assert np.isfinite(fitted.conditional_expected_purchases(few, 12)).all()


def test_a_first_order_beyond_those_that_are_gone_through_is_as_exact() -> None:
    model = bg_bb.given(alpha=0.0256496, beta=7.6422, gamma=0.104275, delta=100.264)
    turns, stayed = np.arange(1.0, 2_999), model.delta + 1  # whoever is there at the first one
    onward = (stayed + turns - 1) / (model.gamma + stayed + turns - 1)
    onward *= (model.beta + turns - 1) / (model.alpha + model.beta + turns)
    first = np.concatenate([[1.0], np.cumprod(onward)]) * model.alpha / (model.alpha + model.beta)

    for t in (1_025, 1_100, 2_999):
        new = Summary([0], [0], [0])
        by = model.probability_of_order_by(new, t)[0] / model.probability_alive(new)[0]
        assert by == pytest.approx(first[:t].sum(), rel=1e-11)
