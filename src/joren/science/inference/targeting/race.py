"""The race: a policy that was learned against the rules that any shop knows, in profit.

Which to use is decided by shrunken expected profit: to act only on what is proven wastes most of
what there is to gain below some 50,000 customers. Whether it is proven is said apart. A learner
that finds nothing loses to RFM, and "send to all" is hard to beat: the race says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

import numpy as np

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.inference.effects import Effect, Verdict
from joren.science.inference.targeting.contrasts import contrast
from joren.science.inference.targeting.trial import Mask, Trial

EVERYBODY, NOBODY = "everybody", "nobody"
FURTHEST, POINTS = 4.0, 200  # how far, and how finely, the policies' spread is looked for


@dataclass(frozen=True)
class Entry:
    """A policy: the share it sends to, its profit over nobody and over the plain choice.

    The plain choice is the better of everybody and nobody; `shrunk` is the profit over it that is
    to be expected, drawn to 0 as far as the policies differ by no more than chance.
    """

    name: str
    share: float
    over_nobody: Effect
    over_plain: Effect
    shrunk: float


@dataclass(frozen=True)
class Race:
    """All entries, which to use, and whether it is proven to beat each of the rules.

    `gain` is per 1,000 customers, over the plain choice, as expected after shrinkage; 0 where the
    plain choice is to be used.
    """

    entries: tuple[Entry, ...]
    plain: str
    use: str
    proven: bool
    against: Mapping[str, Effect]

    @property
    def gain(self) -> float:
        return 1000 * next(entry.shrunk for entry in self.entries if entry.name == self.use)


def race(
    trial: Trial,
    learned: Mapping[str, Mask],
    rules: Mapping[str, Mask],
    *,
    expected: tuple[Floats, Floats] | None = None,
    level: float = 0.95,
) -> Race:
    """Learned policies and rules (RFM, response …) beside everybody and nobody, on one trial.

    Each policy names whom it sends to; none may have seen those it is judged on (`two_stage`,
    `best_cut`). `proven`: its interval lies above 0 against each of the others.
    """
    taken = {EVERYBODY, NOBODY} & {*learned, *rules} or learned.keys() & rules.keys()
    if taken:
        raise BadInput(f"two policies are called {', '.join(sorted(taken))}")
    all_of = np.ones(trial.size, dtype=np.bool_)
    known: dict[str, Mask] = {EVERYBODY: all_of, NOBODY: ~all_of, **rules}
    policies = {**known, **learned}

    def over(one: str, other: str) -> Effect:
        return contrast(trial, policies[one], policies[other], expected=expected, level=level)

    plain = EVERYBODY if over(EVERYBODY, NOBODY).estimate > 0 else NOBODY
    against_plain = {name: over(name, plain) for name in policies}
    shrunk = _shrunk(against_plain)
    entries = tuple(
        Entry(name, float(mask.mean()), over(name, NOBODY), against_plain[name], shrunk[name])
        for name, mask in policies.items()
    )
    use = max(entries, key=lambda entry: (entry.shrunk, entry.name == plain)).name
    against = {name: over(use, name) for name in policies if name != use}
    proven = all(effect.verdict is Verdict.HIGHER for effect in against.values())
    return Race(entries, plain, use, proven, against)


def _shrunk(effects: Mapping[str, Effect]) -> dict[str, float]:
    """d τ² / (τ² + s²), averaged over the τ that the contenders' effects leave possible.

    By the likelihood of d ~ N(0, τ² + s²) and a half-Cauchy prior of the size of their mean error
    (Gelman 2006), as one or two contenders hardly tell τ. Everybody and nobody may be far apart and
    say nothing of how far the others get from the better of them, so they teach no τ. An effect
    that is too small to read expects nothing.
    """
    known = {
        name: (effect.estimate, effect.standard_error)
        for name, effect in effects.items()
        if not isnan(effect.standard_error) and effect.standard_error > 0
    }
    found = dict.fromkeys(effects, 0.0)
    teaching = [pair for name, pair in known.items() if name not in (EVERYBODY, NOBODY)]
    if not teaching:
        return found
    d, s = np.array(teaching).T
    tau = np.linspace(0.0, FURTHEST * float((np.abs(d) + s).max()), POINTS)[:, None]
    variance = tau**2 + s**2
    logs = -0.5 * (np.log(variance) + d**2 / variance).sum(axis=1)
    chance = np.exp(logs - logs.max()) / (1 + (tau[:, 0] / s.mean()) ** 2)
    chance /= chance.sum()
    for name, (effect, error) in known.items():
        found[name] = effect * float(chance @ (tau**2 / (tau**2 + error**2))[:, 0])
    return found
