"""What is known of customers, in what they spend: found where it matters, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import covariate_columns, gamma_gamma, spend_covariates
from joren.science.clv.spends import spends_of
from joren.science.errors import NotEnoughRepeats

TRUTH = {"p": 6.0, "q": 4.0, "v": 1500.0}
WEB, YEAR = 0.4, -0.02


def shop(n: int = 4000):
    """A purchase on the web is worth 49 % more, with each year of age 2 % less; colour is noise."""
    rng = np.random.default_rng(7)
    known = {
        "channel": rng.choice(["shop", "shop", "web"], n),
        "age": rng.integers(-20, 21, n),
        "colour": rng.choice(["red", "blue"], n),
    }
    x = rng.integers(0, 6, n).astype(float)
    rate = rng.gamma(TRUTH["q"], 1 / TRUTH["v"], n)
    scale = np.exp(WEB * (known["channel"] == "web") + YEAR * known["age"])
    own = np.where(x > 0, rng.gamma(TRUTH["p"] * np.maximum(x, 1)) / np.maximum(x, 1) / rate, 0.0)
    return x, scale * own, known, scale


def test_what_was_put_in_is_found() -> None:
    x, spend, known, _ = shop()

    fitted = spend_covariates.fit(x, spend, known)

    errors = fitted.standard_errors
    assert abs(fitted.coefficients["channel = web"] - WEB) < 4 * errors["channel = web"] < 0.2
    assert abs(fitted.coefficients["age"] - YEAR) < 4 * errors["age"] < 0.01
    (colour,) = (name for name in fitted.coefficients if name.startswith("colour"))
    assert abs(fitted.coefficients[colour]) < 4 * errors[colour]
    for letter, value in TRUTH.items():
        assert abs(fitted.plain.params[letter] - value) < 4 * errors[letter]
    assert fitted.bic < (gamma_gamma.fit(x, spend).bic or 0)


def test_the_gradient_is_the_slope_of_the_likelihood() -> None:
    x, spend, known, _ = shop(300)
    columns = covariate_columns.columns_of(known)
    z = covariate_columns.table_of(columns, known)[x > 0]
    objective = spend_covariates.objective_on(spends_of(x, spend, None), z)
    point = np.append(np.log(list(TRUTH.values())), [0.1, 0.01, -0.05])

    _, slope = objective(point)

    for i, shift in enumerate(np.eye(point.size) * 1e-6):
        rise = (objective(point + shift)[0] - objective(point - shift)[0]) / 2e-6
        assert slope[i] == pytest.approx(rise, rel=1e-5, abs=1e-8)


def test_without_a_difference_the_likelihood_is_the_plain_models() -> None:
    x, spend, known, _ = shop(500)
    rows = spends_of(x, spend, None)
    z = covariate_columns.table_of(covariate_columns.columns_of(known), known)[x > 0]
    point = np.log(list(TRUTH.values()))

    plain, plain_slope = gamma_gamma.objective_on(rows)(point)
    value, slope = spend_covariates.objective_on(rows, z)(np.append(point, np.zeros(3)))

    assert value == pytest.approx(plain, rel=1e-12)
    assert slope[:3] == pytest.approx(plain_slope, rel=1e-9, abs=1e-12)


def test_a_customer_is_valued_by_the_scale_of_their_own_money() -> None:
    x, spend, known, _ = shop(800)
    fitted = spend_covariates.fit(x, spend, known)
    mine = fitted.of(known)
    plain = gamma_gamma.given(
        p=fitted.plain.p, q=fitted.plain.q, v=mine.plain.v * float(mine.scale[3])
    )
    ages = {name: values[3:4] for name, values in known.items()}
    by = fitted.coefficients["age"] * ages["age"][0]
    by += fitted.coefficients.get("channel = web", 0.0) * (ages["channel"][0] == "web")
    (colour,) = (one for one in fitted.columns if one.source == "colour")
    by += fitted.coefficients[colour.name] * (ages["colour"][0] == colour.category)
    assert plain.v == pytest.approx(fitted.plain.v * np.exp(by))

    expected = mine.conditional_expected_spend(x, spend)
    low, high = mine.spend_interval(x, spend)

    assert expected[3] == pytest.approx(plain.conditional_expected_spend(x[3:4], spend[3:4])[0])
    assert (low[3], high[3]) == pytest.approx(
        [bound[0] for bound in plain.spend_interval(x[3:4], spend[3:4])]
    )
    assert mine.population_mean()[3] == pytest.approx(plain.population_mean())
    assert ((low < expected) & (expected < high)).all()


def test_the_unit_of_money_and_repetition_make_no_difference() -> None:
    x, spend, known, _ = shop(600)
    twice = {name: np.repeat(values, 2) for name, values in known.items()}

    one = spend_covariates.fit(x, spend, known, np.full(x.size, 2.0))
    other = spend_covariates.fit(np.repeat(x, 2), np.repeat(spend, 2) * 100, twice)

    assert list(other.coefficients.values()) == pytest.approx(
        list(one.coefficients.values()), rel=1e-4, abs=1e-5
    )
    assert other.plain.v == pytest.approx(100 * one.plain.v, rel=1e-3)


def test_columns_of_another_length_are_refused() -> None:
    x, spend, known, _ = shop(50)

    with pytest.raises(BadInput, match="50 customers"):
        spend_covariates.fit(x, spend, {"age": known["age"][:49]})
    fitted = spend_covariates.fit(*shop(400)[:3])
    with pytest.raises(BadInput, match="known are columns of"):
        fitted.of(known).conditional_expected_spend(x[:9], spend[:9])


def test_where_all_pay_one_price_there_is_nothing_to_learn() -> None:
    with pytest.raises(NotEnoughRepeats):
        spend_covariates.fit([1, 2, 3], [980.0, 980.0, 980.0], {"age": [1, 2, 3]})


def test_zero_and_unit_of_a_column_change_nothing() -> None:
    x, spend, known, _ = shop(2000)
    moved = known | {"age": 1980 + 12.0 * known["age"]}

    one, other = (spend_covariates.fit(x, spend, given) for given in (known, moved))

    assert other.log_likelihood == pytest.approx(one.log_likelihood, abs=2e-3)
    assert 12 * other.coefficients["age"] == pytest.approx(one.coefficients["age"], rel=1e-3)
    assert other.of(moved).conditional_expected_spend(x, spend) == pytest.approx(
        one.of(known).conditional_expected_spend(x, spend), rel=1e-4
    )
