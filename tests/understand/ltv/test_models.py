"""What the report on the models says of a shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from joren.science.clv import gamma_gamma, log_normal_spend
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import ModelReport, ValueReport
from joren.understand.ltv.rules.values import GammaGamma, LogNormal, expected_spend
from joren.understand.ltv.services.ahead import told_by
from joren.understand.ltv.services.judging import number_of
from joren.warehouse import Engine, Holding
from tests.understand.ltv.facts import Shop
from tests.understand.ltv.test_report import built
from tests.understand.ltv.test_values import AS_OF, a_repeating_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return a_repeating_shop(tmp_path_factory.mktemp("shop"), customers=150)


@pytest.fixture(scope="module")
def reports(shop: Shop) -> tuple[ModelReport, ValueReport]:
    warehouse = shop.open()
    snapshot = built(shop, warehouse, AS_OF.isoformat())
    return selectors.models_in(warehouse, snapshot), selectors.report_in(warehouse, snapshot)


def test_figures_name_the_model_that_was_chosen(reports) -> None:
    models, worth = reports

    (chosen,) = [one for one in models.candidates if one.verdict == "chosen"]
    assert models.orders_model == chosen.name
    assert worth.total("expected_orders_365d").model == chosen.name
    assert worth.total("revenue_365d").model == models.model
    assert worth.prediction.models[0].name == chosen.name


def test_the_reason_is_the_mean_of_the_errors_shown(reports) -> None:
    models, _ = reports

    errors = [abs(one.error.value or 0) for one in models.history]
    assert models.mean_error.value == pytest.approx(sum(errors) / len(errors))
    assert models.why == (
        f"over the last {len(errors)} cut-offs totals were off by "
        f"{models.mean_error.value:.1%} on average"
    )


def test_each_cut_off_counts_what_came_after_it(reports, shop: Shop) -> None:
    models, _ = reports

    for one in models.history:
        cutoff, last = date.fromisoformat(one.cutoff), date.fromisoformat(one.last)
        known = {row["identity_id"] for row in shop.orders if row["ordered_on"] <= cutoff}
        later = [
            row
            for row in shop.orders
            if row["identity_id"] in known and cutoff < row["ordered_on"] <= last
        ]
        assert one.customers == len(known)
        assert one.orders_actual == len({(row["identity_id"], row["ordered_on"]) for row in later})
        assert one.revenue_actual == sum(row["revenue"] for row in later)
        assert one.hit == (one.orders.low <= one.orders_actual <= one.orders.high)
    assert bool(models.alarm) is not models.history[0].hit


def test_the_tracked_orders_are_all_repeats_since_the_beginning(reports, shop: Shop) -> None:
    models, _ = reports
    cutoff = models.history[0].cutoff
    first: dict[int, date] = {}
    for row in sorted(shop.orders, key=lambda row: row["ordered_on"]):
        first.setdefault(row["identity_id"], row["ordered_on"])
    begin = date.fromisoformat(models.tracking[0].first)

    repeats = {
        (row["identity_id"], row["ordered_on"])
        for row in shop.orders
        if begin <= row["ordered_on"] <= AS_OF
        and first[row["identity_id"]] < row["ordered_on"]
        and first[row["identity_id"]].isoformat() <= cutoff
    }
    assert sum(one.actual for one in models.tracking) == len(repeats)
    assert date.fromisoformat(models.tracking[-1].last) == AS_OF
    assert {one.last > cutoff for one in models.tracking if one.ahead} == {True}


def test_the_maps_fall_with_silence_and_parameters_lie_in_their_limits(reports) -> None:
    models, _ = reports

    for repeats in range(1, 11):
        alive = [one.p_alive for one in models.map if one.frequency == repeats]
        assert alive == sorted(alive, reverse=True)
    known = [one for one in models.parameters if one.low is not None and one.high is not None]
    assert all(one.low < one.value < one.high for one in known)
    assert known


def test_what_is_said_of_a_new_customer_lies_in_its_hill(reports) -> None:
    models, _ = reports
    told = told_by(models)

    orders, share, *letters = models.beliefs

    assert (orders.name, share.name) == ("newcomer_orders_365d", "newcomer_share_365d")
    for one in models.beliefs:
        assert one.figure.low < one.figure.value < one.figure.high
        assert len(one.at) == len(one.density)
        assert list(one.at) == sorted(one.at)
    assert max(share.at) <= 1
    assert {one.name for one in letters} <= set(told.fitted.names)


def test_the_warehouse_expects_the_spend_that_science_expects(
    engine: Engine, holding: Holding
) -> None:
    days, spend = [0, 1, 3], [0, 4200, 9000]
    rows = holding.take(pa.table({"spend_days": days, "spend": spend}))
    means = [0, 4200, 3000]
    for ours, theirs in (
        (GammaGamma(6.0, 4.0, 1500.0), gamma_gamma.given(p=6.0, q=4.0, v=1500.0)),
        (
            LogNormal(3000.0, 1.1, 0.3, 0.5, 1.02),
            log_normal_spend.given(m=3000.0, g=1.1, w=0.3, k=0.5, level=1.02),
        ),
    ):
        asked = rows.select("spend_days", expected=expected_spend(rows, ours))
        found = [row["expected"] for row in engine.rows(asked.order_by("spend_days"))]

        assert found == pytest.approx(theirs.conditional_expected_spend(days, means), rel=1e-12)


def test_a_young_shop_keeps_the_default_and_says_that_nothing_is_known(tmp_path: Path) -> None:
    shop = a_repeating_shop(tmp_path, customers=60, weeks=12)
    warehouse = shop.open()
    snapshot = built(shop, warehouse, (date(2024, 1, 1) + timedelta(weeks=12)).isoformat())

    models = selectors.models_in(warehouse, snapshot)

    assert models.model == "BG/NBD × Gamma-Gamma"
    assert models.why == "the default: how far it is right is not yet known"
    assert (models.history, models.map, models.parameters[:0]) == ((), (), ())
    assert models.mean_error.why.startswith("needs ")


def test_the_model_read_back_from_the_report_is_the_one_that_was_fitted(
    reports: tuple[ModelReport, ValueReport],
) -> None:
    models, _ = reports
    end = number_of(AS_OF)
    season = {(AS_OF - timedelta(days=28 * i)).isoformat(): 1.2 for i in range(3)}

    for report, pace in ((models, 1.0), (replace(models, season=season), 1.2)):
        told = told_by(report)
        assert told is not None
        assert told.fitted.params == {
            one.letter: one.value for one in models.parameters if one.model == models.orders_model
        }
        assert float(told.ahead(end - 28, 28)) == pytest.approx(28 * pace)
