"""Differences of shares: Newcombe's printed limits, and lifts that agree with them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.inference import Verdict, newcombe, newcombe_lift

arms = st.integers(1, 5000).flatmap(
    lambda n: st.tuples(st.integers(0, n).map(float), st.just(float(n)))
)

# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
PRINTED = {
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (10, 10, 0, 20): (0.6791, 1.0000),
    (10, 10, 0, 10): (0.6075, 1.0000),
}


@pytest.mark.parametrize(("a", "m", "b", "n"), PRINTED)
def test_the_limits_are_as_printed(a: int, m: int, b: int, n: int) -> None:
    found = newcombe((b, n), (a, m), fewest=0)

    assert (found.low, found.high) == pytest.approx(PRINTED[a, m, b, n], abs=5.1e-5)


@given(arms, arms)
def test_p_interval_and_lift_say_the_same(control, treated) -> None:
    found, lift = newcombe(control, treated), newcombe_lift(control, treated)
    assume(found.verdict is not Verdict.TOO_SMALL)
    assume(min(abs(found.low), abs(found.high)) > 1e-9)

    assert -1 <= found.low <= found.estimate <= found.high <= 1
    assert (found.p < 0.05) == (found.verdict is not Verdict.UNCLEAR)
    if control[0] > 0:
        assert lift.verdict is found.verdict
        assert lift.low <= lift.estimate <= lift.high


@given(arms, arms)
def test_those_who_did_not_are_the_mirror_of_those_who_did(control, treated) -> None:
    did = newcombe(control, treated)
    did_not = newcombe((control[1] - control[0], control[1]), (treated[1] - treated[0], treated[1]))

    assert did.too_small == did_not.too_small
    if not did.too_small:
        assert (did.low, did.high) == pytest.approx((-did_not.high, -did_not.low), abs=1e-12)


def test_four_hits_in_all_are_too_few_to_read() -> None:
    assert newcombe((0, 1000), (4, 1000)).verdict is Verdict.TOO_SMALL
    assert newcombe((1000, 1000), (996, 1000)).verdict is Verdict.TOO_SMALL
    assert newcombe((0, 1000), (5, 1000)).verdict is not Verdict.TOO_SMALL


def test_the_interval_of_rare_events_holds_the_truth() -> None:
    rng = np.random.default_rng(4)
    hits = rng.binomial((1000, 9000), 0.01, (400, 2))

    found = [newcombe((a, 1000), (b, 9000)) for a, b in hits.tolist()]

    missed = np.mean([not one.low <= 0 <= one.high for one in found])
    assert 0.02 < missed < 0.08


def test_more_hits_than_customers_are_refused() -> None:
    with pytest.raises(BadInput, match="12 of 10 customers"):
        newcombe((12, 10), (1, 10))
