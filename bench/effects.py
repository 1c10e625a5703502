"""What intervals of effects promise, held against what happens; and what they cost.

``python -m bench effects [--full] [STEP …]``; the steps: ``coverage`` (A/A draws of Hillstrom's
spend: holdouts of skewed money), ``peeking`` (A/A tests looked at again and again), ``worlds``
(the shops of ``joren simulate world``, read as the page Effects reads them, and what is told of
their year after 30 days), ``targeting`` (regret of policies by size of the pilot),
``policies`` (the same in those worlds), ``monthly`` (a year of monthly cohorts there), ``learner``
(processor time of the two-stage learner), ``cost``
(sums of 10 metrics in 2 arms and their adjusted effects, to the bare aggregation, and to
statsmodels where `STATSMODELS_PYTHON` names a Python that has it). Without ``--full`` a
minute of processor time, with rougher shares; with it ten times as much or more.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
from scipy.special import ndtri

from bench import effects_cost, effects_policies, effects_targeting, effects_worlds
from joren.science.arrays import Floats
from joren.science.inference import Effect, Spend, permutation, two_part, welch
from joren.science.inference.sequential import any_time_level, boundaries, even_looks
from joren.science.inference.two_part import FEW_BUYERS, spend_effect

FOLDER = Path(os.environ.get("JOREN_DATA", "../shared/data"))
HOLDOUTS = (
    (500, 4_500),
    (1_000, 9_000),
    (2_500, 22_500),
    (5_000, 45_000),
    (20_000, 380_000),
    (5_000, 5_000),
)


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench effects")
    asked.add_argument("steps", nargs="*", choices=[[], *STEPS], default=[])
    asked.add_argument("--full", action="store_true")
    chosen = asked.parse_args(arguments)
    for step in chosen.steps or list(STEPS):
        print(f"\n{step}\n")
        STEPS[step](chosen.full)
    return 0


def coverage(full: bool) -> None:
    """Shares of 95 % intervals wholly above and below 0, where nothing happened: .025 each."""
    spend, rng = _control_spend(), np.random.default_rng(1)
    draws = 10_000 if full else 1_000
    for held, treated in HOLDOUTS:
        seen: dict[str, list[Effect]] = {"welch": [], "two_part": [], "spend_effect": []}
        for _ in range(draws):
            control, other = _arm(spend, held, rng), _arm(spend, treated, rng)
            seen["welch"].append(welch(control[0].sums, other[0].sums))
            seen["two_part"].append(two_part(control[0], other[0], fewest=2))
            seen["spend_effect"].append(spend_effect(control[0], other[0]))
        print(f"{held:,} held out of {held + treated:,}")
        for name, found in seen.items():
            print(f"  {name:<14} {_shares(found)}")
    held, treated = HOLDOUTS[1]
    p = []
    for _ in range(draws // 5):
        arms = _arm(spend, held, rng), _arm(spend, treated, rng)
        if arms[0][1].size < FEW_BUYERS:
            p.append(permutation(arms[0][1], arms[1][1], (held, treated), rng, 499))
    print(f"permutation test, {held:,} held out: p <= .05 in {np.mean(np.array(p) <= 0.05):.3f}")


def peeking(full: bool) -> None:
    """Shares of tests without an effect that are ever declared: 5 % are promised."""
    rng, tests = np.random.default_rng(2), 20_000 if full else 4_000
    for looks in (4, 12, 28, 90):
        steps = rng.normal(size=(tests, looks))
        z = np.abs(np.cumsum(steps, axis=1) / np.sqrt(np.arange(1, looks + 1)))
        planned = np.array(boundaries(even_looks(looks)))
        at_any = [-ndtri((1 - any_time_level((i + 1) / looks)) / 2) for i in range(looks)]
        ever = [np.mean((z > limit).any(axis=1)) for limit in (1.96, planned, np.array(at_any))]
        print(
            f"{looks:3} looks: 95 % intervals {ever[0]:.3f}, planned looks {ever[1]:.3f}, "
            f"any time {ever[2]:.3f} (half-width at the end {at_any[-1]:.2f} errors)"
        )


def _control_spend() -> Floats:
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT spend FROM read_csv(?) WHERE segment = 'No E-Mail'",
            [str(FOLDER / "hillstrom.csv.gz")],
        ).fetchnumpy()
    return np.asarray(found["spend"], dtype=np.float64)


def _arm(spend: Floats, n: int, rng: np.random.Generator) -> tuple[Spend, Floats]:
    bought = spend[spend > 0]
    values = rng.choice(bought, rng.binomial(n, bought.size / spend.size))
    return Spend.of(n, values), values


def _shares(found: list[Effect]) -> str:
    above = np.mean([one.low > 0 for one in found])
    below = np.mean([one.high < 0 for one in found])
    small = np.mean([one.too_small for one in found])
    return f"above {above:.3f}  below {below:.3f}  too small {small:.2f}"


STEPS: dict[str, Callable[[bool], None]] = {
    "coverage": coverage,
    "peeking": peeking,
    "worlds": effects_worlds.worlds,
    "targeting": effects_targeting.targeting,
    "policies": effects_policies.regret,
    "monthly": effects_policies.monthly,
    "learner": effects_policies.learner,
    "cost": effects_cost.cost,
}
