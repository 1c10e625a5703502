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
    foreseen: Floats | None = None,
    level: float = 0.95,
) -> Race:
    """Learned policies and rules (RFM, response …) beside everybody and nobody, on one trial.

    Each policy names whom it sends to; none may have seen those it is judged on (`two_stage`,
    `best_cut`). `proven`: its interval lies above 0 against each of the others. `foreseen` is what
    fits that did not see them say that treating each of these customers brings: profits are then
    drawn to what that makes of a policy, instead of to no difference at all.
    """
    taken = {EVERYBODY, NOBODY} & {*learned, *rules} or learned.keys() & rules.keys()
    if taken:
        raise BadInput(f"two policies are called {', '.join(sorted(taken))}")
    all_of = np.ones(trial.size, dtype=np.bool_)
    known: dict[str, Mask] = {EVERYBODY: all_of, NOBODY: ~all_of, **rules}
    policies = {**known, **learned}

    def over(one: str, other: str) -> Effect:
        return contrast(trial, policies[one], policies[other], expected=expected, level=level)

    if foreseen is None:
        plain = EVERYBODY if over(EVERYBODY, NOBODY).estimate > 0 else NOBODY
        shrunk = _shrunk({name: over(name, plain) for name in policies})
    else:
        profit = _profits(trial, policies, expected, foreseen)
        plain = EVERYBODY if profit[EVERYBODY] > 0 else NOBODY
        shrunk = {name: each - profit[plain] for name, each in profit.items()}
    against_plain = {name: over(name, plain) for name in policies}
    entries = tuple(
        Entry(name, float(mask.mean()), over(name, NOBODY), against_plain[name], shrunk[name])
        for name, mask in policies.items()
    )
    use = max(entries, key=lambda entry: (entry.shrunk, entry.name == plain)).name
    against = {name: over(use, name) for name in policies if name != use}
    proven = all(effect.verdict is Verdict.HIGHER for effect in against.values())
    return Race(entries, plain, use, proven, against)


def _profits(
    trial: Trial,
    policies: Mapping[str, Mask],
    expected: tuple[Floats, Floats] | None,
    foreseen: Floats,
) -> dict[str, float]:
    """Profit of each policy over nobody: what is foreseen of those it sends to, and as much of what
    came beyond that as the policies together show to be more than chance."""
    beyond = trial.worth(expected) - foreseen
    apart = {
        name: (float(mask @ beyond) / trial.size, float((mask * beyond).std()) / trial.size**0.5)
        for name, mask in policies.items()
        if name != NOBODY
    }
    told = {name: pair for name, pair in apart.items() if pair[1] > 0}
    d, errors = np.array([*told.values()]).reshape(-1, 2).T
    kept = dict(zip(told, _weights(d, errors, errors), strict=True))
    return {
        name: float(mask @ foreseen) / trial.size
        + (float(kept[name]) * told[name][0] if name in told else 0.0)
        for name, mask in policies.items()
    }


def _weights(d: Floats, s: Floats, of: Floats) -> Floats:
    """τ² / (τ² + s²) of errors, averaged over the τ that effects ``d`` ± ``s`` leave possible.

    By the likelihood of d ~ N(0, τ² + s²) and a half-Cauchy prior of the size of their mean error
    (Gelman 2006), as one or two contenders hardly tell τ.
    """
    if not d.size:
        return np.zeros(of.size)
    tau = np.linspace(0.0, FURTHEST * float((np.abs(d) + s).max()), POINTS)[:, None]
    variance = tau**2 + s**2
    logs = -0.5 * (np.log(variance) + d**2 / variance).sum(axis=1)
    chance = np.exp(logs - logs.max()) / (1 + (tau[:, 0] / s.mean()) ** 2)
    found: Floats = (chance / chance.sum()) @ (tau**2 / (tau**2 + of**2))
    return found


def _shrunk(effects: Mapping[str, Effect]) -> dict[str, float]:
    """d τ² / (τ² + s²) of each: drawn to 0 as far as the policies differ by no more than chance.

    Everybody and nobody may be far apart and say nothing of how far the others get from the better
    of them, so they teach no τ. An effect that is too small to read expects nothing.
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
    weights = _weights(d, s, np.array([error for _, error in known.values()]))
    return found | {
        name: effect * float(weight)
        for (name, (effect, _)), weight in zip(known.items(), weights, strict=True)
    }
