"""The difference adjusted by what was known before: what it is, what it saved, and where shown."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client

from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import rules, selectors
from joren.measure.experiments.rules.adjusting import COVARIATES, sharper, stratified
from joren.measure.experiments.selectors import counting
from joren.science.inference import Moments, Spend, Sums, spend_effect, welch
from tests.measure.experiments.cast import half_is_profit, reached


def drawn_arms(n: tuple[int, int], rng: np.random.Generator, lift: float = 0.0) -> list[dict]:
    """Skewed spend that depends on what was bought before."""
    found = []
    for size, more in zip(n, (1.0, 1.0 + lift), strict=True):
        often = rng.gamma(0.5, 2.0, size)
        orders = rng.poisson(often)
        spent = rng.poisson(often * more * 0.5) * rng.lognormal(8, 0.6, size)
        found.append(
            {
                "revenue": spent, "before_revenue": orders * rng.lognormal(8, 0.5, size),
                "before_orders": orders.astype(float), "before_lately": rng.binomial(orders, 0.25),
            }
        )  # fmt: skip
    return found


def at_of(arms: list[dict]) -> rules.At:
    spends = [Spend.of(one["revenue"].size, one["revenue"][one["revenue"] > 0]) for one in arms]
    return lambda level: spend_effect(*spends, level=level)


def test_it_holds_the_truth_as_often_and_is_narrower() -> None:
    rng = np.random.default_rng(5)
    above = below = 0
    widths = []
    for _ in range(400):
        arms = drawn_arms((500, 2_000), rng)
        at = at_of(arms)
        found = sharper(*(Moments.of(one) for one in arms), ("revenue",))
        assert found
        effect, plain = found.at(at, "revenue")(0.95), at(0.95)
        above += effect.low > 0
        below += effect.high < 0
        widths.append((effect.high - effect.low) / (plain.high - plain.low))
        assert widths[-1] == pytest.approx((1 - found.saved("revenue")) ** 0.5)

    assert above <= 22
    assert below <= 22
    assert np.mean(widths) < 0.95


def test_p_and_limits_never_disagree() -> None:
    rng = np.random.default_rng(6)
    for _ in range(20):
        arms = drawn_arms((400, 800), rng, lift=0.3)
        found = sharper(*(Moments.of(one) for one in arms), ("revenue",))
        assert found
        effect = found.at(at_of(arms), "revenue")(0.95)
        assert (effect.p < 0.05) is (effect.low > 0 or effect.high < 0)


def test_few_customers_or_nothing_that_differs_are_left_alone() -> None:
    few = [Moments.of(one) for one in drawn_arms((299, 900), np.random.default_rng(1))]
    flat = [
        Moments.of({name: np.zeros(500) for name in ("revenue", *COVARIATES)}) for _ in range(2)
    ]

    assert sharper(*few, ("revenue",)) is None
    assert sharper(*flat, ("revenue",)) is None


@pytest.mark.django_db
def test_the_page_and_programs_have_both_with_what_was_saved(
    drawn: Holdout, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules.adjusting, "FEWEST", 1)
    monkeypatch.setattr(counting, "with_margin", half_is_profit)
    reached(drawn, 200)

    found = selectors.adjusted(drawn.id)
    page = alice_the_admin.get(f"/holdouts/{drawn.id}/").content.decode()
    told = alice_the_admin.get(f"/api/holdouts/{drawn.id}/adjusted").json()["items"]

    by_name = {one.metric: one for one in found}
    result = selectors.result(drawn.id)
    assert list(by_name)[:2] == ["bought", "revenue"]
    assert by_name["revenue"].plain == result.per_customer
    assert by_name["bought"].plain == result.conversion
    assert by_name["revenue"].saved < 1
    assert "事前にわかっていたことによる調整" in page
    assert [one["metric"] for one in told] == list(by_name)


def test_like_is_held_against_like_in_the_deciles_of_the_lot() -> None:
    rng = np.random.default_rng(11)
    means, held = (1_000.0, 5_000.0, 20_000.0), []
    for treated_more in (0.0, 500.0):
        rows = [rng.normal(mean + treated_more, 300, 200) for mean in means]
        held.append([Sums.of(one) for one in rows])
    strata = list(zip(held[0], held[1], strict=True))
    control, treated = (sum(arm[1:], arm[0]) for arm in held)

    found = stratified(strata)

    assert found is not None
    assert found.saved > 0.9
    told = found.at(lambda level: welch(control, treated, level=level))(0.95)
    assert told.low < 500 < told.high
    assert told.high - told.low < 150
    lonely = (Sums(1, 1, 1), Sums(0, 0, 0))
    again = stratified([lonely, *strata, lonely])
    assert again is not None
    assert again.saved == pytest.approx(found.saved, abs=0.05)
    assert stratified([strata[0], lonely]) is None
