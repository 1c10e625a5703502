"""Fits and values of a million customers against `lifetimes`, side by side in one run.

``python -m bench.clv [customers] [--only BG/NBD]``; `LIFETIMES_PYTHON` names the interpreter of an
environment of its own in which `lifetimes` is installed. CPU seconds of both, and their ratio.
Without it only joren's seconds are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from bench.measuring import on_processor
from joren.science.clv import Summary, bg_nbd, pareto_nbd

ROUNDS = 3
WEEKS = 52.0
RATE = 0.0027  # a week, 15 % a year
MODELS: dict[str, ModuleType] = {"BG/NBD": bg_nbd, "Pareto/NBD": pareto_nbd}
PEER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
import pandas as pd
import lifetimes
from lifetimes.utils import _customer_lifetime_value
data = np.load(sys.argv[1])
x, t_x, T = (pd.Series(data[name]) for name in ("x", "t_x", "T"))
spend = pd.Series(np.full(len(x), 35.0))
seconds, parameters, asked = {}, {}, sys.argv[2:]
fitters = {"BG/NBD": lifetimes.BetaGeoFitter(), "Pareto/NBD": lifetimes.ParetoNBDFitter()}
for name in asked:
    fitter = fitters[name]
    begun = time.process_time()
    fitter.fit(x, t_x, T)
    seconds[name + " fit"] = time.process_time() - begun
    parameters[name] = dict(zip(fitter.params_.index, map(float, fitter.params_)))
    begun = time.process_time()
    _customer_lifetime_value(fitter, x, t_x, T, spend, time=12, discount_rate=0.0117, freq="W")
    seconds[name + " 12-month value"] = time.process_time() - begun
print(json.dumps({"seconds": seconds, "parameters": parameters}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.clv")
    parser.add_argument("customers", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--only", choices=MODELS, help="one of the models")
    options = parser.parse_args()
    names = [options.only] if options.only else list(MODELS)
    past = customers(options.customers)
    print(f"{len(past):,} customers, {len(past.compressed()):,} different; CPU seconds\n")
    ours, fits = _ours(past, names)
    interpreter = os.environ.get("LIFETIMES_PYTHON")
    theirs = _theirs(past, names, interpreter) if interpreter else None
    for work, seconds in ours.items():
        line = f"{work:<30} joren {seconds:8.3f}"
        if theirs is not None:
            peer = theirs["seconds"][work]
            line += f"   lifetimes {peer:8.2f}   {peer / seconds:7.1f} times less"
        print(line)
    if theirs is not None:
        for name in names:
            there = theirs["parameters"][name]
            gain = fits[name].log_likelihood - float(MODELS[name].log_likelihood(there, past).sum())
            print(f"{name} log-likelihood above that of lifetimes: {gain:+.1e}")
    return 0


def customers(size: int) -> Summary:
    """Who came over twelve weeks, with dates in whole days, as CDNOW's."""
    rng = np.random.default_rng(1)
    days = rng.integers(189, 274, size)
    past = bg_nbd.given(r=0.243, alpha=4.414, a=0.793, b=2.426).simulate(days / 7, rng)
    last = np.ceil(past.recency * 7)
    return Summary(past.frequency, last / 7, days / 7)


def _ours(past: Summary, names: list[str]) -> tuple[dict[str, float], dict[str, Any]]:
    seconds: dict[str, float] = {}
    fits: dict[str, Any] = {}
    for name in names:
        model = MODELS[name]
        seconds[f"{name} fit"], fits[name] = on_processor(
            lambda model=model: model.fit(past), ROUNDS
        )
        fitted = fits[name]
        seconds[f"{name} 12-month value"], _ = on_processor(
            lambda fitted=fitted: fitted.clv(past, WEEKS, RATE, 35.0), ROUNDS
        )
    return seconds, fits


def _theirs(past: Summary, names: list[str], interpreter: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.npz"
        np.savez(file, x=past.frequency, t_x=past.recency, T=past.T)
        done = subprocess.run(
            [interpreter, "-c", PEER, str(file), *names],
            check=True,
            capture_output=True,
            text=True,
        )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    sys.exit(main())
