"""Before anybody came each method says that it is too small, and none of them falls over."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

import numpy as np
import pytest

from joren.science.inference import (
    Effect,
    Moments,
    Spend,
    Sums,
    Verdict,
    adjusted_per_arm,
    average,
    clustered,
    cuped,
    fieller,
    log_ratio,
    newcombe,
    newcombe_lift,
    ratio_difference,
    spend_effect,
    spend_lift,
    two_part,
    welch,
)
from joren.science.inference.incremental import of_moments

NAMES = ("now", "past")
SIZES = ((0, 0), (0, 500), (1, 500), (1, 1), (500, 0))


def rows(n: int) -> Moments:
    values = np.random.default_rng(n).gamma(2, 1, (2, n))
    return Moments.of(dict(zip(NAMES, values, strict=True)))


def spend(n: int) -> Spend:
    return Spend.of(n, np.arange(1.0, n // 10 + 1))


METHODS: dict[str, Callable[[int, int], Effect]] = {
    "welch": lambda a, b: welch(rows(a).sums("now"), rows(b).sums("now")),
    "fieller": lambda a, b: fieller(*(average(rows(n).sums("now")) for n in (a, b))),
    "log_ratio": lambda a, b: log_ratio(*(average(rows(n).sums("now")) for n in (a, b))),
    "ratio": lambda a, b: ratio_difference(rows(a), rows(b), "now", "past"),
    "clustered": lambda a, b: clustered(rows(a), rows(b), "now", "past"),
    "cuped": lambda a, b: cuped(rows(a), rows(b), "now", ["past"]).effect,
    "per arm": lambda a, b: adjusted_per_arm(rows(a), rows(b), "now", ["past"]).effect,
    "newcombe": lambda a, b: newcombe((0, a), (0, b)),
    "newcombe lift": lambda a, b: newcombe_lift((0, a), (0, b)),
    "spend": lambda a, b: spend_effect(spend(a), spend(b)),
    "spend lift": lambda a, b: spend_lift(spend(a), spend(b)),
    "two parts": lambda a, b: two_part(spend(a), spend(b)),
}


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_said_of_nobody(method: str, sizes: tuple[int, int]) -> None:
    found = METHODS[method](*sizes)

    assert found.verdict is Verdict.TOO_SMALL
    assert isnan(found.low)
    assert isnan(found.high)
    assert isnan(found.p)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_nothing_is_projected_of_nobody(sizes: tuple[int, int]) -> None:
    arms = (rows(n) for n in sizes)

    assert of_moments(*arms, *NAMES, model_error=0.1).verdict is Verdict.TOO_SMALL


def test_sums_of_nobody_add_nothing() -> None:
    whole = rows(50)

    assert (whole + rows(0)).totals.tolist() == whole.totals.tolist()
    assert float((Sums.of([]) + Sums.of([2.0, 4.0])).mean) == 3
