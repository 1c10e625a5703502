"""Whom to send to, where the truth is known: what policies leave lying, by size of the pilot."""

from __future__ import annotations

import numpy as np

from joren.science.arrays import Floats
from joren.science.inference.targeting import Trial, best_cut, dealings, race, two_stage
from joren.science.inference.targeting.trial import Mask

PILOTS = (5_000, 20_000, 50_000, 100_000)
MARGIN, COST = 0.4, 0.4


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
