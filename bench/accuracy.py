"""Who foretells best: joren's choice beside the models that the peers offer, at the same days.

``python -m bench accuracy [cdnow|sample|retail …]``. `lifetimes`, PyMC-Marketing and CLVTools fit
BG/NBD, MBG/NBD and Pareto/NBD by maximum likelihood on all customers; joren reaches their
parameters (the tests hold it to that), so their forecasts are made here by the same functions. At
each cut-off joren sees the past alone, and so do they. Lower is better but for Gini.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np

from bench.rolling import LOGS, Log, chosen, fitted_at, origin_at
from joren.science import backtest
from joren.science.arrays import Floats
from joren.science.clv.candidates import Candidate, Clocked
from joren.science.clv.origins import Origin

PEERS = ("BG/NBD", "MBG/NBD", "Pareto/NBD")
MARKS = ("error of the total", "MAE of the median", "deviance", "1 - Gini")
_BLOCK = 16
_MOST = 512


def main(arguments: list[str]) -> int:
    """Prints a table for each log, and the mean over all."""
    every: dict[str, list[Floats]] = {}
    for name in arguments or list(LOGS):
        rows = _at_each(LOGS[name]())
        _print(name, rows)
        for who, marks in rows.items():
            every.setdefault(who, []).append(marks.mean(axis=0))
    if len(every["joren"]) > 1:
        _print_mean(every)
    return 0


def _at_each(log: Log) -> dict[str, Floats]:
    """Marks by forecaster: a row per cut-off."""
    found: dict[str, list[tuple[float, ...]]] = {}
    for cutoff in log.cutoffs:
        origin = origin_at(log, cutoff, log.days)
        told = {name: fitted_at(Candidate(name), origin) for name in PEERS}
        told["joren"] = fitted_at(chosen(log, cutoff).candidate, origin)
        for who, model in told.items():
            found.setdefault(who, []).append(marks_of(model, origin, log.days))
    return {who: np.array(rows) for who, rows in found.items()}


def marks_of(told: Clocked, origin: Origin, days: int) -> tuple[float, ...]:
    """What the forecast was worth, in the order of ``MARKS``."""
    heads, came = origin.customers.weights, origin.after
    expected = told.expected(origin.customers, days)
    card = backtest.card(came, expected, heads)
    middle = _medians(told, origin, days)
    if card.deviance is None or card.gini is None:
        raise SystemExit("nobody came back in a window: take another log")
    return (
        abs(float(heads @ expected) / origin.actual - 1),
        float(heads @ np.abs(came - middle)) / float(heads.sum()),
        card.deviance,
        1 - card.gini,
    )


def _medians(told: Clocked, origin: Origin, days: int) -> Floats:
    """The count that each row exceeds with a chance of at most a half."""
    past, ahead = told.summary(origin.customers), float(told.ahead(origin.customers.end, days))
    middle, below = np.full(len(past), float(_MOST)), np.zeros(len(past))
    open_rows = np.arange(len(past))
    for first in range(0, _MOST, _BLOCK):
        some = past.rows(open_rows, np.ones(open_rows.size))
        counts = np.arange(first, first + _BLOCK)
        chance = told.fitted.conditional_probability_of_purchases(some, counts, ahead)
        reached = below[open_rows, None] + np.cumsum(chance, axis=1)
        enough = reached >= 0.5
        now = enough[:, -1]
        middle[open_rows[now]] = first + np.argmax(enough[now], axis=1)
        below[open_rows] = reached[:, -1]
        open_rows = open_rows[~now]
        if not open_rows.size:
            break
    return middle


def _print(name: str, rows: Mapping[str, Floats]) -> None:
    cutoffs = len(rows["joren"])
    print(f"\n{name}: means over {cutoffs} cut-offs")
    print(f"{'':<20}" + "".join(f"{who:>12}" for who in rows) + f"{'behind best peer':>22}")
    for i, mark in enumerate(MARKS):
        best = min(PEERS, key=lambda who: float(rows[who][:, i].mean()))
        apart = rows["joren"][:, i] - rows[best][:, i]
        noise = float(apart.std(ddof=1)) / sqrt(cutoffs)
        line = "".join(f"{float(of[:, i].mean()):>12.4f}" for of in rows.values())
        verdict = "within" if float(apart.mean()) <= noise else "BEHIND"
        print(f"{mark:<20}{line}{apart.mean():>+12.4f} ± {noise:.4f} {verdict}")


def _print_mean(every: Mapping[str, list[Floats]]) -> None:
    """Over the logs, each mark as a share of the best peer's on that log."""
    print("\nover all logs, as a share of the best peer's mean on each")
    best = np.min([every[who] for who in PEERS], axis=0)
    print(f"{'':<20}" + "".join(f"{who:>12}" for who in every))
    for i, mark in enumerate(MARKS):
        shares = (np.mean(np.array(of)[:, i] / best[:, i]) for of in every.values())
        print(f"{mark:<20}" + "".join(f"{share:>12.4f}" for share in shares))
