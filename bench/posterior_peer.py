"""PyMC-Marketing's posteriors, run with its own Python by ``bench.posterior``: BG/NBD, Pareto/NBD.

The model is the one argument. Reads rows of frequency, recency, T (CSV, standard input), prints one
line of JSON. CPU seconds of building and sampling alone, after the import.
"""

from __future__ import annotations

import json
import sys
import time

import arviz as az
import numpy as np
import pandas as pd
from pymc_marketing.clv import BetaGeoModel, ParetoNBDModel

MODELS = {
    "bg_nbd": (BetaGeoModel, ["r", "alpha", "a", "b"]),
    "pareto_nbd": (ParetoNBDModel, ["r", "alpha", "s", "beta"]),
}


def main() -> int:
    made, names = MODELS[sys.argv[1]]
    table = np.loadtxt(sys.stdin, delimiter=",")
    data = pd.DataFrame(table, columns=["frequency", "recency", "T"])
    data["customer_id"] = np.arange(len(data))
    begun = time.process_time()
    model = made(data=data)
    model.fit(
        method="mcmc", draws=1_000, tune=1_000, chains=2, cores=1, random_seed=1, progressbar=False
    )
    seconds = time.process_time() - begun
    posterior = model.idata.posterior
    effective = az.ess(posterior, var_names=names)
    values = {name: posterior[name].to_numpy().ravel() for name in names}
    told = {
        "seconds": seconds,
        "effective": {name: float(effective[name]) for name in names},
        "mean": {name: float(values[name].mean()) for name in names},
        "sd": {name: float(values[name].std()) for name in names},
        "bounds": {name: np.quantile(values[name], [0.05, 0.95]).tolist() for name in names},
        "bound_errors": {
            name: [
                float(az.mcse(posterior[name], method="quantile", prob=at)[name])
                for at in (0.05, 0.95)
            ]
            for name in names
        },
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
