"""Worlds of known truth: do intervals hold it, and is what is called proven so?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import numpy as np

from bench.effects_shops import CUSTOMERS, EDGES, LAST, PLANNED, Shop, shops
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import LEVEL
from joren.measure.experiments.rules.projecting import Learned
from joren.project.simulation.worlds import WORLDS, world_of
from joren.science.arrays import Floats
from joren.science.inference import Effect, IncrementalValue, Matured, Verdict, pooled

SHOPS, SOME = 2_000, 100
REPEATS: Final = 10


def worlds(full: bool) -> None:
    """Of each world: truth held by intervals, abstention, width, and what was wrongly proven."""
    count = SHOPS if full else SOME
    found: dict[str, list[Shop]] = {one.name: [] for one in WORLDS}
    for one in shops(count, _progress(count)):
        found[one.world.name].append(one)
    truth = {name: np.mean([one.gain for one in every], axis=0) for name, every in found.items()}
    print(f"{count:,} shops a world, {CUSTOMERS:,} customers each; shares of shops, yen a customer")
    print("\nrealised, one look: misses above / below the truth, nothing told, width, wrong sign")
    for name, every in found.items():
        for when, look, effects in (
            ("90 days", PLANNED, [one.planned for one in every]),
            ("adjusted", PLANNED, [one.planned_adjusted for one in every]),
            ("a year", LAST, [one.year for one in every]),
            ("adjusted", LAST, [one.year_adjusted for one in every]),
        ):
            print(f"{name:<18} {when:<8} {_said(effects, float(truth[name][look]))}")
        saved = np.mean([one.saved for one in every], axis=0)
        print(f"{name:<18} variance saved: {saved[0]:.3f} of 90 days, {saved[1]:.3f} of a year")
    print("\nrealised, read every week: all readings hold, ever wrong, proven within a quarter")
    for name, every in found.items():
        print(f"{name:<18} {_daily(every, truth[name])}")
    print(f"\n{REPEATS} matured repeats read together, the mean of their year")
    for name, every in found.items():
        print(f"{name:<18} {_together(every, float(truth[name][LAST]))}")
    print("\nexpected over a year, told after 30 days: holds the truth, abstained, width, a sign")
    for name, every in found.items():
        shop = world_of(name).of_one_shop
        others = [one for other in found.values() for one in other if one.world.of_one_shop == shop]
        for what, learned, repeats in (
            ("nothing matured", None, False),
            (f"{REPEATS} of its repeats", every, True),
            (f"{REPEATS} of all kinds", others, False),
        ):
            told = [
                _expected(one, learned, place, repeats=repeats) for place, one in enumerate(every)
            ]
            print(f"{name:<18} {what:<17} {_foretold(told, every, float(truth[name][LAST]))}")


def _together(every: Sequence[Shop], truth: float) -> str:
    """The mean of ten matured repeats: does it hold the truth, and is nothing told of it?"""
    found = []
    for place in range(len(every)):
        some = np.random.default_rng((12, place)).choice(len(every), REPEATS, replace=False)
        years = [every[one].year_adjusted for one in some.tolist()]
        years = [one for one in years if not one.too_small]
        if len(years) == REPEATS:
            found.append(pooled([one.estimate for one in years], [one.error for one in years]))
    held = np.mean([one.low <= truth <= one.high for one in found])
    told = np.mean([one.low > 0 or one.high < 0 for one in found])
    width = np.median([one.high - one.low for one in found])
    return f"truth {truth:+7.1f}  holds {held:.4f}  nothing told {1 - told:.2f}  width {width:6.0f}"


def _said(effects: Sequence[Effect], truth: float) -> str:
    known = [one for one in effects if not one.too_small]
    above = np.mean([one.low > truth for one in known])
    below = np.mean([one.high < truth for one in known])
    wrong = np.mean([_wrong(one.verdict, truth) for one in effects])
    told = np.mean([_proven(one.verdict) for one in effects])
    width = np.median([one.high - one.low for one in known])
    return (
        f"truth {truth:+7.1f}  misses {above:.4f} / {below:.4f}  nothing told {1 - told:.2f}  "
        f"too small {1 - len(known) / len(effects):.2f}  width {width:6.0f}  wrong {wrong:.4f}"
    )


def _daily(every: Sequence[Shop], truth: Floats) -> str:
    held, wrong, soon = [], [], []
    for one in every:
        read = list(zip(one.daily, truth.tolist(), strict=True))
        held.append(all(_holds(effect, at) for effect, at in read))
        wrong.append(any(_wrong(effect.verdict, at) for effect, at in read))
        soon.append(any(_proven(effect.verdict) for effect in one.daily[: PLANNED + 1]))
    return (
        f"all hold {np.mean(held):.4f}  ever wrong {np.mean(wrong):.4f}  "
        f"proven within {EDGES[PLANNED]} days {np.mean(soon):.2f}"
    )


def _expected(
    one: Shop, learned: Sequence[Shop] | None, place: int, *, repeats: bool
) -> IncrementalValue | None:
    """As told to a shop in which so many of these have matured before."""
    if one.early.realised(LEVEL).too_small:
        return None
    before: Sequence[int] = []
    if learned is not None:
        before = np.random.default_rng((11, place)).permutation(len(learned)).tolist()
    matured: list[Matured] = []
    for other in before:
        if learned is not None and learned[other] is not one and len(matured) < REPEATS:
            matured += _matured(learned[other])
    return _told(one, Learned(tuple(matured), repeats))


def _told(one: Shop, known: Learned) -> IncrementalValue:
    early = one.early
    return rules.projecting.expected(early.realised, early.control, early.treated, known)


@cache
def _matured(one: Shop) -> list[Matured]:
    """What its board would have of it."""
    came = one.year_adjusted
    if one.early.realised(LEVEL).too_small or came.too_small:
        return []
    own = _told(one, Learned())
    return [Matured(own.told, came.estimate, own.sampling, came.error)]


def _foretold(told: Sequence[IncrementalValue | None], every: Sequence[Shop], truth: float) -> str:
    known = [one for one in told if one is not None]
    held = np.mean([one.low <= truth <= one.high for one in known])
    ready = [one for one in known if one.board.label == "validated"]
    worth = np.mean([one.worth for one in every])
    width = np.median([one.high - one.low for one in known])
    sign = np.mean([_proven(one.verdict) for one in known])
    wrong = np.mean([_wrong(one.verdict, truth) for one in known])
    return (
        f"truth {truth:+7.1f}  holds {held:.4f}  abstained {1 - len(ready) / len(told):.3f}  "
        f"width {width:6.0f} ({width / worth:.2f} of a year)  a sign {sign:.2f}  wrong {wrong:.4f}"
    )


def _proven(verdict: Verdict) -> bool:
    return verdict in (Verdict.HIGHER, Verdict.LOWER)


def _holds(one: Effect, truth: float) -> bool:
    return one.too_small or one.low <= truth <= one.high


def _wrong(verdict: Verdict, truth: float) -> bool:
    """Of the other sign than the truth, or of any where there is none."""
    true = round(truth, 6)
    return (verdict is Verdict.HIGHER and true <= 0) or (verdict is Verdict.LOWER and true >= 0)


def _progress(count: int) -> Callable[[int], None]:
    def shown(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done:,} of {count:,} shops", end="", file=sys.stderr)

    return shown
