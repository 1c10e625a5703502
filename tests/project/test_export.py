"""One row per customer in a file: its columns, its money, and that it is whole or absent."""

from __future__ import annotations

import json
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from joren.accounts import services as members
from joren.collect.customers import selectors as customers
from joren.core.errors import BadInput
from joren.plumbing.warehouse import warehouse
from joren.project import export
from joren.protect.audit import selectors as audit
from joren.understand.ltv.contracts import CUSTOMER_VALUES, NoSnapshot
from joren.warehouse import Warehouse
from tests.project.refreshing import refreshed
from tests.understand.ltv.facts import Shop, order, written

pytestmark = pytest.mark.django_db


def numbers(_house: Warehouse) -> pa.Table:
    """The first customer has two store numbers."""
    return pa.table({"customer_id": [1, 1, 2], "store_customer_number": ["B-7", "A-1", "A-2"]})


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_the_file_has_one_row_per_customer_and_the_promised_columns(
    refreshed_shop: Warehouse, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"insights{ending}"

    with mock.patch.object(customers, "store_numbers", numbers):
        done = export.export_insights(out, by="alice")

    table = pa.parquet.read_table(out) if ending == ".parquet" else pa.csv.read_csv(out)
    ids = table["customer_id"].to_pylist()
    assert tuple(table.column_names) == export.COLUMNS
    assert done.rows == table.num_rows == len(set(ids))
    assert ids == sorted(ids)
    (deed,) = [one for one in audit.entries(limit=9).items if one.action == "insights.exported"]
    assert (deed.actor, deed.subject_id) == ("alice", str(done.snapshot_id))
    assert deed.detail == {"customers": done.rows, "personal": False}
    assert table["store_customer_number"].to_pylist()[:2] == ["A-1", "A-2"]
    assert set(table["decile"].to_pylist()) == set(range(1, 11))


def test_the_file_says_what_the_snapshot_says(refreshed_shop: Warehouse, tmp_path: Path) -> None:
    out = tmp_path / "insights.parquet"

    done = export.export_insights(out, by="alice")

    (snapshot,) = refreshed_shop.snapshots.all()
    kept = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, CUSTOMER_VALUES))
    found = pa.parquet.read_table(out).to_pylist()
    assert (done.snapshot_id, done.as_of, done.currency) == (snapshot.id, "2026-03-31", "JPY")
    for row, value in zip(found, kept, strict=True):
        shared = set(row) & set(value)
        assert {name: row[name] for name in shared} == {name: value[name] for name in shared}


def test_money_is_in_the_currencys_major_unit(home: Path, tmp_path: Path) -> None:
    written(warehouse(), Shop(home, orders=[order(1, 1, "2026-01-01", 1980, currency="USD")]))
    refreshed()

    export.export_insights(tmp_path / "insights.csv", by="alice")

    (row,) = pa.csv.read_csv(tmp_path / "insights.csv").to_pylist()
    assert row["revenue_past"] == 19.8
    assert row["profit_past"] is None


@pytest.mark.parametrize("name", ["insights.xlsx", "insights", "nowhere/insights.csv"])
def test_where_nothing_can_be_written_is_refused(home: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        export.export_insights(tmp_path / name, by="alice")

    assert refused.value.hint


def test_a_failing_export_leaves_the_old_file(refreshed_shop: Warehouse, tmp_path: Path) -> None:
    out = tmp_path / "insights.csv"
    out.write_text("of last week")

    def stop(_rows: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        export.export_insights(out, by="alice", on_progress=stop)

    assert out.read_text() == "of last week"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["insights.csv"]


def test_before_the_first_refresh_there_is_nothing_to_export(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        export.export_insights(tmp_path / "insights.csv", by="alice")


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_figures_of_an_invented_shop_say_so_wherever_the_file_goes(
    refreshed_shop: Warehouse, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"insights{ending}"
    members.change_business(simulated=True)

    done = export.export_insights(out, by="alice")

    parquet = ending == ".parquet"
    table = pa.parquet.read_table(out) if parquet else pa.csv.read_csv(out)
    beside = out.with_name("insights.csv.about.json")
    said = json.loads(table.schema.metadata[b"joren"] if parquet else beside.read_bytes())
    assert tuple(table.column_names) == (*export.COLUMNS, "simulated")
    assert set(table["simulated"].to_pylist()) == {True}
    assert (said["simulated"], said["as_of"], said["age_days"]) == (True, "2026-03-31", 0)
    assert said["built_at"] == done.built_at
    assert beside.exists() is not parquet
