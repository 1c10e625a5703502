"""A change of somebody's mix: exact, bounded, and told from chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import binom, fisher_exact

from joren.core.errors import BadInput
from joren.science.inference import false_discovery
from joren.science.mix import bound, divergence, rise

counts = st.integers(0, 12)


@given(counts, counts, counts, counts)
def test_it_is_the_test_of_fisher(x: int, more: int, y: int, rest: int) -> None:
    (p,) = rise([x], [x + more], [y], [y + rest])

    assert p == pytest.approx(fisher_exact([[y, rest], [x, more]], "greater").pvalue)


@given(st.integers(1, 15), st.integers(1, 8), st.floats(0.05, 0.95), st.floats(0.01, 0.3))
def test_without_a_change_p_is_below_a_level_no_more_often_than_that(
    n: int, m: int, share: float, level: float
) -> None:
    """Over all outcomes of both windows, weighed by their chance: nothing is simulated."""
    x, y = np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij")
    p = rise(x.ravel(), np.full(x.size, n), y.ravel(), np.full(y.size, m)).reshape(x.shape)
    chance = binom.pmf(x, n, share) * binom.pmf(y, m, share)

    assert chance[p <= level].sum() <= level + 1e-9


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 5)), min_size=1, max_size=30))
def test_the_bound_is_that_of_the_adjusted_p_of_each_person(rows: list[tuple[float, int]]) -> None:
    p, people = zip(*rows, strict=True)
    each = np.repeat(p, people)

    found = bound(p, people, level=0.1)

    assert (each <= found).sum() == (false_discovery(each) <= 0.1 + 1e-12).sum()


def test_nobody_is_nobody_changed() -> None:
    assert bound([], [], level=0.1) < 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6))
def test_the_divergence_is_the_square_of_the_distance(rows: list[tuple[int, int]]) -> None:
    p, q = (np.array(part, float) for part in zip(*rows, strict=True))
    if not (p.sum() and q.sum()):
        with pytest.raises(BadInput):
            divergence(p, q)
        return

    expected = jensenshannon(p, q, base=2) ** 2
    assert divergence(p, q) == pytest.approx(expected, abs=1e-9)


def test_a_part_above_its_whole_is_refused() -> None:
    with pytest.raises(BadInput, match="larger than its whole"):
        rise([6], [5], [1], [2])
