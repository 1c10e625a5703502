"""The contracts of the simulated shop, learned from its file, against what is true of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from joren.science.clv.renewal_choosing import FITS, rate_limits
from joren.science.clv.renewals import Contracts
from joren.understand.ltv.contracts import PURCHASES
from joren.understand.ltv.rules import contract_runs as runs
from joren.warehouse import Engine, Holding
from tests.project.simulation.conftest import Shop
from tests.understand.tables import table

THREE_ERRORS = 3.0


@pytest.fixture(scope="module")
def learned(shop: Shop, engine: Engine, holding: Holding) -> Contracts:
    """Every renewal of which the own shop's orders tell how it went."""
    as_of = date.fromisoformat(shop.truth["as_of"])
    days = holding.hold(runs.seen_at(runs.deliveries(holding.take(_bought(shop))), [as_of]))
    intervals = holding.hold(runs.own_intervals(days))
    usual = runs.usual_intervals(engine.rows(runs.spread_of_intervals(intervals)), [as_of])
    assert usual == {as_of: shop.truth["subscription"]["cycle_days"]}
    decided = runs.decided(holding.hold(runs.runs(days, intervals, usual)))
    (count,) = engine.rows(runs.runs_decided(decided))
    rows = engine.rows(runs.renewals(decided))
    columns = ([float(row[name]) for row in rows] for name in ("number", "renewed", "lost"))
    period, renewed, lost = (np.array(column) for column in columns)
    return Contracts(period, renewed, lost, float(count["runs"]))


@pytest.mark.parametrize("model", FITS)
def test_the_fitted_curve_is_the_true_one_within_its_interval(
    shop: Shop, learned: Contracts, model: str
) -> None:
    churn = shop.truth["subscription"]["churn_per_renewal"][:12]
    numbers = np.array([one["renewal"] for one in churn])
    truth = 1 - np.array([one["expected"] for one in churn])

    low, high = rate_limits(FITS[model](learned), numbers, THREE_ERRORS)

    assert learned.n > 300
    assert (low <= truth).all()
    assert (truth <= high).all()
    assert (high - low).max() < 0.25


def _bought(shop: Shop) -> pa.Table:
    rows = []
    for number, lines in enumerate(shop.own.values()):
        order = lines[0]
        if order["status"] != "cancelled" and order["subscription_id"]:
            rows.append(
                {
                    "order_id": number,
                    "customer_id": int(order["subscription_id"].lstrip("T")),
                    "store_id": 1,
                    "ordered_on": date.fromisoformat(order["ordered_at"][:10]),
                    "revenue": 100,
                    "subscription_id": order["subscription_id"],
                    "subscription_number": int(order["subscription_number"]),
                }
            )
    return table(PURCHASES, rows)
