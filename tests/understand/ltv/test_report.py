"""The report: formula, groups, costs, back-test and movement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import NothingToConclude, ValueReport
from joren.understand.ltv.services import begin_values, conclude_values
from joren.warehouse import Snapshot, Warehouse
from tests.understand.ltv.facts import Shop, order, refund
from tests.understand.ltv.test_values import AS_OF, a_repeating_shop


def built(
    shop: Shop,
    warehouse: Warehouse,
    as_of: str,
    previous: Snapshot | None = None,
    store_names: Mapping[int, str] | None = None,
) -> Snapshot:
    """A finished snapshot with this room's part in it."""
    snapshots = warehouse.snapshots
    with warehouse.engine.session() as holding:
        gathered = shop.gathered(
            warehouse, holding, as_of, currency="JPY", previous=previous, store_names=store_names
        )
        _, documents = conclude_values(begin_values(gathered))
        figures = {("ltv", name): document for name, document in documents.items()}
        snapshots.write_figures(gathered.snapshot_id, figures, warehouse.scratch)
    moment = datetime(2026, 12, 31, tzinfo=UTC)
    snapshot = Snapshot(gathered.snapshot_id, gathered.as_of, moment, 0.0, {}, {})
    snapshots.finish(snapshot, warehouse.scratch)
    return snapshot


def report_of(shop: Shop, as_of: str = AS_OF.isoformat()) -> ValueReport:
    warehouse = shop.open()
    return selectors.report_in(warehouse, built(shop, warehouse, as_of))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return a_repeating_shop(tmp_path_factory.mktemp("shop"), customers=150)


@pytest.fixture(scope="module")
def report(shop: Shop) -> ValueReport:
    return report_of(shop)


def test_the_report_reads_back_as_it_was_written(report: ValueReport) -> None:
    assert report.total("customers").value == 150
    assert report.currency == "JPY"


def two_years(folder: Path) -> Shop:
    """The year before: two customers, three orders; this year: one of them, with two orders."""
    return Shop(
        folder,
        orders=[
            order(1, 1, "2024-07-01", 1000),
            order(2, 1, "2025-01-01", 2000),
            order(3, 2, "2024-08-01", 3000),
            order(4, 1, "2025-07-01", 4000),
            order(5, 1, "2025-12-31", 6000),
        ],
        refunds=[refund(1, "2026-02-01", 1000, identity_id=1)],
    )


def test_the_formula_is_the_product_of_its_three_terms(tmp_path: Path) -> None:
    now = report_of(two_years(tmp_path)).formula.now

    assert now.order_value.value == (4000 + 6000 - 1000) / 2
    assert now.frequency.value == 2
    assert now.duration.value == pytest.approx(548 / 365 + 1 / 2)
    assert now.value.value == pytest.approx(4500 * 2 * (548 / 365 + 0.5))


def test_the_parts_of_the_formulas_change_add_up_to_it(tmp_path: Path) -> None:
    formula = report_of(two_years(tmp_path)).formula

    assert formula.before.value.value is not None
    assert sum(part.value or 0 for part in formula.parts) == pytest.approx(formula.change.value)
    assert formula.change.value == pytest.approx(
        (formula.now.value.value or 0) - formula.before.value.value
    )


def test_a_year_that_began_before_the_orders_has_no_formula(tmp_path: Path) -> None:
    shop = Shop(tmp_path, orders=[order(1, 1, "2025-12-01", 1000)])

    formula = report_of(shop).formula

    assert formula.now.value.value is None
    assert formula.now.value.why == "needs 22 more weeks of orders"
    assert formula.parts == ()


def test_a_single_purchase_is_worth_itself_by_the_formula(tmp_path: Path) -> None:
    shop = Shop(tmp_path, orders=[order(1, 1, "2025-06-01", 500), order(2, 2, "2025-08-01", 1000)])

    assert report_of(shop).formula.now.value.value == 1000


def test_groups_partition_the_customers_and_their_revenue(report: ValueReport) -> None:
    for groups in report.groups.values():
        assert sum(group.customers for group in groups) == 150
        revenue = sum((group.revenue_past.value or 0) * group.customers for group in groups)
        assert revenue == pytest.approx(report.total("revenue_past").value)
    assert report.groups["store"][0].label == "本店"
    assert {group.value for group in report.groups["source"]} == {"ad", "mail", ""}


def test_many_groups_are_folded_into_one(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[order(n, n, "2026-01-01", n, main_category=f"c{n:02}") for n in range(1, 31)],
    )

    groups = report_of(shop).groups["category"]

    assert len(groups) == 21
    assert (groups[-1].value, groups[-1].customers) == ("…", 10)
    assert groups[-1].revenue_past.value == sum(range(21, 31)) / 10
    assert all(group.thin for group in groups)


def test_the_spread_counts_every_customer_once(report: ValueReport) -> None:
    money = [one for one in report.distributions if one.unit == "JPY"]
    assert {one.customers for one in money} == {150}
    for spread in report.distributions:
        assert sum(spread.counts) == spread.customers
        assert len(spread.counts) == len(spread.edges)
        assert list(spread.edges) == sorted(spread.edges)


def test_each_store_is_told_what_its_buyers_brought_there_whichever_they_began_at(
    tmp_path: Path,
) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 1, "2026-01-01", 1000, goods_cost=300),
            order(2, 1, "2026-01-05", 500, goods_cost=100, store_id=2),
            order(3, 2, "2026-01-02", 700, goods_cost=200),
            order(4, 3, "2026-01-02", 900, store_id=2),
        ],
    )
    warehouse = shop.open()

    snapshot = built(shop, warehouse, "2026-02-01", store_names={1: "本店", 2: "楽天"})
    found = selectors.report_in(warehouse, snapshot)

    told = {
        one.label: (one.customers, one.orders, one.revenue, one.revenue_past.value,
                    one.profit_past.value, one.profit_past.n, one.elsewhere.value)
        for one in found.stores
    }  # fmt: skip
    assert told == {
        "本店": (2, 2, 1700, 850, 600, 2, 0.5),
        "楽天": (2, 2, 1400, 700, 400, 1, 0.5),
    }
    assert report_of(shop, "2026-02-01").stores == ()  # of one store there is nothing to compare


def test_the_days_between_purchases_are_spread_over_those_who_came_back(tmp_path: Path) -> None:
    days = {
        1: ("2026-01-01", "2026-01-11", "2026-01-31"),
        2: ("2026-01-01", "2026-01-06"),
        3: ("2026-01-02",),
    }
    orders = [
        order(10 * customer + number, customer, day, 1000)
        for customer, theirs in days.items()
        for number, day in enumerate(theirs)
    ]

    report = report_of(Shop(tmp_path, orders=orders), "2026-02-01")

    (spread,) = [one for one in report.distributions if one.name == "purchase_interval"]
    assert (spread.unit, spread.customers, sum(spread.counts)) == ("days", 2, 2)
    assert spread.quantiles["p50"] == 10.0  # of 15 and 5


def test_a_cost_term_says_how_much_of_it_is_known(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 1, "2026-01-01", 1000, goods_cost=300),
            order(2, 2, "2026-01-01", 1000, payment_fee=30),
        ],
    )

    report = report_of(shop)
    costs = {term.name: (term.amount.value, term.coverage.value) for term in report.costs}

    assert costs["goods_cost"] == (300, 0.5)
    assert costs["payment_fee"] == (30, 0.5)
    assert costs["shipping_borne"] == (None, 0)
    assert costs["points_granted"] == (None, 0)
    profit = report.total("profit_past")
    assert (profit.value, profit.n) == (700, 1)
    assert profit.why == "covers the 50.0% of purchases whose cost of goods is known"


def test_the_backtest_sees_nothing_of_what_came_after_its_cutoff(
    shop: Shop, report: ValueReport, tmp_path: Path
) -> None:
    cutoff = AS_OF - timedelta(days=182)
    doubled = [
        {**row, "revenue": row["revenue"] * (2 if row["ordered_on"] > cutoff else 1)}
        for row in shop.orders
    ]

    backtest = report.backtest
    changed = report_of(replace(shop, folder=tmp_path, orders=doubled)).backtest

    assert backtest.cutoff == cutoff.isoformat()
    assert changed.revenue_predicted == backtest.revenue_predicted
    assert changed.revenue_actual == 2 * (backtest.revenue_actual or 0)
    assert changed.orders_predicted == backtest.orders_predicted


def test_the_backtest_counts_the_days_with_a_purchase_after_its_cutoff(
    shop: Shop, report: ValueReport
) -> None:
    cutoff = AS_OF - timedelta(days=182)
    known = {row["identity_id"] for row in shop.orders if row["ordered_on"] <= cutoff}
    days = {
        (row["identity_id"], row["ordered_on"])
        for row in shop.orders
        if row["identity_id"] in known and cutoff < row["ordered_on"] <= AS_OF
    }

    backtest = report.backtest

    assert backtest.customers == len(known)
    assert backtest.orders_actual == len(days)
    assert sum(one.actual * one.customers for one in backtest.calibration) == pytest.approx(
        len(days)
    )
    assert len(backtest.earlier) == 5


def test_the_movement_compares_with_the_earlier_snapshot(tmp_path: Path) -> None:
    shop = two_years(tmp_path)
    warehouse = shop.open()
    before = built(shop, warehouse, "2025-06-30")

    after = built(shop, warehouse, "2026-06-30", previous=before)

    report = selectors.report_in(warehouse, after)
    moved: dict[str, Any] = {one.name: one for one in report.movement.changes}
    assert report.movement.previous_as_of == "2025-06-30"
    assert moved["revenue_past"].change.value == 9000
    assert moved["customers"].change.value == 0
    assert moved["profit_past"].change.value is None


def test_a_shop_without_a_known_customer_is_told_so(tmp_path: Path) -> None:
    shop = Shop(tmp_path, orders=[order(1, None, "2026-01-01", 1000)])

    with pytest.raises(NothingToConclude, match="no order on or before 2026-06-30"):
        report_of(shop)


def test_a_day_before_the_first_order_is_refused(tmp_path: Path) -> None:
    shop = two_years(tmp_path)

    with pytest.raises(NothingToConclude, match="no order on or before 2020-01-01"):
        report_of(shop, date(2020, 1, 1).isoformat())
