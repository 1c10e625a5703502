from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from joren.accounts import services as accounts
from joren.collect.orders.contracts import AD_SPEND
from joren.core.errors import BadInput
from joren.plumbing.warehouse import warehouse
from joren.understand.economics import selectors, services
from joren.understand.economics.contracts import (
    ChannelEconomics,
    EconomicsReport,
    EconomicsRules,
    NoEconomicsYet,
    RulesContradict,
)
from joren.warehouse.rows import write_rows
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)


@pytest.fixture
def shop(home: Path, db: None) -> Shop:
    return Shop(warehouse(), "economics", services.weigh_economics)


def _spend(shop: Shop, rows: Iterable[dict[str, Any]]) -> None:
    given = {"import_id": 1, "currency": "JPY", "medium": "cpc", "purpose": None, "content": 0}
    listed = [{"spend_id": n, **given, **row} for n, row in enumerate(rows)]
    files = write_rows(listed, shop.house.scratch, AD_SPEND)
    shop.house.lake.append(AD_SPEND, files, key="spend")


def _monthly(
    source: str, amount: int, *, first: date, months: int, **more: Any
) -> list[dict[str, Any]]:
    days = [(first.year * 12 + first.month - 1 + n) for n in range(months)]
    return [
        {"source": source, "day": date(d // 12, d % 12 + 1, 5), "amount": amount, **more}
        for d in days
    ]


def _crowd(
    source: str | None, medium: str | None, *, first: date, start: int, n: int = 40
) -> list[Bought]:
    """So many who first bought on that day, and again 30 and 200 days later."""
    return [
        Bought(
            start + customer, first + timedelta(days=days), 1000, 400, source=source, medium=medium
        )
        for customer in range(n)
        for days in (0, 30, 200)
        if first + timedelta(days=days) <= AS_OF
    ]


def _report(shop: Shop, bought: list[Bought], **more: Any) -> EconomicsReport:
    return selectors.economics_report(shop.refresh(bought, as_of=AS_OF, **more))


def _channel(report: EconomicsReport, source: str | None, touch: str) -> ChannelEconomics:
    return next(c for c in report.channels if (c.source, c.touch) == (source, touch))


def test_a_source_costs_its_spend_per_new_customer(shop: Shop) -> None:
    _spend(shop, _monthly("Google ", 20_000, first=date(2025, 7, 1), months=12))
    bought = _crowd("google", "cpc", first=date(2026, 3, 1), start=0)

    google = _channel(_report(shop, bought), "google", "paid")

    assert google.new_customers == 40
    assert google.cac.value == 4 * 20_000 / 40  # of March to June: nobody came before
    assert google.cac.unit == "JPY"
    march = google.months[0]
    assert (march.month, march.spend, march.cac.value) == (date(2026, 3, 1), 20_000, 500)
    april = google.months[1]
    assert (april.spend, april.cac.value) == (20_000, None)
    assert "nobody new" in april.cac.why


def test_a_source_without_recorded_spend_has_an_unknown_cost(shop: Shop) -> None:
    _spend(shop, _monthly("google", 20_000, first=date(2025, 7, 1), months=12))
    bought = _crowd("yahoo", "cpc", first=date(2026, 3, 1), start=0)
    bought += _crowd("google", "organic", first=date(2026, 3, 1), start=100)

    report = _report(shop, bought)

    yahoo = _channel(report, "yahoo", "paid")
    assert (yahoo.cac.value, yahoo.spend) == (None, None)
    assert "this source" in yahoo.cac.why
    organic = _channel(report, "google", "unpaid")
    assert organic.cac.value is None
    assert "nothing is paid" in organic.cac.why


def test_payback_is_the_first_month_whose_profit_covers_the_cost(shop: Shop) -> None:
    _spend(shop, _monthly("google", 40 * 700, first=date(2025, 3, 1), months=1))
    bought = _crowd("google", "cpc", first=date(2025, 3, 1), start=0)

    google = _channel(_report(shop, bought), "google", "paid")

    # 400 at once, 800 after thirty days, 1,200 after two hundred.
    assert [point.profit for point in google.curve[:3]] == [400, 800, 800]
    assert google.curve[12].profit == 1200
    assert google.payback_months.value == 1
    assert google.profit_first_year.value == 1200
    assert google.ltv_cac.value == pytest.approx(1200 / 700)
    assert google.ltv_cac_revenue.value == pytest.approx(3000 / 700)
    assert google.allowed_cac_payback.value == 1200
    assert google.allowed_cac_ratio.value == pytest.approx(400)


def test_a_cost_that_never_returns_says_within_how_many_months(shop: Shop) -> None:
    _spend(shop, _monthly("google", 40 * 5000, first=date(2025, 3, 1), months=1))
    bought = _crowd("google", "cpc", first=date(2025, 3, 1), start=0)

    payback = _channel(_report(shop, bought), "google", "paid").payback_months

    assert payback.value is None
    assert payback.why == "not within 15 months"


def test_profit_stays_unknown_where_too_few_costs_are_known(shop: Shop) -> None:
    day = date(2025, 3, 1)
    bought = [Bought(n, day, profit=400 if n < 20 else None) for n in range(40)]

    whole = _report(shop, bought).whole

    assert whole.profit_coverage.value == 0.5
    assert whole.profit_first_year.value is None
    assert whole.revenue_first_year.value == 1000
    assert "80%" in whole.profit_first_year.why
    assert whole.curve[0].profit is None


def test_a_margin_stands_for_the_few_purchases_without_a_cost(shop: Shop) -> None:
    day = date(2025, 3, 1)
    bought = [Bought(n, day, profit=400 if n < 36 else None) for n in range(40)]

    profit = _report(shop, bought).whole.profit_first_year

    assert profit.value == pytest.approx(400)
    assert profit.model == "margin × revenue"


def test_repeat_against_new_is_told_only_where_spend_is_split(shop: Shop) -> None:
    rows = _monthly("google", 8000, first=date(2026, 3, 1), months=1, purpose="new")
    rows += _monthly("line", 1000, first=date(2026, 3, 1), months=1, purpose="repeat")
    rows += _monthly("google", 8000, first=date(2026, 2, 1), months=1)
    _spend(shop, rows)
    bought = _crowd("google", "cpc", first=date(2026, 3, 1), start=0)
    bought += _crowd("google", "cpc", first=date(2026, 2, 10), start=100)

    months = {one.month: one for one in _report(shop, bought).months}

    march = months[date(2026, 3, 1)]
    assert (march.new_customers, march.repeat_orders) == (40, 80)
    assert march.cac.value == 200
    assert march.repeat_cost.value == 12.5
    assert march.repeat_cost_ratio.value == 12.5 / 200
    february = months[date(2026, 2, 1)]
    assert february.cac.value == 200
    assert february.repeat_cost_ratio.value is None
    assert "split" in february.repeat_cost_ratio.why


def test_dependence_on_ads_counts_new_customers_and_revenue(shop: Shop) -> None:
    bought = _crowd("google", "cpc", first=date(2026, 6, 1), start=0, n=10)
    bought += _crowd("google", "organic", first=date(2026, 6, 10), start=100, n=20)
    bought += _crowd(None, None, first=date(2026, 6, 10), start=200, n=10)

    dependence = _report(shop, bought).dependence

    assert (dependence.new_customers.value, dependence.new_customers.n) == (10 / 30, 30)
    assert dependence.unknown.value == 0.25
    assert dependence.revenue.value == 10 / 30
    assert dependence.difference.value is None


def test_without_spend_or_medium_nobody_knows_what_was_paid(shop: Shop) -> None:
    dependence = _report(shop, _crowd("google", None, first=date(2026, 6, 1), start=0)).dependence

    assert dependence.new_customers.value is None
    assert dependence.unknown.value == 1


def test_unpaid_and_paid_customers_are_compared_with_an_interval(shop: Shop) -> None:
    day = date(2025, 3, 1)
    bought = [Bought(n, day, 1000 + n, source="google", medium="cpc") for n in range(40)]
    bought += [Bought(100 + n, day, 1500 + n, source="google", medium="organic") for n in range(40)]

    difference = _report(shop, bought).dependence.difference

    assert difference.value == 500
    assert difference.low is not None
    assert difference.high is not None
    assert 490 < difference.low < 500 < difference.high < 510


def test_the_shop_says_what_counts_as_paid(shop: Shop) -> None:
    services.change_rules(paid_mediums=["Postcard"])
    bought = _crowd("house", "postcard", first=date(2026, 6, 1), start=0)
    bought += _crowd("google", "cpc", first=date(2026, 6, 1), start=100)

    report = _report(shop, bought)

    assert {(c.source, c.touch) for c in report.channels} == {
        ("house", "paid"),
        ("google", "unpaid"),
    }


def test_spend_in_another_currency_is_left_out_and_shown(shop: Shop) -> None:
    _spend(shop, _monthly("google", 900, first=date(2026, 3, 1), months=2, currency="USD"))

    report = _report(shop, _crowd("google", "cpc", first=date(2026, 3, 1), start=0))

    (out,) = report.spend_left_out
    assert (out.currency, out.rows, out.amount) == ("USD", 2, 1800)
    assert _channel(report, "google", "paid").cac.value is None


def test_what_is_expected_waits_for_the_predictions(shop: Shop) -> None:
    bought = _crowd("google", "cpc", first=date(2026, 6, 1), start=0)

    predicted = _report(shop, bought).whole.revenue_expected
    unpredicted = _report(shop, bought, predicted=False).whole.revenue_expected

    assert predicted.value == 1000 + 1000
    assert unpredicted.value is None
    assert "not predicted" in unpredicted.why


def test_a_shop_whose_customers_come_back_is_a_repeat_business(shop: Shop) -> None:
    profile = _report(shop, _crowd("google", "cpc", first=date(2025, 3, 1), start=0)).profile

    assert profile.kind == "repeat"
    assert "f2_rate" in profile.kpis
    assert profile.whole.repeat_rate.value == 1
    assert profile.whole.interval_days.value == 100


def test_categories_of_two_kinds_make_a_mixed_business(shop: Shop) -> None:
    bought = _crowd("google", "cpc", first=date(2025, 3, 1), start=0)
    bought += [
        Bought(100 + n, date(2025, 3, 1), sku="grinder", category="tools") for n in range(40)
    ]

    profile = _report(shop, bought).profile

    assert profile.kind == "mixed"
    assert {one.category: one.kind for one in profile.categories} == {
        "coffee": "repeat",
        "tools": "one_off",
    }


def test_the_shops_own_word_for_its_kind_holds(shop: Shop) -> None:
    accounts.change_business(profile="subscription")

    profile = _report(shop, _crowd("google", "cpc", first=date(2025, 3, 1), start=0)).profile

    assert (profile.kind, profile.from_data) == ("subscription", "repeat")
    assert profile.chosen_by_hand


def test_a_young_shop_has_no_kind_yet(shop: Shop) -> None:
    profile = _report(shop, [Bought(1, AS_OF)]).profile

    assert profile.kind is None
    assert "365 days" in profile.whole.why


def test_channels_add_up_to_the_whole(shop: Shop) -> None:
    bought = _crowd("google", "cpc", first=date(2026, 3, 1), start=0)
    bought += _crowd("google", "organic", first=date(2026, 4, 1), start=100)
    bought += _crowd(None, None, first=date(2026, 5, 1), start=200)

    report = _report(shop, bought)

    for month in report.whole.months:
        of_channels = [m for c in report.channels for m in c.months if m.month == month.month]
        assert sum(m.new_customers for m in of_channels) == month.new_customers


def test_the_history_of_rules_is_kept(db: None) -> None:
    services.change_rules(payback_months=6, by="member:1")

    now, first = selectors.rules_history()

    assert (now.rules.payback_months, now.changed_by) == (6, "member:1")
    assert first.rules == EconomicsRules()


@pytest.mark.parametrize(
    "changes", [{"payback_months": 0}, {"payback_months": 25}, {"ltv_to_cac": 0}]
)
def test_targets_that_nothing_could_meet_are_refused(db: None, changes: dict[str, Any]) -> None:
    with pytest.raises(RulesContradict):
        services.change_rules(**changes)


def test_a_snapshot_without_economics_says_so(shop: Shop) -> None:
    shop.step = lambda _refresh: {}

    with pytest.raises(NoEconomicsYet):
        _report(shop, [Bought(1, AS_OF)])


def test_what_a_customer_may_cost_is_asked_for_any_target(shop: Shop) -> None:
    report = _report(shop, _crowd("google", "cpc", first=date(2025, 3, 1), start=0))

    whole, google = selectors.allowed_cac(report, months=3)
    by_ratio, _ = selectors.allowed_cac(report, ratio=4)

    assert (whole.source, google.source) == (None, "google")
    assert whole.figure.value == google.figure.value == 800
    assert by_ratio.figure.value == 300


@pytest.mark.parametrize(
    "target", [{}, {"months": 1, "ratio": 2.0}, {"months": 25}, {"months": -1}, {"ratio": 0.0}]
)
def test_a_target_that_says_nothing_is_refused(shop: Shop, target: dict[str, Any]) -> None:
    report = _report(shop, [Bought(1, AS_OF)])

    with pytest.raises(BadInput):
        selectors.allowed_cac(report, **target)


def test_spend_in_another_currency_counts_at_the_rate_of_its_day(shop: Shop) -> None:
    spent = [(date(2026, 5, 31), 1000), (date(2026, 6, 2), 1000), (date(2026, 6, 3), 333)]
    _spend(
        shop,
        [{"source": "ads", "day": day, "amount": cents, "currency": "USD"} for day, cents in spent],
    )
    rates = pa.table(
        {
            "day": [date(2026, 6, 1), date(2026, 6, 3)],
            "currency": ["USD", "USD"],
            "in_currency": ["JPY", "JPY"],
            "rate": pa.array([Decimal(150), Decimal("150.5")], pa.decimal128(20, 12)),
        }
    )
    bought = _crowd("ads", "cpc", first=date(2026, 6, 1), start=1)

    report = selectors.economics_report(shop.refresh(bought, as_of=AS_OF, rates=rates))

    (one,) = report.spend_converted
    assert (one.currency, one.rows, one.amount, one.converted) == ("USD", 2, 1333, 1500 + 501)
    assert [(out.currency, out.rows, out.amount) for out in report.spend_left_out] == [
        ("USD", 1, 1000)
    ]
