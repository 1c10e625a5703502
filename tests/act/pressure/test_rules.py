"""How messages weigh, what caps allow, and when a share is beyond its limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.messages.contracts import KINDS, Cap
from joren.act.pressure import rules
from joren.act.pressure.contracts import USUAL_WEIGHTS, WINDOWS, BadLimits, Limits

OFFER, ORDER, BRAND = (KINDS.index(kind) for kind in ("incentive", "transactional", "brand"))


def test_a_cap_of_a_week_allows_in_proportion_and_the_tightest_counts() -> None:
    caps = [Cap(3, 7), Cap(6, 30), Cap(1, 7, channel="line"), Cap(1, 1, kind="brand")]

    assert [rules.allowed(caps, days) for days in WINDOWS] == [3, 6, 18]
    assert rules.allowed(caps[2:], 30) is None


def test_messages_weigh_by_content_and_age_and_orders_by_nothing() -> None:
    who = np.array([5, 5, 5, 5, 8, 9])
    kind = np.array([OFFER, BRAND, ORDER, OFFER, BRAND, ORDER])
    ago = np.array([1.0, 10.0, 1.0, 89.0, 91.0, 1.0])

    found, sums, counts = rules.weighed(who, kind, ago, USUAL_WEIGHTS)

    assert found.tolist() == [5, 8]
    assert sums.tolist() == [[1.0, 1.5, 2.5], [0.0, 0.0, 0.0]]
    assert counts.tolist() == [[1, 2, 3], [0, 0, 0]]


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(0, 40))
def test_everybody_lies_in_one_band(shares: list[float], others: int) -> None:
    found = rules.bands(np.array(shares), len(shares) + others)

    assert sum(band.customers for band in found) == len(shares) + others


def test_only_a_whole_interval_above_the_limit_is_beyond() -> None:
    limit = 0.005

    found = {bad: rules.judge("unsubscribes", bad, 1_000, limit, least=200).verdict
             for bad in (0, 5, 8, 20)}  # fmt: skip

    assert found == {0: "within", 5: "unsure", 8: "unsure", 20: "beyond"}
    assert rules.judge("complaints", 50, 199, limit, least=200).verdict == "few"
    assert rules.judge("complaints", 0, 0, limit, least=200).share is None


def test_what_those_left_out_do_as_well_is_no_fault_of_the_action() -> None:
    alike = rules.judge_raise((300, 10_000), (30, 1_000), 0.005, least=200)
    worse = rules.judge_raise((300, 10_000), (5, 1_000), 0.005, least=200)

    assert (alike.verdict, worse.verdict) == ("unsure", "beyond")
    assert rules.judge_raise((2, 10_000), (0, 1_000), 0.005, least=200).verdict == "few"


@pytest.mark.parametrize(
    "limits", [Limits(unsubscribes=0), Limits(complaints=0.6), Limits(least=10)]
)
def test_limits_that_tell_nothing_are_refused(limits: Limits) -> None:
    with pytest.raises(BadLimits):
        rules.check_limits(limits)


def test_weights_are_of_promotions_alone() -> None:
    for weights in ({"transactional": 1.0}, {"brand": -1.0}, dict.fromkeys(USUAL_WEIGHTS, 0.0)):
        with pytest.raises(BadLimits):
            rules.check_weights(weights)
