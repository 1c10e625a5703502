"""All actions as one list: what stands out of so many, and which concerns most money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from joren.measure.experiments.contracts import FALSE_ONES, Pool, Result
from joren.science.inference import discovered

Told = TypeVar("Told", Result, Pool)


def ranked(found: Sequence[Result], beside: Sequence[float] = ()) -> list[Result]:
    """With q over all rows that were read, those with most money at stake first."""
    return sorted(among_all(found, beside), key=_stake, reverse=True)


def among_all(found: Sequence[Told], beside: Sequence[float] = ()) -> list[Told]:
    """With q over all that were read, here and ``beside`` in other lists: what is proven by itself
    but not as one of so many is not proven."""
    every = discovered([one.p for one in found], beside)
    return [_among(one, q) for one, q in zip(found, every, strict=True)]


def _among(one: Told, q: float | None) -> Told:
    late = q is not None and q > FALSE_ONES and one.evidence in ("proven_more", "proven_less")
    return replace(one, q=q, evidence="not_proven" if late else one.evidence)


def _stake(one: Result) -> float:
    """The money that may have been won or lost: as far as the interval reaches."""
    figure = one.realised
    known = [abs(each) for each in (figure.value, figure.low, figure.high) if each is not None]
    return max(known, default=0.0)
