"""What is known of customers: found where it matters, and nowhere else."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import (
    Summary,
    bg_nbd,
    covariate_columns,
    covariates,
    mbg_nbd,
    nbd,
    pareto_nbd,
)

TRUTH = {
    pareto_nbd: {"r": 0.9, "alpha": 8.0, "s": 0.9, "beta": 14.0},
    bg_nbd: {"r": 0.9, "alpha": 6.0, "a": 0.8, "b": 2.5},
    mbg_nbd: {"r": 0.9, "alpha": 6.0, "a": 0.8, "b": 2.5},
}
MODELS = pytest.mark.parametrize("model", TRUTH, ids=lambda model: model.__name__[-7:])


def shop(model, n: int = 3000):
    """Web buys 65 % more often; a year of age less makes alpha 3 % larger."""
    rng = np.random.default_rng(5)
    channel, age = rng.choice(["shop", "shop", "web"], n), rng.integers(-10, 11, n)
    x, t_x, T = np.zeros(n), np.zeros(n), rng.integers(100, 400, n) / 7.0
    for web in (False, True):
        for years in range(-10, 11):
            rows = np.flatnonzero((channel == "web") == web)
            rows = rows[age[rows] == years]
            truth = dict(TRUTH[model])
            truth["alpha"] *= np.exp(-0.5 * web - 0.03 * years)
            drawn = model.given(**truth).simulate(T[rows], rng)
            x[rows], t_x[rows] = drawn.frequency, drawn.recency
    return Summary(x, t_x, T), {"channel": channel, "age": age}


@MODELS
def test_what_was_put_in_is_found(model) -> None:
    past, known = shop(model)

    fitted = covariates.fit(model, past, known)

    for key, value in {("alpha", "channel = web"): 0.5, ("alpha", "age"): 0.03}.items():
        assert abs(fitted.coefficients[key] - value) < 4 * fitted.standard_errors[key]
        assert abs(fitted.coefficients[key]) > 4 * fitted.standard_errors[key]
    for name, value in TRUTH[model].items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]
    for (letter, column), value in fitted.coefficients.items():
        assert letter == "alpha" or abs(value) < 4 * fitted.standard_errors[letter, column]
    assert fitted.bic < model.fit(past).bic


@MODELS
def test_the_gradient_is_the_slope_of_the_likelihood(model) -> None:
    past, known = shop(model, 300)
    columns = covariate_columns.columns_of(known)
    objective = covariates._objective(model, past, covariate_columns.table_of(columns, known))
    point = np.append(
        np.log(list(TRUTH[model].values())), np.linspace(0.01, 0.03, 2 * (len(TRUTH[model]) - 1))
    )[: 4 + 2 * len(covariates.VARYING[model])]

    _, slope = objective(point)

    for i, shift in enumerate(np.eye(point.size) * 1e-5):
        rise = (objective(point + shift)[0] - objective(point - shift)[0]) / 2e-5
        assert slope[i] == pytest.approx(rise, rel=1e-5, abs=1e-8)


@MODELS
def test_a_customer_is_forecast_by_their_own_parameters(model) -> None:
    past, known = shop(model, 400)
    fitted = covariates.fit(model, past, known)
    one = int(np.flatnonzero(known["channel"] == "web")[0])
    own = dict(fitted.params)
    for name, sign in covariates.VARYING[model].items():
        web, age = (fitted.coefficients[name, part] for part in ("channel = web", "age"))
        own[name] *= np.exp(sign * (web + age * known["age"][one]))
    alone = model.given(**own)
    himself = past.rows(np.array([one]), np.ones(1))

    all_of_them = fitted.of({name: values[:50] for name, values in known.items()})
    past = past.rows(np.arange(50), np.ones(50))

    assert all_of_them.conditional_expected_purchases(past, 20)[one] == pytest.approx(
        alone.conditional_expected_purchases(himself, 20)[0]
    )
    assert all_of_them.dert(past, 0.01)[one] == pytest.approx(alone.dert(himself, 0.01)[0])
    assert all_of_them.conditional_probability_of_purchases(past, [0, 2], 9)[one] == pytest.approx(
        alone.conditional_probability_of_purchases(himself, [0, 2], 9)[0]
    )
    assert all_of_them.expected_purchases(20)[one] == pytest.approx(alone.expected_purchases(20))
    assert all_of_them.probability_of_purchases(1, 20)[one] == pytest.approx(
        float(alone.probability_of_purchases(1, 20))
    )


def test_a_table_of_arrow_is_taken_as_its_columns_are() -> None:
    arrow = pytest.importorskip("pyarrow")
    known = {"age": [30.0, 41.0, 25.0], "channel": ["web", "mall", "web"]}

    columns = covariate_columns.columns_of(arrow.table(known))

    assert columns == covariate_columns.columns_of(known)
    told = covariate_columns.table_of(columns, arrow.table(known))
    assert told.tolist() == covariate_columns.table_of(columns, known).tolist()


def test_an_amount_as_a_decimal_is_a_number() -> None:
    spent = [Decimal("9.90"), Decimal("12.50"), 3, 0.5]

    (column,) = covariate_columns.columns_of({"spent": np.array(spent, dtype=object)})

    assert column == covariate_columns.Column("spent")
    assert column.of({"spent": np.array(spent, dtype=object)}).tolist() == [9.9, 12.5, 3.0, 0.5]


def test_a_column_of_too_many_categories_is_refused() -> None:
    few, many = ([f"c{one}" for one in range(size)] for size in (50, 51))

    assert len(covariate_columns.columns_of({"city": few})) == 49
    with pytest.raises(BadInput, match="city has 51 categories"):
        covariate_columns.columns_of({"city": many})


def test_columns_that_do_not_fit_are_refused_by_name() -> None:
    past, known = shop(bg_nbd, 400)

    with pytest.raises(BadInput, match="takes no covariates"):
        covariates.fit(nbd, past, known)
    with pytest.raises(BadInput, match="400 customers, known are columns of 2"):
        covariates.fit(bg_nbd, past, {"age": [1, 2]})
    with pytest.raises(BadInput, match="different lengths"):
        covariates.fit(bg_nbd, past, {"age": [1, 2], "sex": ["f", "m", "f"]})
    fitted = covariates.fit(bg_nbd, past, known)
    with pytest.raises(BadInput, match="no column 'age'"):
        fitted.of({"channel": ["web"]})
    with pytest.raises(BadInput, match="known are columns of 1"):
        fitted.of({"channel": ["web"], "age": [1]}).probability_alive(past)


@MODELS
def test_zero_and_unit_of_a_column_change_nothing_but_what_is_said_of_them(model) -> None:
    past, known = shop(model, 1500)
    fitted = covariates.fit(model, past, known)
    moved = {"channel": known["channel"], "age": 1980 + 12.0 * known["age"]}

    other = covariates.fit(model, past, moved)

    assert other.log_likelihood == pytest.approx(fitted.log_likelihood, abs=2e-3)
    assert 12 * other.coefficients["alpha", "age"] == pytest.approx(
        fitted.coefficients["alpha", "age"], rel=1e-3
    )
    assert other.of(moved).conditional_expected_purchases(past, 20) == pytest.approx(
        fitted.of(known).conditional_expected_purchases(past, 20), rel=1e-3
    )
    assert dict(other.of({"channel": ["shop"], "age": [0.0]}).values) == {
        name: pytest.approx([value]) for name, value in other.params.items()
    }


def test_halves_coded_as_minus_and_plus_one_are_those_coded_as_0_and_1() -> None:
    past, known = shop(bg_nbd, 1500)
    web = np.where(known["channel"] == "web", 1.0, 0.0)

    one = covariates.fit(bg_nbd, past, {"web": web})
    other = covariates.fit(bg_nbd, past, {"web": 2 * web - 1})

    assert other.log_likelihood == pytest.approx(one.log_likelihood, abs=2e-3)
    assert 2 * other.coefficients["alpha", "web"] == pytest.approx(
        one.coefficients["alpha", "web"], rel=1e-3
    )


def test_a_category_is_known_from_the_fit_or_refused() -> None:
    past, known = shop(bg_nbd, 600)
    fitted = covariates.fit(bg_nbd, past, {"channel": known["channel"]})

    with pytest.raises(BadInput, match=r"not fitted on in 1 of 2 rows.*\(mall\)") as refused:
        fitted.of({"channel": ["web", "mall"]})
    assert "shop, web" in refused.value.hint
    with pytest.raises(BadInput, match="channel is missing in 1 of 2 rows") as refused:
        fitted.of({"channel": np.array(["web", None], dtype=object)})
    assert "unknown" in refused.value.hint
    with pytest.raises(BadInput, match="channel is missing in 1 of 3 rows"):
        covariate_columns.columns_of({"channel": np.array(["a", "b", None], dtype=object)})


def test_what_is_the_same_for_everybody_or_said_twice_is_named() -> None:
    past, known = shop(bg_nbd, 600)

    with pytest.raises(BadInput, match="year: the same for every customer"):
        covariates.fit(bg_nbd, past, {"age": known["age"], "year": np.full(600, 1980)})

    twice = covariates.fit(bg_nbd, past, {"age": known["age"], "again": known["age"]})
    lost = twice.evidence.certificate.undetermined
    assert {"alpha: age", "alpha: again"} <= set(lost)
    assert np.isnan(twice.standard_errors["alpha", "age"])
