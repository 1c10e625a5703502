"""Do the arms have the sizes that were planned? If not, no effect may be read: SRM.

Fabijan et al. (2019), Diagnosing Sample Ratio Mismatch in Online Controlled Experiments, KDD.
Pearson's chi-square of the arms' counts against the planned shares, then where it began; and
Fisher's exact test of what each arm has lost since it was drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import chdtrc

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column

BLOCKS_BELOW = 0.001
"""p below which the arms are taken as broken: one false alarm in a thousand sound experiments."""


class Cause(StrEnum):
    """What most likely went wrong, for the face to explain."""

    IN_TWO_ARMS = "in_two_arms"  # customers that are in more than one arm: merged, or assigned anew
    ASSIGNED_UNEVENLY = "assigned_unevenly"  # it was so from the first stage on
    LOST_ON_THE_WAY = "lost_on_the_way"  # sound at first, uneven from the named stage on
    IN_SOME_GROUPS = "in_some_groups"  # the named days, stores or channels alone
    EVERYWHERE = "everywhere"  # each group leans the same way: shares other than planned


@dataclass(frozen=True)
class Likely:
    """One likely cause, and the stage or the groups where it shows."""

    cause: Cause
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class SampleRatio:
    """χ² of the counts; `blocks` says that no effect of this experiment may be shown as one."""

    chi_square: float
    p: float
    n: float
    expected: tuple[float, ...]
    blocks: bool
    likely: tuple[Likely, ...] = ()


def sample_ratio(
    counts: Sequence[float],
    shares: Sequence[float] | None = None,
    *,
    stages: Mapping[str, Sequence[float]] | None = None,
    groups: Mapping[str, Sequence[float]] | None = None,
    in_two_arms: int = 0,
    blocks_below: float = BLOCKS_BELOW,
) -> SampleRatio:
    """Counts per arm against planned shares (any scale; None: equal).

    Where it blocks, likely causes are named from what is given: counts per arm at each earlier
    stage in order (assigned, sent, measured), counts per arm by day, store or channel.
    """
    planned = _planned(len(counts), shares)
    chi, p, expected = _chi_square(counts, planned)
    blocks = p < blocks_below or in_two_arms > 0
    likely: list[Likely] = []
    if in_two_arms:
        likely.append(Likely(Cause.IN_TWO_ARMS))
    if blocks and stages:
        broken = [name for name, at in stages.items() if _chi_square(at, planned)[1] < blocks_below]
        if broken and broken[0] == next(iter(stages)):
            likely.append(Likely(Cause.ASSIGNED_UNEVENLY, (broken[0],)))
        elif broken:
            likely.append(Likely(Cause.LOST_ON_THE_WAY, (broken[0],)))
        else:
            likely.append(Likely(Cause.LOST_ON_THE_WAY))
    if blocks and groups and p < blocks_below:
        likely.append(_grouped(groups, planned, blocks_below))
    return SampleRatio(chi, p, float(sum(counts)), tuple(expected.tolist()), blocks, tuple(likely))


@dataclass(frozen=True)
class Loss:
    """How many each of two arms has lost, and p of "the same share of both"."""

    lost: tuple[int, int]
    p: float
    blocks: bool


def loss(left: Sequence[int], drawn: Sequence[int], *, blocks_below: float = BLOCKS_BELOW) -> Loss:
    """Of two arms that were drawn, those who are left: Fisher's exact test, two-sided.

    χ² of the sizes takes them for a new lot, whose chance is far larger than that of the few who
    went: an arm of 771 may lose 90 beside one that lost nobody before it blocks.
    """
    from scipy.stats import hypergeom  # late: it loads for long

    if len(left) != 2 or len(drawn) != 2 or min(drawn) < 0:
        raise BadInput(f"{list(left)} left of {list(drawn)}", hint="two arms")
    one, other = (max(int(had) - int(has), 0) for has, had in zip(left, drawn, strict=True))
    if not one + other:
        return Loss((0, 0), 1.0, blocks=False)
    arms = int(sum(drawn)), int(drawn[0]), one + other
    could = np.arange(max(0, arms[2] - int(drawn[1])), min(arms[1], arms[2]) + 1)
    chances = hypergeom.pmf(could, *arms)
    seen = hypergeom.pmf(one, *arms)
    p = min(float(chances[chances <= seen * (1 + 1e-7)].sum()), 1.0)
    return Loss((one, other), p, blocks=p < blocks_below)


def _grouped(groups: Mapping[str, Sequence[float]], planned: Floats, below: float) -> Likely:
    """Whether it is in some groups alone: without them, the rest is as planned."""
    found = {name: _chi_square(at, planned)[1] for name, at in groups.items() if sum(at) > 0}
    broken = tuple(name for name, p in found.items() if p < below / len(found))
    others = [at for name, at in groups.items() if name not in broken]
    rest = np.sum(np.array(others, dtype=np.float64).reshape(-1, planned.size), axis=0)
    if broken and _chi_square(rest, planned)[1] >= below:
        if len(broken) < len(found):
            return Likely(Cause.IN_SOME_GROUPS, broken)
        return Likely(Cause.EVERYWHERE, broken)
    return Likely(Cause.EVERYWHERE)


def _planned(arms: int, shares: Sequence[float] | None) -> Floats:
    planned = np.ones(arms) if shares is None else column("shares", shares)
    if arms < 2 or planned.size != arms or not (planned > 0).all():
        raise BadInput(
            f"{arms} arms and planned shares {planned.tolist()}",
            hint="two arms or more, each with a share above 0",
        )
    shared: Floats = planned / planned.sum()
    return shared


def _chi_square(counts: Sequence[float] | Floats, planned: Floats) -> tuple[float, float, Floats]:
    seen = column("counts", counts)
    if seen.size != planned.size or (seen < 0).any():
        raise BadInput(f"counts {seen.tolist()} for {planned.size} arms")
    expected = planned * seen.sum()
    if not seen.sum() > 0:
        return 0.0, 1.0, expected
    chi = float(((seen - expected) ** 2 / expected).sum())
    return chi, float(chdtrc(planned.size - 1, chi)), expected
