"""Columns of the libraries that people keep their tables in, at each door that takes columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from joren.science.clv import Summary, bg_nbd, covariates, gamma_gamma, spend_covariates, summarised


def _pandas(table: dict[str, Any]) -> Any:
    return pytest.importorskip("pandas").DataFrame(table)


def _polars(table: dict[str, Any]) -> Any:
    return pytest.importorskip("polars").DataFrame(table)


def _arrow(table: dict[str, Any]) -> Any:
    return pytest.importorskip("pyarrow").table(table)


@pytest.fixture(params=[_pandas, _polars, _arrow], ids=lambda library: library.__name__[1:])
def library(request: pytest.FixtureRequest) -> Callable[[dict[str, Any]], Any]:
    return request.param


@pytest.fixture
def past() -> Summary:
    known = bg_nbd.given(r=0.6, alpha=5.0, a=0.8, b=2.5)
    return known.simulate(np.full(600, 40.0), np.random.default_rng(2))


def test_a_summary_is_that_of_the_columns(library, past: Summary) -> None:
    table = library(
        {"x": past.frequency.astype(np.int64), "t_x": past.recency, "T": past.T.astype(np.int32)}
    )

    found = Summary(table["x"], table["t_x"], table["T"])

    for name in ("frequency", "recency", "T"):
        assert getattr(found, name).tolist() == getattr(past, name).tolist()


@pytest.mark.parametrize("ids", [[7, 7, 9], ["mari", "mari", "rei"]])
def test_transactions_are_counted_from_the_columns(library, ids: list[Any]) -> None:
    days = np.array(["2026-01-01", "2026-02-01", "2026-01-05"], "M8[ms]")
    table = library({"customer": ids, "day": days, "revenue": [900, 1_200, 500]})

    found = summarised(table["customer"], table["day"], table["revenue"], until="2026-03-01")

    assert found.customers.tolist() == [ids[0], ids[2]]
    assert found.summary.frequency.tolist() == [1, 0]
    assert found.summary.T.tolist() == [59, 55]
    assert found.spend.tolist() == [1_200, 0]


def test_spend_is_fitted_on_the_columns(library, past: Summary) -> None:
    spend = 1_000 * np.random.default_rng(3).gamma(6, size=len(past)) / 6
    table = library({"x": past.frequency, "spend": np.where(past.frequency > 0, spend, np.nan)})

    found = gamma_gamma.fit(table["x"], table["spend"])

    assert found.params == gamma_gamma.fit(past.frequency, spend).params
    assert found.conditional_expected_spend(table["x"], table["spend"]).size == len(past)


def test_what_else_is_known_is_taken_from_the_table(library, past: Summary) -> None:
    rng = np.random.default_rng(4)
    known = {
        "household": rng.integers(1, 6, len(past)),
        "store": rng.choice(["本店", "楽天"], len(past)),
    }

    found, wanted = (covariates.fit(bg_nbd, past, table) for table in (library(known), known))

    assert found.coefficients == wanted.coefficients


def test_what_else_is_known_of_spend_is_taken_from_the_table(library) -> None:
    rng = np.random.default_rng(5)
    x, spend = rng.integers(1, 5, 400), 1_000 * rng.gamma(6, size=400) / 6
    known = {"member": rng.integers(0, 2, 400), "store": rng.choice(["本店", "楽天"], 400)}

    found, wanted = (spend_covariates.fit(x, spend, table) for table in (library(known), known))

    assert found.coefficients == wanted.coefficients
