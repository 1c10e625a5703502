"""The step of a refresh that weighs what customers cost against what they bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.accounts import selectors as accounts
from joren.collect.orders import selectors as orders
from joren.understand.economics import selectors
from joren.understand.economics.contracts import (
    ChannelEconomics,
    EconomicsReport,
    EconomicsRules,
    SpendLeftOut,
    Touch,
)
from joren.understand.economics.rules import curves, spending, sums
from joren.understand.economics.rules.spending import Spending
from joren.understand.economics.rules.touch import Paid
from joren.understand.economics.services import touches
from joren.understand.economics.services.channels import Counted, channel
from joren.understand.economics.services.scene import Scene
from joren.understand.ltv.contracts import Conversion
from joren.understand.ltv.services import Refresh, in_reporting_currency

_documents = TypeAdapter(EconomicsReport)
_Key = tuple[str | None, Touch]
Row = dict[str, Any]


@dataclass(frozen=True)
class _Rows:
    """What the warehouse counted: small tables of sums."""

    spend: list[Row]
    span: Row
    left_out: list[Row]
    converted: tuple[Conversion, ...]
    new: list[Row]
    parts: list[Row]
    people: list[Row]
    years: list[Row]
    years_by_category: list[Row]
    expected: list[Row]
    fresh: list[Row]
    orders: list[Row]
    by_touch: list[Row]
    by_category: list[Row]
    gaps: list[Row]
    whole_gap: Row


def weigh_economics(refresh: Refresh) -> dict[str, Any]:
    """The room's documents; nothing but sums leaves the warehouse."""
    rules = selectors.economics_rules()
    ad_spend = orders.ad_spend(refresh.warehouse)
    report = _report(refresh, rules, _counted(refresh, ad_spend, rules))
    return {selectors.REPORT: _documents.dump_python(report, mode="json")}


def _counted(refresh: Refresh, ad_spend: ir.Table, rules: EconomicsRules) -> _Rows:
    rows, hold = refresh.warehouse.engine.rows, refresh.holding.hold
    as_of = refresh.as_of
    spent, converted = in_reporting_currency(
        refresh, sums.spend(ad_spend, as_of=as_of), day="day", amount="amount"
    )
    counted = spent.filter(spent.currency == refresh.currency)
    spend = rows(sums.spend_by_month(counted))
    paid = _paid(spend, rules)
    customers = hold(sums.customers(refresh.values, paid, as_of=as_of))
    money = hold(sums.money(refresh.movements, customers))
    years = hold(sums.first_years(money, customers))
    gaps = hold(sums.intervals(refresh.values))
    return _Rows(
        spend=spend,
        span=rows(counted.agg(first=counted.day.min(), last=counted.day.max()))[0],
        left_out=rows(sums.left_out(spent, refresh.currency)),
        converted=converted,
        new=rows(sums.new_by_month(customers)),
        parts=rows(sums.curve_parts(money)),
        people=rows(sums.curve_customers(customers)),
        years=rows(sums.first_year_sums(years, ["source", "touch", "month"])),
        years_by_category=rows(sums.first_year_sums(years, ["category"])),
        expected=rows(sums.expected(refresh.values, customers)),
        fresh=rows(sums.fresh_by_touch(customers)),
        orders=rows(sums.orders_by_month(refresh.purchases)),
        by_touch=rows(sums.year_by_touch(refresh.purchases, paid, as_of=as_of)),
        by_category=rows(sums.year_by_category(refresh.purchases, as_of=as_of)),
        gaps=rows(sums.median_intervals(gaps)),
        whole_gap=rows(gaps.agg(n=gaps.count(), median=gaps.days.median()))[0],
    )


def _paid(spend: list[Row], rules: EconomicsRules) -> Paid:
    return spending.paid_for(spend, rules.paid_mediums)


def _report(refresh: Refresh, rules: EconomicsRules, found: _Rows) -> EconomicsReport:
    scene = Scene(refresh.as_of, refresh.currency)
    fresh = {row["touch"]: row["customers"] for row in found.fresh}
    revenue = {row["touch"]: row["revenue"] for row in found.by_touch}
    by_touch = touches.touch_values(scene, fresh, revenue, found.years)
    spent = spending.all_of(found.spend)
    return EconomicsReport(
        as_of=refresh.as_of,
        currency=refresh.currency,
        rules=rules,
        spend_from=found.span["first"],
        spend_to=found.span["last"],
        spend_left_out=tuple(SpendLeftOut(**row) for row in found.left_out),
        whole=channel(scene, rules, None, None, _of_all(found, spent)),
        channels=_channels(scene, rules, found),
        months=touches.month_costs(
            scene,
            _new(found.new),
            {row["month"]: row["repeat"] for row in found.orders},
            spent,
        ),
        touches=by_touch,
        dependence=touches.dependence(scene, by_touch, fresh, revenue),
        profile=touches.profile(
            scene,
            by_hand=accounts.business().profile,
            years=found.years_by_category,
            orders=found.by_category,
            gaps=found.gaps,
            whole_gap=found.whole_gap,
        ),
        spend_converted=found.converted,
    )


def _of_all(found: _Rows, spent: Spending) -> Counted:
    return Counted(
        new=_new(found.new),
        spending=spent,
        years=found.years,
        expected=found.expected,
        curve=curves.curve(found.parts, found.people),
    )


def _channels(scene: Scene, rules: EconomicsRules, found: _Rows) -> tuple[ChannelEconomics, ...]:
    """Every source and touch that somebody came by or that money was spent on."""
    spent = spending.by_source(found.spend)
    by = {
        name: _keyed(getattr(found, name))
        for name in ("new", "parts", "people", "years", "expected")
    }
    keys: set[_Key] = {*by["new"], *((source, "paid") for source in spent if source)}
    made = [
        channel(
            scene,
            rules,
            source,
            touch,
            Counted(
                new=_new(by["new"][source, touch]),
                spending=spent.get(source, Spending({})) if touch == "paid" else None,
                years=by["years"][source, touch],
                expected=by["expected"][source, touch],
                curve=curves.curve(by["parts"][source, touch], by["people"][source, touch]),
            ),
        )
        for source, touch in sorted(keys, key=lambda key: (key[0] or "", key[1]))
    ]
    return tuple(sorted(made, key=lambda one: -one.new_customers))


def _keyed(rows: Iterable[Row]) -> Mapping[_Key, list[Row]]:
    found: dict[_Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["source"], row["touch"]].append(row)
    return found


def _new(rows: Iterable[Row]) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for row in rows:
        found[row["month"]] += row["customers"]
    return dict(found)
