"""PyMC-Marketing's posterior of the BG/NBD, run with its own Python by ``bench.posterior``.

Reads rows of frequency, recency, T (CSV, standard input), prints one line of JSON. CPU seconds of
building and sampling alone, after the import.
"""

from __future__ import annotations

import json
import sys
import time

import arviz as az
import numpy as np
import pandas as pd
from pymc_marketing.clv import BetaGeoModel

NAMES = ["r", "alpha", "a", "b"]


def main() -> int:
    table = np.loadtxt(sys.stdin, delimiter=",")
    data = pd.DataFrame(table, columns=["frequency", "recency", "T"])
    data["customer_id"] = np.arange(len(data))
    begun = time.process_time()
    model = BetaGeoModel(data=data)
    model.fit(draws=1_000, tune=1_000, chains=2, cores=1, random_seed=1, progressbar=False)
    seconds = time.process_time() - begun
    posterior = model.idata.posterior
    effective = az.ess(posterior, var_names=NAMES)
    values = {name: posterior[name].to_numpy().ravel() for name in NAMES}
    told = {
        "seconds": seconds,
        "effective": {name: float(effective[name]) for name in NAMES},
        "mean": {name: float(values[name].mean()) for name in NAMES},
        "sd": {name: float(values[name].std()) for name in NAMES},
        "bounds": {name: np.quantile(values[name], [0.05, 0.95]).tolist() for name in NAMES},
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
