"""All actions as one list: what stands out of so many, and which concerns most money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import TypeVar

import numpy as np

from joren.measure.experiments.contracts import FALSE_ONES, Pool, Result
from joren.science.inference import false_discovery

Told = TypeVar("Told", Result, Pool)


def ranked(found: Sequence[Result]) -> list[Result]:
    """With q over all rows that were read, those with most money at stake first."""
    return sorted(among_all(found), key=_stake, reverse=True)


def among_all(found: Sequence[Told]) -> list[Told]:
    """With q over all that were read: what is proven by itself but not as one of so many is not
    proven."""
    read = [place for place, one in enumerate(found) if one.p is not None and not isnan(one.p)]
    told = list(found)
    if read:
        p = np.array([found[place].p for place in read], dtype=np.float64)
        for place, q in zip(read, false_discovery(p).tolist(), strict=True):
            one = found[place]
            late = q > FALSE_ONES and one.evidence in ("proven_more", "proven_less")
            told[place] = replace(one, q=q, evidence="not_proven" if late else one.evidence)
    return told


def _stake(one: Result) -> float:
    """The money that may have been won or lost: as far as the interval reaches."""
    figure = one.realised
    known = [abs(each) for each in (figure.value, figure.low, figure.high) if each is not None]
    return max(known, default=0.0)
