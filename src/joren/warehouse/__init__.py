"""Facts and insights as Delta tables of Parquet files, asked through Ibis.

    lake       which tables there are, appended and replaced in atomic commits
    engine     what an engine must be able to do: read their files, count, write new ones
    engines    Ibis on DuckDB in this process, and on a Spark cluster
    snapshots  one dated set of insights per refresh
    journal    work that, once promised, is finished even after a crash

No Django here: the same code runs in a notebook.
"""

from joren.warehouse.engine import Engine, Holding
from joren.warehouse.engines.duckdb import DuckDB
from joren.warehouse.journal import Journal
from joren.warehouse.lake import Lake
from joren.warehouse.snapshots import Snapshot, Snapshots
from joren.warehouse.store import Warehouse, on_spark, open_warehouse

__all__ = [
    "DuckDB",
    "Engine",
    "Holding",
    "Journal",
    "Lake",
    "Snapshot",
    "Snapshots",
    "Warehouse",
    "on_spark",
    "open_warehouse",
]
