"""Actions of one kind, read together: from sums alone."""

from __future__ import annotations

import numpy as np
import pytest

from joren.measure.experiments.contracts import Likeness
from joren.measure.experiments.rules import Arm, Compared, pooling
from joren.measure.experiments.rules.pooling import Part
from joren.science.arrays import Floats
from joren.science.inference import Spend, Verdict, welch


def arm(spent: Floats) -> Arm:
    """Everybody's own revenue, half of which is profit."""
    bought = spent[spent > 0]
    return Arm(
        spent.size, bought.size, 0, 0, Spend.of(spent.size, bought),
        Spend.of(spent.size, bought / 2),
    )  # fmt: skip


def action(
    rng: np.random.Generator, sizes: tuple[int, int], *, level: float = 4_000.0, gain: float = 0.0
) -> tuple[Part, Floats, Floats]:
    """One whose customers buy with a chance of a quarter, the treated for ``gain`` more."""
    arms = []
    for size, more in zip(sizes, (gain, 0.0), strict=True):
        bought = rng.random(size) < 0.25
        arms.append(bought * (level + 4 * more + rng.gamma(2.0, 500.0, size)))
    treated, control = arms
    return Part(Compared(arm(treated), arm(control)), 10.0), treated, control


def test_arms_of_one_share_add_up_to_the_whole() -> None:
    rng = np.random.default_rng(1)
    every = [action(rng, (900, 100), level=level) for level in (2_000.0, 4_000.0, 9_000.0)]

    both = pooling.added([part for part, *_ in every])

    treated = np.concatenate([one for _, one, _ in every])
    control = np.concatenate([one for *_, one in every])
    whole = welch(
        Spend.of(control.size, control[control > 0]).sums,
        Spend.of(treated.size, treated[treated > 0]).sums,
    )
    found = welch(both.control.revenue.sums, both.treated.revenue.sums)
    assert found.estimate == pytest.approx(whole.estimate)
    assert (found.low, found.high) == pytest.approx((whole.low, whole.high))


def test_a_larger_share_left_out_in_a_better_month_is_no_effect() -> None:
    rng = np.random.default_rng(2)
    dear = action(rng, (4_000, 4_000), level=20_000.0)[0]
    cheap = action(rng, (7_200, 800), level=1_000.0)[0]

    both = pooling.added([dear, cheap])

    apart = [
        (one.both.treated.revenue.total / one.both.treated.customers)
        - one.both.control.revenue.total / one.both.control.customers
        for one in (dear, cheap)
    ]
    found = welch(both.control.revenue.sums, both.treated.revenue.sums)
    crude = sum(one.both.treated.revenue.total for one in (dear, cheap)) / 11_200 - (
        sum(one.both.control.revenue.total for one in (dear, cheap)) / 4_800
    )
    assert found.estimate == pytest.approx((4_000 * apart[0] + 7_200 * apart[1]) / 11_200)
    assert found.low < 0 < found.high
    assert abs(crude) > 10 * abs(found.estimate)


def test_repeats_prove_together_what_none_of_them_shows() -> None:
    rng = np.random.default_rng(3)
    parts = [action(rng, (900, 300), gain=120.0)[0] for _ in range(12)]

    metric, together = pooling.read_together(parts)
    singles = [pooling.alone(part, metric) for part in parts]

    assert metric == "profit"
    assert together.verdict is Verdict.HIGHER
    # Half of 120 is profit; ten of them were spent.
    assert together.low < 50 < together.high
    assert sum(one is not None and one.verdict is Verdict.HIGHER for one in singles) < 6


def test_the_cost_of_one_that_nobody_said_is_not_nothing() -> None:
    rng = np.random.default_rng(4)
    known, other = (action(rng, (900, 300))[0] for _ in range(2))

    metric, _ = pooling.read_together([known, Part(other.both, None)])

    assert metric == "margin"
    assert pooling.cost_each([known, Part(other.both, 40.0)]) == pytest.approx(25)


def test_few_buyers_of_all_together_are_too_few_to_read() -> None:
    rng = np.random.default_rng(5)
    parts = [action(rng, (90, 10), gain=2_000.0)[0] for _ in range(8)]

    _, together = pooling.read_together(parts)

    assert together.too_small


def test_whoever_repeats_until_it_pleases_seldom_proves_what_is_not_there() -> None:
    wrong = 0
    for shop in range(200):
        rng = np.random.default_rng((6, shop))
        parts: list[Part] = []
        for _ in range(10):
            part = action(rng, (450, 150))[0]
            parts.append(Part(part.both, 0.0))
            if pooling.read_together(parts)[1].verdict in (Verdict.HIGHER, Verdict.LOWER):
                wrong += 1
                break

    assert wrong <= 10  # 5 % of 200; at one look's level it would be some 40


def test_the_luckiest_one_is_drawn_to_its_kind() -> None:
    rng = np.random.default_rng(7)
    parts = [action(rng, (400, 100))[0] for _ in range(8)]

    drawn = pooling.drawn(parts, "revenue")

    assert drawn is not None
    alone = [pooling.alone(part, "revenue") for part in parts]
    most = max(one.estimate for one in alone if one)
    assert max(drawn.shrunk) < 0.6 * most
    assert all(
        low < 0 < high for low, high in zip(drawn.shrunk_low, drawn.shrunk_high, strict=True)
    )
    assert drawn.prediction[0] < drawn.mean < drawn.prediction[1]
    assert pooling.drawn(parts[:3], "revenue") is None


def test_where_nobody_bought_nothing_is_drawn() -> None:
    nobody = arm(np.zeros(50))

    assert pooling.drawn([Part(Compared(nobody, nobody), 0.0)] * 4, "revenue") is None


def test_what_is_the_same_twice_is_told_once() -> None:
    welcome = Likeness("journey", 1, "ようこそ")
    spring, brand = Likeness("message", 5, "春"), Likeness("content", 0, "brand")

    found = pooling.alike(
        {1: [welcome], 2: [brand, spring], 3: [welcome], 4: [spring, brand], 5: [brand], 6: []}
    )

    assert found == {welcome: [1, 3], spring: [2, 4], brand: [2, 4, 5]}
    assert pooling.alike({1: [brand, spring], 2: [spring, brand]}) == {spring: [1, 2]}


def test_more_like_these_are_told_where_a_tenth_more_could_not_be_seen_yet() -> None:
    rng = np.random.default_rng(8)
    few = [action(rng, (900, 300))[0] for _ in range(2)]
    many = [action(rng, (90_000, 30_000))[0] for _ in range(2)]

    assert 2 < (pooling.more_needed(few) or 0) <= pooling.MOST_MORE
    assert pooling.more_needed(many) is None
