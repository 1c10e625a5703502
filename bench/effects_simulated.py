"""Simulated shops in which the truth is known: incremental LTV, and whom to send to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from joren.science.arrays import Floats
from joren.science.inference import Matured, Moments, Verdict
from joren.science.inference.incremental import IncrementalValue, of_moments
from joren.science.inference.targeting import Trial, best_cut, dealings, race, two_stage
from joren.science.inference.targeting.trial import Mask

EARLY, YEAR = 30.0, 365.0
SHAPE, RATE = 0.8, 120.0  # orders per day of a customer: Gamma, mean 1 in 150 days
ORDER = 40.0
PILOTS = (5_000, 20_000, 50_000, 100_000)
MARGIN, COST = 0.4, 0.4


@dataclass(frozen=True)
class Action:
    """What an action does to the rate of orders: in the first month, in the rest, for good."""

    name: str
    early: float = 0.0
    later: float = 0.0


ACTIONS = (
    Action("nothing"),
    Action("a lift that passes", early=0.25),
    Action("orders pulled forward", early=0.25, later=-0.25 * EARLY / (YEAR - EARLY)),
    Action("a lasting lift of 3 %", early=0.03, later=0.03),
    Action("a lift, then fatigue", early=0.25, later=-0.05),
    Action("better retention, no push", later=0.06),
)


def value(full: bool) -> None:
    """Told after 30 days, held against the year: share that held the truth, share declared."""
    rng = np.random.default_rng(3)
    n, rounds = (20_000, 300) if full else (20_000, 60)
    past = [_matured(rng.choice(np.array(ACTIONS, dtype=object)), n, rng) for _ in range(20)]
    print(f"{n:,} per arm; truth within / declared a gain, of 95 % intervals\n")
    for action in ACTIONS:
        seen: dict[str, list[tuple[bool, bool]]] = {"naive": [], "unvalidated": [], "validated": []}
        truth = ORDER * SHAPE / RATE * (action.early * EARLY + action.later * (YEAR - EARLY))
        for _ in range(rounds):
            arms = [_arm(one, n, rng)[0] for one in (ACTIONS[0], action)]
            told = partial(of_moments, *arms, "realised", "projected", model_error=0.1)
            for name, found in (("unvalidated", told()), ("validated", told(matured=past))):
                gain = found.verdict is Verdict.HIGHER
                seen[name].append((found.low <= truth <= found.high, gain))
            seen["naive"].append(_naive(told(), truth))
        shares = "  ".join(
            f"{name} {np.mean([one[0] for one in of]):.2f} / {np.mean([one[1] for one in of]):.2f}"
            for name, of in seen.items()
        )
        print(f"{action.name:<28} truth {truth:+6.2f}  {shares}")


def targeting(full: bool) -> None:
    """Regret: the share of the best policy's gain over nobody that a policy leaves lying."""
    rng = np.random.default_rng(4)
    rounds = 20 if full else 4
    features, gain = _people(200_000, rng)
    best = float(np.maximum(gain, 0).mean())
    print(f"gain of everybody {gain.mean() / best:+.2f} of the best policy's\n")
    for pilot in PILOTS if full else PILOTS[:2]:
        left: dict[str, list[float]] = {}
        for _ in range(rounds):
            rows = rng.choice(len(gain), pilot, replace=False)
            trial = _pilot(features[rows], rng)
            dealt = dealings(pilot, rng, folds=5, times=1)
            seen = two_stage(trial, features[rows], dealt)
            policies: dict[str, Mask] = {
                "uplift": seen.gain(trial) > 0,
                "response": seen.response(trial) > 0,
                "rfm": best_cut(trial, features[rows, 0], dealt[0]),
            }
            rules = {name: policies[name] for name in ("response", "rfm")}
            found = race(trial, {"uplift": policies["uplift"]}, rules, expected=seen.expected)
            every = np.ones(pilot, dtype=np.bool_)
            policies |= {"everybody": every, "nobody": ~every}
            policies["used"] = policies[found.use]
            policies["proven only"] = policies[found.use if found.proven else found.plain]
            most = np.maximum(gain[rows], 0).mean()
            for name, mask in policies.items():
                left.setdefault(name, []).append(1 - (gain[rows] * mask).mean() / most)
        print(f"pilot of {pilot:,}: " + ", ".join(f"{k} {np.mean(v):.2f}" for k, v in left.items()))


def _arm(action: Action, n: int, rng: np.random.Generator) -> tuple[Moments, Floats]:
    """Each customer's first month and what is projected of it; and what then came."""
    rate = rng.gamma(SHAPE, 1 / RATE, n)
    early = rng.poisson(rate * (1 + action.early) * EARLY)
    later = rng.poisson(rate * (1 + action.later) * (YEAR - EARLY))
    # What a model that knows no action makes of the first month: the conjugate mean.
    projected = ORDER * (SHAPE + early) / (RATE + EARLY) * (YEAR - EARLY)
    moments = Moments.of({"realised": ORDER * early, "projected": projected})
    return moments, ORDER * (early + later)


def _matured(action: Action, n: int, rng: np.random.Generator) -> Matured:
    (control, before), (treated, after) = (_arm(one, n, rng) for one in (ACTIONS[0], action))
    told = of_moments(control, treated, "realised", "projected", model_error=0.0)
    error = np.sqrt(before.var() / n + after.var() / n + told.sampling**2)
    return Matured(told.estimate, float(after.mean() - before.mean()), float(error))


def _naive(found: IncrementalValue, truth: float) -> tuple[bool, bool]:
    half = 1.96 * found.sampling
    low, high = found.estimate - half, found.estimate + half
    return low <= truth <= high, low > 0


def _chances(features: Floats) -> tuple[Floats, Floats]:
    monetary, fresh, taste, _ = features.T
    before = 0.02 + 0.08 * monetary
    after = before + 0.05 * fresh * (taste > 0.4) - 0.015 * (monetary > 0.8)
    return before, after


def _people(n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    features = rng.random((n, 4))
    before, after = _chances(features)
    return features, MARGIN * _mean_order(features) * (after - before) - COST


def _mean_order(features: Floats) -> Floats:
    return 100.0 * (0.7 + 0.6 * features[:, 0])


def _pilot(features: Floats, rng: np.random.Generator) -> Trial:
    before, after = _chances(features)
    n = len(features)
    treated = rng.random(n) < 0.5
    bought = rng.random(n) < np.where(treated, after, before)
    spend = bought * _mean_order(features) * rng.lognormal(-0.32, 0.8, n)
    return Trial.of(treated, spend, chance=0.5, margin=MARGIN, cost=COST)
