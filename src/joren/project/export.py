"""One row per customer, for whoever works on with the insights: a Parquet or CSV file.

Money is in the major unit of the snapshot's currency (¥1,980 is 1980, $19.80 is 19.8): a file that
leaves the house says amounts as people write them. What the figures stand on (their day, when they
were built, whether the shop is invented, what its facts are enough for) is
in the metadata of a Parquet file, and beside a CSV file in one that ends in ``.about.json``. Rows
of an invented shop say so, too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as customers
from joren.collect.quality.contracts import Verdict
from joren.collect.quality.selectors import verdicts_in
from joren.core import clock
from joren.core.errors import BadInput
from joren.core.money import decimals
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Snapshot, Warehouse

COLUMNS: Final = (
    "customer_id",
    "store_customer_number",
    "frequency",
    "recency",
    "T",
    "monetary_value",
    "revenue_past",
    "profit_past",
    "p_alive",
    "expected_orders_365d",
    "revenue_365d",
    "profit_365d",
    "rfm_r",
    "rfm_f",
    "rfm_m",
    "decile",
    "cpm",
    "stage",
)
MONEY: Final = ("monetary_value", "revenue_past", "profit_past", "revenue_365d", "profit_365d")

BATCH: Final = 100_000

_WRITERS: Final[dict[str, Callable[..., Any]]] = {
    ".parquet": pyarrow.parquet.ParquetWriter,
    ".csv": pyarrow.csv.CSVWriter,
}


@dataclass(frozen=True)
class Exported:
    """What was written."""

    path: str
    rows: int
    snapshot_id: int
    as_of: str
    currency: str
    built_at: str
    age_days: int
    simulated: bool
    verdicts: tuple[Verdict, ...]  # what the facts are enough for


def export_insights(
    out: Path,
    *,
    by: str,
    snapshot: int | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Exported:
    """Write the customers of a snapshot, the current one if none is named, in order of their id.

    The file appears whole or not at all, and who took it is written down before it does.
    """
    writer = _writer_of(out)
    house, chosen = warehouse(), values.snapshot(snapshot)
    currency = str(chosen.settings["currency"])
    stands_on = _stands_on(chosen)
    rows = 0
    with house.engine.session() as holding, _whole(out) as draft:
        numbers = holding.take(customers.store_numbers(house))
        rows_wanted = _insights(house, chosen, numbers, currency)
        if stands_on["simulated"]:
            rows_wanted = rows_wanted.mutate(simulated=True)
        with _batches(house, rows_wanted) as batches:
            schema = batches.schema.with_metadata({"joren": json.dumps(stands_on, default=asdict)})
            with writer(draft, schema) as file:
                for batch in batches:
                    file.write_batch(batch.replace_schema_metadata(schema.metadata))
                    rows += batch.num_rows
                    if on_progress is not None:
                        on_progress(rows)
            audit.record(
                "insights.exported", actor=by, subject_kind="snapshot", subject_id=chosen.id,
                customers=rows, personal=False,
            )  # fmt: skip
    done = Exported(path=str(out), rows=rows, **stands_on)
    if out.suffix.lower() == ".csv":
        with _whole(out.with_name(f"{out.name}.about.json")) as draft:
            draft.write_text(json.dumps(asdict(done), indent=1) + "\n", encoding="utf-8")
    return done


def _stands_on(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot_id": snapshot.id,
        "as_of": snapshot.as_of.isoformat(),
        "currency": str(snapshot.settings["currency"]),
        "built_at": snapshot.built_at.isoformat(),
        "age_days": (clock.now() - snapshot.built_at).days,
        "simulated": accounts.business().simulated,
        "verdicts": verdicts_in(warehouse(), snapshot, "rfm", "predictions", "profit"),
    }


def _insights(house: Warehouse, snapshot: Snapshot, numbers: ir.Table, currency: str) -> ir.Table:
    value = house.snapshots.table(snapshot.id, CUSTOMER_VALUES)
    ranks = house.snapshots.table(snapshot.id, CUSTOMER_RANKS)
    # Somebody with a number in two stores is still one row.
    one = numbers.group_by("customer_id").agg(
        store_customer_number=numbers.store_customer_number.min()
    )
    rows = value.left_join(ranks, "customer_id").drop("customer_id_right")
    rows = rows.left_join(one, "customer_id").drop("customer_id_right")
    unit = 10 ** decimals(currency)
    rows = rows.mutate(**{name: rows[name].cast("float64") / unit for name in MONEY})
    return rows.select(*COLUMNS).order_by("customer_id")


def _batches(house: Warehouse, rows: ir.Table) -> pa.RecordBatchReader:
    # Asked of DuckDB itself: Ibis 12 calls a method that DuckDB 2 no longer has.
    return house.embedded.raw.sql(house.embedded.ibis.compile(rows)).to_arrow_reader(BATCH)


def _writer_of(out: Path) -> Callable[..., Any]:
    if out.suffix.lower() not in _WRITERS:
        raise BadInput(
            f"{out.name} is neither .parquet nor .csv", hint="--out insights.parquet, or .csv"
        )
    if not out.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {out.parent}", hint="make it, or write elsewhere")
    return _WRITERS[out.suffix.lower()]


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A draft beside the file that takes its place at the end."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        yield draft
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
