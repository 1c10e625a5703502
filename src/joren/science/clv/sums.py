"""Sums over many whole numbers of something that changes smoothly.

A block of integers is summed as an integral is: by the Gauss rule for the discrete uniform measure
(its polynomials are Gram's), exact for polynomials of twice the order. A sum over a million terms
takes a few hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from joren.science.arrays import Floats

ORDER = 20
FEW = 24  # integers that are summed one by one
ENOUGH = 1e-15  # of the sum, that a block must add for the next one to matter
BEYOND = 1e13


@lru_cache(maxsize=512)
def rule(size: int) -> tuple[Floats, Floats]:
    """Nodes between 0 and size - 1 and weights, for the sum over 0, 1 ... size - 1."""
    if size <= FEW:
        return np.arange(float(size)), np.ones(size)
    i = np.arange(1.0, ORDER)
    beside = np.sqrt((size**2 - i**2) / (4 - 1 / i**2)) / 2
    nodes, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return nodes + (size - 1) / 2, size * vectors[0] ** 2


def sum_from(begin: int, term: Callable[[float], Floats], *, ratio: float) -> Floats:
    """The sum of term(begin) + term(begin + 1) + ..., positive and in the end falling.

    Blocks grow in proportion: `ratio` is how much longer than its begin a block may end.
    """
    total = term(float(begin))
    begin += 1
    while begin < BEYOND:
        size = max(FEW, int(begin * ratio))
        nodes, weights = rule(size)
        block = np.zeros_like(total)
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True):
            block += weight * term(begin + node)
        total = total + block
        if (block <= ENOUGH * total).all():
            break
        begin += size
    return total
