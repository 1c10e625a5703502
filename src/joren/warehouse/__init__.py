"""Facts and insights as Delta tables of Parquet files, asked through Ibis.

    lake       which tables there are, appended and replaced in atomic commits
    engine     Ibis on DuckDB: reads their files, counts, writes new ones
    snapshots  one dated set of insights per refresh
    journal    work that, once promised, is finished even after a crash

No Django here: the same code runs in a notebook.
"""

from joren.warehouse.engine import Engine
from joren.warehouse.journal import Journal
from joren.warehouse.lake import Lake
from joren.warehouse.snapshots import Snapshot, Snapshots
from joren.warehouse.store import Warehouse, open_warehouse

__all__ = ["Engine", "Journal", "Lake", "Snapshot", "Snapshots", "Warehouse", "open_warehouse"]
