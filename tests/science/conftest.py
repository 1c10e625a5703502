"""The public CDNOW data, where they are at hand (Fader & Hardie's research set)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from joren.science.arrays import Floats
from joren.science.clv import Summary
from tests.absence import absent

START, SPLIT = np.datetime64("1997-01-01"), np.datetime64("1997-09-30")
HOLDOUT_DAYS = 39 * 7


@dataclass(frozen=True)
class Log:
    """A log split in two: the summary before, the purchases and the mean spend after."""

    summary: Summary
    spend: Floats
    holdout: Floats
    repeat_days: Floats  # of the repeat purchases before the split, days since the start


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        absent(f"the data file {path}", hint="set JOREN_DATA to the folder of the order logs")
    return path


def _log(path: Path, *, id_column: int, date_column: int, header: int) -> Log:
    table = np.loadtxt(
        path, skiprows=header, usecols=(id_column, date_column, date_column + 2), dtype=str
    )
    customer = table[:, 0].astype(np.int64)
    text = table[:, 1]
    day = np.array([f"{d[:4]}-{d[4:6]}-{d[6:]}" for d in text], dtype="datetime64[D]")
    days = (day - START).astype(np.int64)
    # Purchases on one day are one.
    key, where = np.unique(customer * 1_000 + days, return_inverse=True)
    money = np.bincount(where, table[:, 2].astype(np.float64))
    who, when = np.divmod(key, 1_000)
    people, index = np.unique(who, return_inverse=True)
    first = np.full(people.size, 10_000)
    np.minimum.at(first, index, when)
    end = int((SPLIT - START).astype(np.int64))
    repeat = (when > first[index]) & (when <= end)
    x = np.bincount(index, repeat).astype(np.float64)
    last = first.copy()
    np.maximum.at(last, index[repeat], when[repeat])
    after = (when > end) & (when <= end + HOLDOUT_DAYS)
    spent = np.bincount(index, money * repeat)
    return Log(
        Summary(x, (last - first) / 7, (end - first) / 7),
        np.divide(spent, x, out=np.zeros_like(x), where=x > 0),
        np.bincount(index, after).astype(np.float64),
        when[repeat].astype(np.float64),
    )


@pytest.fixture(scope="session")
def cdnow_sample(data_dir: Path) -> Log:
    """The 1/10 sample, 2,357 customers, 39 weeks, in weeks."""
    return _log(_file(data_dir, "CDNOW_sample.txt"), id_column=1, date_column=2, header=0)


@pytest.fixture(scope="session")
def cdnow_full(data_dir: Path) -> Log:
    """All 23,570 customers, 39 weeks, in weeks."""
    return _log(_file(data_dir, "CDNOW_master.txt"), id_column=0, date_column=1, header=1)


@pytest.fixture
def rng() -> np.random.Generator:
    """Chance that is the same in every run."""
    return np.random.default_rng(20261129)
