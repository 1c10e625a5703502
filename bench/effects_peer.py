"""statsmodels' regression adjustment, run with its own Python by ``bench effects cost``.

Arguments: a Parquet file, the metrics and the covariates, each joined by commas. Prints one line of
JSON: CPU seconds of the fits alone, and each metric's difference with its robust standard error.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pyarrow.parquet as pq
import statsmodels.api as sm


def main() -> int:
    file, metrics, covariates = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
    table = pq.read_table(file)
    rows = {name: table[name].to_numpy().astype(np.float64) for name in table.column_names}
    begun = time.process_time()
    treated = 1.0 - rows["held"]
    known = np.column_stack([rows[name] - rows[name].mean() for name in covariates])
    design = sm.add_constant(np.column_stack([treated, known, known * treated[:, None]]))
    found = {}
    for name in metrics:
        fit = sm.OLS(rows[name], design).fit(cov_type="HC1")
        found[name] = (float(fit.params[1]), float(fit.bse[1]))
    print(json.dumps({"seconds": time.process_time() - begun, "found": found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
