"""Columns less what covariates say of them: CUPED by another way, for several columns at once."""

from __future__ import annotations

import numpy as np
import pytest

from joren.science.inference import Moments, cuped, welch, without


def arms(seed: int = 3) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    found = []
    for n, effect in ((400, 0.0), (900, 1.5)):
        known = rng.gamma(2.0, 3.0, n)
        other = rng.normal(size=n)
        found.append(
            {
                "known": known, "other": other, "flat": np.ones(n),
                "spend": 2 * known - other + effect + rng.normal(size=n),
                "later": known + rng.normal(size=n),
            }
        )  # fmt: skip
    return found[0], found[1]


def test_it_is_cuped_of_each_column() -> None:
    control, treated = (Moments.of(one) for one in arms())
    names = ("known", "other", "flat")

    left = without(control, treated, ("spend", "later"), names)

    for column in ("spend", "later"):
        by_cuped = cuped(control, treated, column, names).effect
        found = welch(*(arm.sums(column) for arm in left))
        assert found.estimate == pytest.approx(by_cuped.estimate)
        assert (found.low, found.high) == pytest.approx((by_cuped.low, by_cuped.high))


def test_products_are_those_of_the_rows() -> None:
    rows = arms()
    both = {name: np.concatenate([one[name] for one in rows]) for name in rows[0]}
    x = np.column_stack(
        [both["known"] - both["known"].mean(), both["other"] - both["other"].mean()]
    )
    left = [both[name] - x @ np.linalg.lstsq(x, both[name] - both[name].mean(), rcond=None)[0]
            for name in ("spend", "later")]  # fmt: skip

    control, treated = without(*(Moments.of(one) for one in rows), ("spend", "later"),
                               ("known", "other"))  # fmt: skip

    assert (control + treated).products[0, 1] == pytest.approx(left[0] @ left[1])
    assert (control + treated).totals == pytest.approx([one.sum() for one in left])
