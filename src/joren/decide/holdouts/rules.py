"""The lot: permuted blocks within strata, the same for everybody who knows the salt.

Of every ``block`` customers of a stratum exactly ``held`` are left out, in an order that depends on
salt, stratum and block alone. So arms are alike in the strata by design and not by luck, customers
who come later continue where the block stands, and an auditor gets the same arms from salt, stratum
and place (Rosenberger & Lachin 2016, Randomization in Clinical Trials, ch. 5: permuted blocks).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from joren.decide.holdouts.contracts import Design, ShareNotDrawable

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
LARGEST_BLOCK: Final = 100
FEWEST: Final = 20
"""Customers in an audience below which a lot tells nothing."""

COHORTS: Final = 4
REST_DAYS: Final = 365
_QUARTER: Final = timedelta(days=91)
"""Between the ends of two cohorts that are left out of everything."""


def design_of(share: float, *, largest: int = LARGEST_BLOCK) -> Design:
    """The smallest block in which the share is whole; at most half may be left out."""
    if not 0 < share <= 0.5:
        raise ShareNotDrawable(
            f"{share:g} of the customers cannot be left out", hint="more than 0, at most 0.5"
        )
    near = Fraction(share).limit_denominator(largest)
    if abs(float(near) - share) > 1e-9 or not near:
        raise ShareNotDrawable(
            f"{share:g} is not drawn in blocks of {largest} at most",
            hint="whole percents, such as 0.1 or 0.05",
        )
    return Design(near.denominator, near.numerator)


def cohort_of(share: float) -> Design:
    """How one of the cohorts is drawn that together are that share of all customers."""
    if share > 0.2:
        raise ShareNotDrawable(
            f"{share:g} of all customers are not left out of everything",
            hint="0.05 is usual, 0.2 the most",
        )
    return design_of(share / COHORTS, largest=COHORTS * LARGEST_BLOCK)


def cohorts_due(today: date, running: Sequence[date]) -> list[date]:
    """The last days of the cohorts that are missing: a year, and each other a quarter earlier."""
    missing = max(0, COHORTS - len(running))
    return [today + _QUARTER * (COHORTS - place) - timedelta(days=1) for place in range(missing)]


def cohort_name(until: date) -> str:
    """A cohort is called by its last day."""
    return f"全体 / Global → {until}"


def places_in(strata: Ints, order: Ints) -> Ints:
    """The place of each customer in their stratum, from 0 on, when taken in that order."""
    places = np.empty(strata.size, dtype=np.int64)
    by = np.lexsort((order, strata))
    starts: Ints = np.flatnonzero(np.diff(strata[by], prepend=-1) != 0)
    counts = np.diff(np.r_[starts, strata.size])
    places[by] = np.arange(strata.size) - np.repeat(starts, counts)
    return places


def held_out(strata: Ints, places: Ints, design: Design, salt: str) -> Bools:
    """Who is left out: in each block, those whose number is among the ``held`` lowest.

    A place's number is a hash of salt, stratum, block and place; the whole block is looked at, also
    where customers do not fill it yet.
    """
    blocks = np.stack((strata, places // design.block), axis=1)
    different, which = np.unique(blocks, axis=0, return_inverse=True)
    every = np.tile(np.arange(design.block), len(different))
    of_block = [np.repeat(column, design.block) for column in different.T]
    numbers = _numbers(_seed(salt), *of_block, every).reshape(len(different), design.block)
    left_out = np.zeros(numbers.shape, dtype=np.bool_)
    if len(different):
        lowest = np.argpartition(numbers, design.held - 1, axis=1)[:, : design.held]
        np.put_along_axis(left_out, lowest, True, axis=1)
    found: Bools = left_out[which.ravel(), places % design.block]
    return found


def order_of(customers: Ints, salt: str) -> Ints:
    """An order of the customers that nothing about them decides."""
    nothing = np.zeros_like(customers)
    return _numbers(_seed(f"{salt}/order"), customers, nothing, nothing).view(np.int64)


def _seed(salt: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8).digest()))


def _numbers(seed: np.uint64, *parts: Ints) -> NDArray[np.uint64]:
    """64 bits for each row that look like chance (SplitMix64: Steele, Lea & Flood 2014)."""
    state = np.full(parts[0].size, seed, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            state = state + part.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = state ^ (state >> np.uint64(31))
    return state
