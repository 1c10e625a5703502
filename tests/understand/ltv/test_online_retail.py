"""A real shop's two dirty years, cleaned as the reference did: the back-test's marks are known."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb
import pytest

from joren.understand.ltv.services import begin_values, conclude_values
from tests.absence import absent
from tests.understand.ltv.facts import Shop, order

# One row per invoice of a known customer, cancellations and price-less lines left out.
_ORDERS = """
    SELECT any_value("Customer ID")::BIGINT AS customer, min(InvoiceDate)::TIMESTAMP AS moment,
           round(sum(Quantity * Price) * 100)::BIGINT AS pence
    FROM read_parquet(?)
    WHERE "Customer ID" IS NOT NULL AND NOT starts_with(Invoice, 'C') AND Quantity > 0 AND Price > 0
    GROUP BY Invoice ORDER BY moment, Invoice
"""


def orders_of(path: Path) -> list[dict[str, Any]]:
    rows = duckdb.connect().execute(_ORDERS, [str(path)]).fetchall()
    return [
        order(
            number,
            customer,
            moment.date().isoformat(),
            pence,
            currency="GBP",
            ordered_at=moment.replace(tzinfo=UTC),
        )
        for number, (customer, moment, pence) in enumerate(rows)
    ]


def test_the_backtest_earns_the_marks_that_bg_nbd_is_known_to_earn(
    data_dir: Path, tmp_path: Path
) -> None:
    path = data_dir / "online_retail_II_full_dedup.parquet"
    if not path.exists():
        absent(str(path), hint="set JOREN_DATA to the folder of the order logs")
    shop = Shop(tmp_path, orders=orders_of(path))
    warehouse = shop.open()

    with warehouse.engine.session() as holding:
        _, documents = conclude_values(
            begin_values(shop.gathered(warehouse, holding, "2011-12-09"))
        )

    report = documents["value"]
    found = report["backtest"]
    assert {total["name"]: total["value"] for total in report["totals"]}["customers"] == 5_878
    # n 4,969, bias −1.3 %, MAE 1.046, RMSE 1.778, deviance 1.447, Spearman .625, Gini .774: with
    # a cut-off a few hours earlier.
    assert found["customers"] == pytest.approx(4_969, rel=0.003)
    assert found["bias"]["value"] == pytest.approx(-0.013, abs=0.006)
    assert (found["mae"], found["rmse"]) == pytest.approx((1.046, 1.778), rel=0.005)
    assert found["deviance"] == pytest.approx(1.447, rel=0.005)
    assert (found["spearman"], found["gini"]) == pytest.approx((0.625, 0.774), abs=0.003)
