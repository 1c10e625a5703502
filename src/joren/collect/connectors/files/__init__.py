"""Any file, as a relation of text columns, or an error that says why it is none."""

from joren.collect.connectors.files.staging import (
    Broken,
    Staged,
    begin,
    beginning,
    counted,
    of_parquet,
    of_rows,
    settle,
    stage,
)

__all__ = [
    "Broken",
    "Staged",
    "begin",
    "beginning",
    "counted",
    "of_parquet",
    "of_rows",
    "settle",
    "stage",
]
