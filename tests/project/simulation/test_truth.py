from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from joren.project.simulation.scenario import COFFEE_ROASTER
from joren.project.simulation.season import multipliers
from tests.project.simulation.conftest import Shop

YEAR = timedelta(days=365)


def _histories(shop: Shop) -> dict[str, list[datetime]]:
    """Order moments per customer of the own shop alone, straight from the file."""
    moments: defaultdict[str, list[datetime]] = defaultdict(list)
    for lines in shop.own.values():
        moments[lines[0]["customer_number"]].append(
            datetime.fromisoformat(lines[0]["ordered_at"] + "+09:00")
        )
    return {customer: sorted(times) for customer, times in moments.items()}


def _tolerance(chance: float, n: int) -> float:
    """Four standard errors: a true claim fails once in sixteen thousand seeds."""
    return 4.0 * (chance * (1.0 - chance) / n) ** 0.5


def test_the_f2_rate_is_realistic_and_as_derived(shop: Shop) -> None:
    f2 = shop.truth["f2_rate_365d"]

    assert 0.25 <= f2["expected"] <= 0.40
    assert f2["observed"] == pytest.approx(
        f2["expected"], abs=_tolerance(f2["expected"], f2["customers"])
    )


def test_the_f2_rate_of_each_segment_is_as_derived(shop: Shop) -> None:
    for segment in shop.truth["segments"]:
        f2 = segment["f2_rate_365d"]
        n = segment["customers"] // 2
        assert f2["observed"] == pytest.approx(f2["expected"], abs=_tolerance(f2["expected"], n))


def test_the_f2_rate_can_be_counted_from_the_file(shop: Shop) -> None:
    today = datetime.fromisoformat("2026-11-01T00:00:00+09:00")
    old = [times for times in _histories(shop).values() if times[0] <= today - YEAR]

    back = sum(len(times) > 1 and times[1] - times[0] <= YEAR for times in old)
    # The own shop lacks the mall's gift givers, so its rate lies above the whole shop's.
    assert back / len(old) == pytest.approx(shop.truth["f2_rate_365d"]["expected"], abs=0.07)


def test_churn_per_renewal_is_as_derived(shop: Shop) -> None:
    for renewal in shop.truth["subscription"]["churn_per_renewal"][:6]:
        expected, due = renewal["expected"], renewal["due"]
        assert renewal["observed"] == pytest.approx(expected, abs=_tolerance(expected, due))


def test_deliveries_are_numbered_without_gaps_thirty_days_apart(shop: Shop) -> None:
    contracts: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for lines in shop.own.values():
        if lines[0]["subscription_id"]:
            number = int(lines[0]["subscription_number"])
            contracts[lines[0]["subscription_id"]][number] = lines[0]["ordered_at"][:10]

    assert len(contracts) > 200
    for days in contracts.values():
        dates = [datetime.fromisoformat(days[k]) for k in range(1, len(days) + 1)]
        assert {b - a for a, b in pairwise(dates)} <= {timedelta(days=30)}


def test_the_coming_year_is_what_the_parameters_expect(shop: Shop) -> None:
    future = shop.truth["next_365_days"]

    # Orders come in runs per customer; 8 % is about four standard errors at this size.
    assert future["orders"] == pytest.approx(future["expected_orders"], rel=0.08)
    assert 0 < future["revenue"] < future["charged"]


def test_the_past_in_the_truth_is_the_past_in_the_files(shop: Shop) -> None:
    own = [rows[0] for rows in shop.own.values() if rows[0]["status"] != "cancelled"]
    mall = [rows[0] for rows in shop.mall.values() if rows[0]["ステータス"] != "900"]

    charged = sum(int(order["total"]) for order in own) + sum(
        int(order["合計金額"]) - int(order["店舗発行クーポン利用額"]) for order in mall
    )
    refunded = sum(int(row["amount"]) for row in shop.rows("refunds.csv"))
    assert shop.truth["past"]["charged"] == charged
    assert shop.truth["past"]["refunded"] == refunded
    assert shop.truth["past"]["orders"] == len(shop.own) + len(shop.mall)
    assert shop.truth["past"]["cancelled"] == shop.truth["past"]["orders"] - len(own) - len(mall)


def test_sources_differ_in_what_their_customers_are_worth(shop: Shop) -> None:
    source_of = {
        row["customer_number"]: row["acquisition_source"] for row in shop.rows("customers.csv")
    }
    orders: defaultdict[str, list[int]] = defaultdict(list)
    for customer, times in _histories(shop).items():
        orders[source_of[customer]].append(len(times))

    assert np.mean(orders["referral"]) > 1.3 * np.mean(orders["instagram"])


def test_the_truth_says_that_it_is_invented(shop: Shop) -> None:
    assert shop.truth["simulated"] is True
    assert shop.truth["shop_name"] == "常連珈琲"


def test_a_year_of_business_time_is_a_year() -> None:
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

    assert (multipliers(COFFEE_ROASTER) * days).sum() == pytest.approx(365.0)


def test_shares_of_sources_and_segments_are_whole() -> None:
    assert sum(source.share for source in COFFEE_ROASTER.sources) == pytest.approx(1.0)
    for source in COFFEE_ROASTER.sources:
        assert sum(source.segments) == pytest.approx(1.0)
