"""What is no number, or one for nobody, is refused in words wherever it comes in."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import (
    Summary,
    bg_bb,
    bg_nbd,
    gamma_gamma,
    mbg_cnbd_k,
    mbg_nbd,
    nbd,
    pareto_nbd,
    shifted_beta_geometric,
)
from joren.science.clv.posterior import posterior

MODEL = bg_nbd.given(r=0.243, alpha=4.414, a=0.793, b=2.426)
SOME = Summary([1, 0], [2, 0], [3, 4])
REGULAR = {"r": 1.0, "alpha": 1.0, "a": 1.0, "b": 1.0}
DAYS = np.array([5], "m8[D]")


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (np.ma.array([5], mask=[True]), "masked"),
        ([5 + 1j], "complex numbers"),
        (["5"], "texts"),
        ([b"5"], "texts"),
        (np.array(["5"], dtype=object), "texts"),
        (DAYS, "lengths of time"),
        (DAYS.astype("m8[h]"), "lengths of time"),
        (np.datetime64("2026-01-01") + DAYS, "moments"),
        ([10**400], "not a column of numbers"),
    ],
)
def test_what_only_looks_like_numbers_is_refused(column: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        Summary([1], [1], column)


def test_columns_that_their_owner_changes_do_not_change_a_summary() -> None:
    owned = np.array([1.0, 2.0])
    seen = owned.view()
    seen.flags.writeable = False

    summaries = [Summary(column, [1, 1], [2, 2]) for column in (owned, owned[:], seen)]
    owned[0] = 7

    assert [summary.frequency.tolist() for summary in summaries] == [[1, 2]] * 3
    assert owned.flags.writeable


def test_columns_of_a_summary_are_handed_on_without_a_copy() -> None:
    again = Summary(SOME.frequency, SOME.recency, SOME.T)

    assert np.shares_memory(again.T, SOME.T)


QUESTIONS: dict[str, tuple[Callable[[], Any], str]] = {
    "times for others": (
        lambda: MODEL.conditional_expected_purchases(SOME, [1, 2, 3]),
        "t has 3 numbers, there are 2 customers",
    ),
    "a table of times": (
        lambda: MODEL.conditional_expected_purchases(SOME, [[1], [2]]),
        "t has 2 x 1 numbers",
    ),
    "times by then": (lambda: MODEL.probability_of_order_by(SOME, [1, 2, 3]), "3 numbers"),
    "a text as time": (lambda: MODEL.expected_purchases("x"), "t is not a column of numbers"),
    "two times at once": (lambda: MODEL.probability_of_purchases([0], [1, 2]), "a single number"),
    "a table of counts": (
        lambda: MODEL.conditional_probability_of_purchases(SOME, [[0]], 1),
        "n has 2 dimensions",
    ),
    "a text as rate": (lambda: MODEL.dert(SOME, "a"), "rate is not a column of numbers"),
    "a text as horizon": (lambda: MODEL.det(SOME, "a", 0.1), "horizon is not"),
    "a text as level": (lambda: MODEL.next_order(SOME, level="a"), "level is not"),
    "spend of others": (lambda: MODEL.clv(SOME, 9, 0.1, [1, 2, 3]), "spend has 3 numbers"),
    "a table of spend": (lambda: MODEL.clv(SOME, 9, 0.1, [[1], [2]]), "spend has 2 x 1 numbers"),
    "no spend": (lambda: MODEL.clv(SOME, 9, 0.1, float("nan")), "spend has to be finite"),
    "texts as spend": (lambda: gamma_gamma.fit([1, 2], ["a", "b"]), "monetary_value is not"),
    "half a k": (lambda: mbg_cnbd_k.given(k=1.5, **REGULAR), "k = 1.5, a whole number"),
    "no k": (lambda: mbg_cnbd_k.given(k="x", **REGULAR), "k is not a column of numbers"),
    "half a k to fit": (lambda: mbg_cnbd_k.fit(SOME, k=2.5), "k = 2.5, a whole number"),
    "k of 0": (lambda: mbg_cnbd_k.fit(SOME, k=0), "k = 0, a whole number from 1"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_that_has_no_answer_is_refused(question: str) -> None:
    ask, said = QUESTIONS[question]

    with pytest.raises(BadInput, match=said):
        ask()


@pytest.mark.parametrize(
    "model",
    [bg_bb, bg_nbd, gamma_gamma, mbg_nbd, nbd, pareto_nbd, shifted_beta_geometric],
    ids=lambda model: model.__name__.rsplit(".")[-1],
)
@pytest.mark.parametrize("wrong", ["x", [1.0], None, 0, float("inf")])
def test_a_parameter_is_one_number_above_0(model: ModuleType, wrong: Any) -> None:
    first, *others = model.NAMES

    with pytest.raises(BadInput, match=f"^{first} "):
        model.given(**{first: wrong}, **dict.fromkeys(others, 1.0))


@pytest.mark.parametrize("model", [bg_bb, bg_nbd, mbg_nbd, nbd, pareto_nbd])
@pytest.mark.parametrize("wrong", [["x"], [-1], [float("nan")], 5])
def test_customers_of_no_age_are_not_drawn(model: ModuleType, wrong: Any) -> None:
    known = model.given(**dict.fromkeys(model.NAMES, 1.0))

    with pytest.raises(BadInput, match=r"^T "):
        known.simulate(wrong, np.random.default_rng(1))


@pytest.mark.parametrize("model", [bg_bb, bg_nbd, mbg_nbd, nbd, pareto_nbd])
def test_of_nobody_there_is_no_posterior(model: ModuleType) -> None:
    with pytest.raises(BadInput, match="nobody to learn from"):
        posterior(model, Summary([], [], []), np.random.default_rng(1))


@pytest.mark.parametrize("model", [bg_nbd, mbg_nbd, nbd, pareto_nbd])
def test_without_time_there_is_no_posterior(model: ModuleType) -> None:
    with pytest.raises(BadInput, match="no time has passed"):
        posterior(model, Summary([0], [0], [0]), np.random.default_rng(1))
