"""Any file, staged as one Parquet file of text columns, or an error that says why not.

The number of a row is its place in the staged file: Parquet keeps it without a column of its own.
"""

from joren.collect.connectors.files.staging import Broken, Staged, stage

__all__ = ["Broken", "Staged", "stage"]
