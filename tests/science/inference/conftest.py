"""Hillstrom's e-mail experiment, where it is at hand: 64,000 customers, three arms, two weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from joren.science.arrays import Floats
from joren.science.inference import Moments, added
from tests.absence import absent

NUMBERS = ("visit", "conversion", "spend", "history", "newbie", "recency", "mens", "womens")
ARMS = {"No E-Mail": "no", "Mens E-Mail": "mens", "Womens E-Mail": "womens"}


@dataclass(frozen=True, eq=False)
class Hillstrom:
    """Columns of the customers, and the moments of each arm."""

    columns: Mapping[str, Floats]
    dummies: Mapping[str, Floats]
    arm: np.ndarray
    features: Floats

    def column(self, name: str, *arms: str) -> Floats:
        return self.columns[name][np.isin(self.arm, arms)]

    def moments(self, *arms: str) -> Moments:
        return added(
            Moments.of({name: self.column(name, arm) for name in NUMBERS[:5]}) for arm in arms
        )


@pytest.fixture(scope="session")
def hillstrom(data_dir: Path) -> Hillstrom:
    path = data_dir / "hillstrom.csv.gz"
    if not path.is_file():
        absent(f"the data file {path}", hint="set JOREN_DATA to the folder of the data")
    table = np.loadtxt(path, delimiter=",", dtype=str, quotechar='"')
    at = {name: table[1:, i] for i, name in enumerate(table[0])}
    columns = {name: at[name].astype(np.float64) for name in NUMBERS}
    arm = np.array([ARMS[one] for one in at["segment"]])
    levels = {"zip_code": ("Rural", "Urban"), "channel": ("Phone", "Web")}
    levels["history_segment"] = tuple(np.unique(at["history_segment"])[1:])
    dummies = {
        f"{name} {level}": (at[name] == level).astype(np.float64)
        for name, some in levels.items()
        for level in some
    }
    features = np.column_stack(
        [
            np.log(columns["history"]),
            *(columns[name] for name in NUMBERS[4:]),
            *(values for name, values in dummies.items() if "history" not in name),
        ]
    )
    return Hillstrom(columns, dummies, arm, features)
