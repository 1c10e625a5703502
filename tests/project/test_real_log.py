"""A real log of a wholesaler, through the importer and a refresh, to the last penny."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from joren.collect.connectors import services
from joren.collect.orders.selectors import orders, refunds
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from tests.absence import absent
from tests.project.refreshing import refreshed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def log(data_dir: Path) -> Path:
    path = data_dir / "online_retail_II_full_dedup.parquet"
    if not path.exists():
        absent(f"the data file {path}", hint="set JOREN_DATA to the folder of the order logs")
    return path


def test_the_cleaned_total_comes_out_to_the_penny(home: Path, log: Path) -> None:
    """Printed for it: 36,969 orders of 5,878 customers for GBP 17,431,533.18."""
    report = services.import_file(log, kind="orders", currency="GBP")
    refresh = refreshed(as_of=date(2011, 12, 9))

    house = warehouse()
    found = orders(house)
    bought = found.filter(
        found.identity_id.notnull()
        & ~found.free
        & ~found.status.isin(["cancelled"]).fill_null(False)
    )
    (sums,) = house.engine.rows(
        bought.aggregate(orders=bought.count(), goods=bought.goods.sum().cast("int64"))
    )
    values = house.snapshots.table(refresh.snapshot_id, CUSTOMER_VALUES)
    (people,) = house.engine.rows(values.aggregate(n=values.count()))
    notes = refunds(house)
    (credited,) = house.engine.rows(notes.aggregate(back=notes.amount.sum().cast("int64")))
    assert report.quarantined == 0
    assert credited["back"] == 162_435_337  # of every invoice below nothing
    assert (sums["orders"], people["n"], sums["goods"]) == (36_969, 5_878, 1_743_153_318)
    assert any("finer than their currency" in notice for notice in report.notices)
