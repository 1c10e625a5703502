"""Posteriors of the parameters: effective draws per CPU second, agreement, calibration.

``python -m bench.posterior [--peer PYTHON] [--chain STEPS] [--calibrate N]``; CDNOW (1/10, 39
weeks) is looked for in ``JOREN_DATA``, else in ``../shared/data``. With ``--peer``, a Python in
which pymc-marketing is installed, its NUTS runs on the same rows and the two are compared under its
priors: r and s ~ Weibull(2, 1), alpha and beta ~ Weibull(2, 10), a / (a + b) uniform, a + b ~
Pareto(1) from 1. ``--chain`` holds the draws against a random walk (Metropolis) of so many steps
under the same priors, which asks the likelihood itself at every step: no normal, no weights, no
surface. ``--calibrate`` draws parameters from a prior, customers from them, and counts where the
truth falls in the posterior (simulation-based calibration: Talts, Betancourt, Simpson, Vehtari &
Gelman 2018, arXiv:1804.06788).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np
from scipy.stats import chi2

from joren.science.arrays import Floats
from joren.science.clv import Summary, bg_nbd, mbg_nbd, nbd, pareto_nbd
from joren.science.clv.posterior import Posterior, peak_of, posterior
from joren.science.clv.priors import Normal

MODELS: tuple[ModuleType, ...] = (bg_nbd, mbg_nbd, pareto_nbd, nbd)
ROUNDS = 5
BINS = 10
BATCHES = 40
_ROWS = """
WITH days AS (
    SELECT DISTINCT words[1]::INT AS customer, strptime(words[3], '%Y%m%d')::DATE AS day
    FROM (SELECT string_split_regex(trim(line), '\\s+') AS words
          FROM read_csv($file, header = false, sep = '\\t', columns = {'line': 'VARCHAR'})))
SELECT count(*) - 1 AS x, (max(day) - min(day)) / 7.0 AS t_x,
       (DATE '1997-09-30' - min(day)) / 7.0 AS T
FROM days WHERE day <= DATE '1997-09-30' GROUP BY customer ORDER BY customer
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.posterior")
    parser.add_argument("--peer", help="a Python with pymc-marketing")
    parser.add_argument("--chain", type=int, default=0, help="steps of a random walk")
    parser.add_argument("--calibrate", type=int, default=0, help="how many simulated shops")
    options = parser.parse_args()
    file = Path(os.environ.get("JOREN_DATA", "../shared/data")) / "CDNOW_sample.txt"
    if not file.is_file():
        print(f"{file} is not there; set JOREN_DATA to the folder of the order logs")
        return 1
    columns = duckdb.connect().execute(_ROWS, {"file": str(file)}).fetchnumpy()
    summary = Summary(columns["x"], columns["t_x"], columns["T"])
    print(f"CDNOW 1/10, {len(summary):,} customers; medians of {ROUNDS} rounds\n")
    for model in MODELS:
        speed, found = _speed(model, summary)
        print(
            f"{_name(model):<10} {speed:10,.0f} effective draws per CPU second   "
            f"k {found.k_hat:5.2f}   evidence {found.evidence:12.2f}"
        )
    for model, prior in PRIORS.items():
        speed, found = _speed(model, summary, prior=prior)
        name = _name(model)
        print(
            f"\n{name} under pymc-marketing's priors: {speed:,.0f} effective draws per CPU second"
        )
        others = {
            "walk": _chain(model, summary, prior, options.chain) if options.chain else None,
            "NUTS": _peer(options.peer, name, summary) if options.peer else None,
        }
        asked = {who: told for who, told in others.items() if told} or {"": None}
        for who, told in asked.items():
            _show(found, told, speed, who)
    if options.calibrate:
        _calibrate(options.calibrate)
    return 0


def prior_of_bg_nbd(points: Floats) -> Floats:
    """The default priors of pymc-marketing 0.19, as a density of the logarithms."""
    r, alpha, a, b = np.exp(points).T
    both = a + b  # its density 1 / both^2 from 1 on, with 1 / both from (share, sum) to (a, b)
    with np.errstate(all="ignore"):
        density = _weibull(r, 1.0) + _weibull(alpha, 10.0) - 3 * np.log(both)
    density += points.sum(axis=1)
    return np.where(both >= 1, density, -np.inf)


def prior_of_pareto_nbd(points: Floats) -> Floats:
    """The same for Pareto/NBD."""
    r, alpha, s, beta = np.exp(points).T
    with np.errstate(all="ignore"):
        density = _weibull(r, 1.0) + _weibull(alpha, 10.0)
        density += _weibull(s, 1.0) + _weibull(beta, 10.0)
    return np.asarray(density + points.sum(axis=1), dtype=np.float64)


def _weibull(value: Floats, scale: float) -> Floats:
    """The log density of the shape 2."""
    density: Floats = np.log(2 * value / scale**2) - (value / scale) ** 2
    return density


PRIORS: dict[ModuleType, Callable[[Floats], Floats]] = {
    bg_nbd: prior_of_bg_nbd,
    pareto_nbd: prior_of_pareto_nbd,
}


def _name(model: ModuleType) -> str:
    return model.__name__.rpartition(".")[2]


def _speed(model: ModuleType, summary: Summary, **prior: Any) -> tuple[float, Posterior]:
    speeds = []
    found = posterior(model, summary, np.random.default_rng(0), **prior)  # once to warm up
    for seed in range(ROUNDS):
        begun = time.process_time()
        found = posterior(model, summary, np.random.default_rng(seed), **prior)
        speeds.append(found.effective / (time.process_time() - begun))
    return statistics.median(speeds), found


def _peer(python: str, name: str, summary: Summary) -> dict[str, Any]:
    rows = np.stack((summary.frequency, summary.recency, summary.T), axis=1)
    text = "\n".join(",".join(map(repr, row)) for row in rows.tolist())
    script = Path(__file__).with_name("posterior_peer.py")
    run = subprocess.run(
        [python, str(script), name], input=text, capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(run.stdout.strip().splitlines()[-1])
    return told


def _chain(
    model: ModuleType, summary: Summary, prior: Callable[[Floats], Floats], steps: int
) -> dict[str, Any]:
    """A random walk over the exact log posterior, its first tenth left out."""
    rows = summary.compressed()
    objective, peak = model.objective_on(rows), peak_of(model, rows, prior)
    rng = np.random.default_rng(1)
    # 2.38 / sqrt(d): the length of a step that goes furthest (Roberts, Gelman & Gilks 1997).
    root = np.linalg.cholesky(peak.covariance) * (2.38 / np.sqrt(peak.point.size))

    def density(point: Floats) -> float:
        return float(rows.n * objective(point)[0] + prior(point[None])[0])

    begun = time.process_time()
    walk = np.empty((steps, peak.point.size))
    here, height = peak.point, density(peak.point)
    for step in range(steps):
        there = here + root @ rng.standard_normal(here.size)
        new = density(there)
        if np.log(rng.random()) < new - height:
            here, height = there, new
        walk[step] = here
    seconds = time.process_time() - begun
    values = np.exp(walk[steps // 10 :])
    batches = np.stack(np.split(values[: len(values) // BATCHES * BATCHES], BATCHES))
    ends = np.quantile(values, [0.05, 0.95], axis=0)
    errors = _of_batches(np.quantile(batches, [0.05, 0.95], axis=1).transpose(1, 0, 2))
    noise = _of_batches(batches.mean(axis=1))
    names = tuple(model.NAMES)
    return {
        "seconds": seconds,
        "effective": dict(zip(names, (values.std(axis=0) / noise) ** 2, strict=True)),
        "mean": dict(zip(names, values.mean(axis=0), strict=True)),
        "sd": dict(zip(names, values.std(axis=0), strict=True)),
        "bounds": dict(zip(names, ends.T, strict=True)),
        "bound_errors": dict(zip(names, errors.T, strict=True)),
    }


def _of_batches(each: Floats) -> Floats:
    """The error of a mean over batches."""
    error: Floats = each.std(axis=0, ddof=1) / np.sqrt(len(each))
    return error


def _show(found: Posterior, peer: dict[str, Any] | None, speed: float, who: str) -> None:
    bounds = found.interval()
    for name in found.names:
        (low, high), mean, sd = bounds[name], found.means[name], found.standard_deviations[name]
        print(f"  {name:<6} {mean:8.4f} ({sd:.4f})  90 % {low:7.4f} … {high:7.4f}", end="")
        if peer:
            own = sd / np.sqrt(found.effective)  # of the mean; a bound's is about twice that
            error = np.hypot(peer["sd"][name] / np.sqrt(peer["effective"][name]), own)
            begin, end = peer["bounds"][name]
            errors = np.hypot(peer["bound_errors"][name], 2 * own)
            apart = (np.array([low, high]) - (begin, end)) / errors
            print(f"   {who} {peer['mean'][name]:8.4f} ({peer['sd'][name]:.4f})", end="")
            print(f"  90 % {begin:7.4f} … {end:7.4f}   apart in Monte-Carlo errors:", end="")
            print(f" mean {(mean - peer['mean'][name]) / error:+.1f}", end="")
            print(f", bounds {apart[0]:+.1f} and {apart[1]:+.1f}", end="")
        print()
    if peer:
        least = min(peer["effective"].values()) / peer["seconds"]
        print(f"\n{who}: {peer['seconds']:.1f} CPU s, {least:,.1f} effective draws per second")
        print(f"joren / {who} in effective draws per CPU second: {speed / least:,.0f}")


_TRUTHS = {"r": 0.6, "alpha": 8.0, "a": 0.8, "b": 3.0, "s": 0.6, "beta": 10.0}


def _calibrate(shops: int) -> None:
    """Ranks of the truth among the draws should be even: chi-squared over ten bins."""
    for model in MODELS:
        _calibrate_one(model, shops)


def _calibrate_one(model: ModuleType, shops: int) -> None:
    rng = np.random.default_rng(20261110)
    size = len(model.NAMES)
    prior = Normal(np.log([_TRUTHS[name] for name in model.NAMES]), 0.5**2 * np.eye(size))
    ranks = np.zeros((shops, size))
    for shop in range(shops):
        truth = prior.draws(1, rng)[0]
        drawn = model.given(**dict(zip(model.NAMES, np.exp(truth).tolist(), strict=True)))
        data = drawn.simulate(rng.uniform(10, 60, 400), rng)
        found = posterior(model, data, rng, prior=prior, draws=1_000)
        ranks[shop] = found.weighed.weights @ (found.points < truth)
    title = f"{shops} shops of 400 customers, {_name(model)}"
    print(f"\nsimulation-based calibration, {title}", flush=True)
    for letter, column in zip(model.NAMES, ranks.T, strict=True):
        counts = np.histogram(column, BINS, (0, 1))[0]
        statistic = float(((counts - shops / BINS) ** 2).sum() * BINS / shops)
        inside = float(np.mean((column > 0.05) & (column < 0.95)))
        print(
            f"  {letter:<6} chi-squared {statistic:5.1f} (p {chi2.sf(statistic, BINS - 1):.2f})   "
            f"90 % interval holds {100 * inside:.1f} %"
        )


if __name__ == "__main__":
    sys.exit(main())
