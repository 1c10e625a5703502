"""Paid against unpaid, new against repeat, and what kind of business this is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import sqrt
from typing import Any

from joren.core.figures import Figure
from joren.understand.economics.contracts import (
    KPIS,
    TOUCHES,
    Dependence,
    Kind,
    MonthEconomics,
    Profile,
    ProfileOf,
    TouchValue,
    reasons,
)
from joren.understand.economics.rules import kinds, spending
from joren.understand.economics.rules.spending import Spending
from joren.understand.economics.services.channels import SHOWN_MONTHS, first_year
from joren.understand.economics.services.scene import LEVEL, Scene, over

_CATEGORIES = 10

Row = Mapping[str, Any]


def touch_values(
    scene: Scene, fresh: Mapping[str, int], revenue: Mapping[str, int], years: Sequence[Row]
) -> tuple[TouchValue, ...]:
    """How many came paid and unpaid within 365 days, and what their like was worth."""
    everyone, sales = sum(fresh.values()), sum(revenue.values())
    found = []
    for touch in TOUCHES:
        year = first_year(scene, [row for row in years if row["touch"] == touch])
        n = fresh.get(touch, 0)
        found.append(
            TouchValue(
                touch=touch,
                new_customers=n,
                customer_share=scene.part(
                    "touch_customer_share", n, everyone, everyone, reasons.NOBODY_NEW_THIS_YEAR
                ),
                revenue_share=scene.part(
                    "touch_revenue_share",
                    revenue.get(touch, 0),
                    sales,
                    everyone,
                    reasons.NO_REVENUE_THIS_YEAR,
                ),
                revenue_first_year=year.revenue,
                profit_first_year=year.profit,
                repeat_rate=year.repeat_rate,
            )
        )
    return tuple(found)


def dependence(
    scene: Scene,
    touches: Sequence[TouchValue],
    fresh: Mapping[str, int],
    revenue: Mapping[str, int],
) -> Dependence:
    """C15: how much hangs on ads, among those of whom it is known how they came."""
    by = {one.touch: one for one in touches}
    known = fresh.get("paid", 0) + fresh.get("unpaid", 0)
    sales = revenue.get("paid", 0) + revenue.get("unpaid", 0)
    nobody = reasons.WAY_OF_NOBODY_KNOWN
    return Dependence(
        new_customers=scene.part("ad_dependence", fresh.get("paid", 0), known, known, nobody),
        revenue=scene.part("ad_dependence_revenue", revenue.get("paid", 0), sales, known, nobody),
        unknown=replace(by["unknown"].customer_share, name="unknown_source_share"),
        difference=_difference(
            scene, by["unpaid"].revenue_first_year, by["paid"].revenue_first_year
        ),
    )


def _difference(scene: Scene, one: Figure, other: Figure) -> Figure:
    """Of two independent means; the standard errors are read back from their intervals."""
    name, unit = "organic_difference", scene.currency
    if one.value is None or other.value is None:
        return scene.unknown(name, unit, reasons.NOT_OF_BOTH)
    n = (one.n or 0) + (other.n or 0)
    found = scene.plain(name, one.value - other.value, unit, n)
    if one.high is None or other.high is None:
        return found
    reach = sqrt((one.high - one.value) ** 2 + (other.high - other.value) ** 2)
    return replace(
        found,
        low=one.value - other.value - reach,
        high=one.value - other.value + reach,
        level=LEVEL,
        model=reasons.TWO_MEANS,
    )


def month_costs(
    scene: Scene, new: Mapping[date, int], repeats: Mapping[date, int], spent: Spending
) -> tuple[MonthEconomics, ...]:
    """A10: what a repeat order cost, as a share of what a new customer cost."""
    since = min(new, default=scene.as_of)
    return tuple(
        _month(scene, month, new.get(month, 0), repeats.get(month, 0), spent)
        for month in spending.last_months(scene.as_of, since=since, last=SHOWN_MONTHS)
    )


def _month(scene: Scene, month: date, new: int, repeats: int, spent: Spending) -> MonthEconomics:
    for_new, for_repeat = spent.of(month, "new"), spent.of(month, "repeat")
    cac = _each(scene, "cac", spent.for_new(month), new, reasons.NOBODY_NEW_THIS_MONTH)
    new_cost = _each(scene, "cac", for_new, new, reasons.NOBODY_NEW_THIS_MONTH)
    repeat_cost = _each(scene, "repeat_cost", for_repeat, repeats, reasons.NO_REPEAT_THIS_MONTH)
    ratio = over("repeat_cost_ratio", repeat_cost, new_cost)
    if for_new is None or for_repeat is None:
        ratio = replace(ratio, why=reasons.SPEND_NOT_SPLIT)
    return MonthEconomics(
        month=month,
        complete=spending.month_end(month) <= scene.as_of,
        new_customers=new,
        repeat_orders=repeats,
        spend_new=for_new,
        spend_repeat=for_repeat,
        spend_unsplit=spent.of(month, None),
        cac=cac,
        repeat_cost=repeat_cost,
        repeat_cost_ratio=ratio,
    )


def _each(scene: Scene, name: str, spent: int | None, among: int, nobody: str) -> Figure:
    if spent is None:
        return scene.unknown(name, scene.currency, reasons.NO_SPEND_THIS_MONTH)
    if among == 0:
        return scene.unknown(name, scene.currency, nobody)
    return scene.plain(name, spent / among, scene.currency, among)


def profile(
    scene: Scene,
    *,
    by_hand: Kind | None,
    years: Sequence[Row],
    orders: Sequence[Row],
    gaps: Sequence[Row],
    whole_gap: Row,
) -> Profile:
    """What kind of business this is, from the data or as the shop says."""
    most = sorted(years, key=lambda row: (-row["customers"], row["category"] or ""))
    named = [row["category"] for row in most if row["category"] is not None][:_CATEGORIES]
    gap_of = {row["category"]: row for row in gaps}
    parts = tuple(
        _profile_of(
            scene,
            category,
            [row for row in years if row["category"] == category],
            [row for row in orders if row["category"] == category],
            gap_of.get(category, {"n": 0, "median": None}),
        )
        for category in named
    )
    whole = _profile_of(scene, None, years, orders, whole_gap)
    from_data = kinds.kind_of_whole(whole.kind, [(part.kind, part.customers) for part in parts])
    kind = by_hand or from_data
    return Profile(
        kind=kind,
        from_data=from_data,
        chosen_by_hand=by_hand is not None,
        kpis=KPIS[kind or "repeat"],
        whole=replace(whole, kind=from_data),
        categories=parts,
    )


def _profile_of(
    scene: Scene, category: str | None, years: Sequence[Row], orders: Sequence[Row], gap: Row
) -> ProfileOf:
    customers = sum(row["customers"] for row in years)
    n = sum(row["orders"] for row in orders)
    repeat = scene.rate(
        "repeat_rate",
        sum(row["again"] for row in years),
        customers,
        reasons.NOBODY_A_YEAR,
    )
    no_order = reasons.NO_ORDER_THIS_YEAR
    subscribed = scene.part(
        "subscription_share", sum(row["subscribed"] for row in orders), n, n, no_order
    )
    kind = kinds.kind_of(
        customers=customers, repeat_rate=repeat.value, subscription=subscribed.value
    )
    return ProfileOf(
        category=category,
        kind=kind,
        why="" if kind else reasons.FEW_A_YEAR.format(kinds.ENOUGH, 365),
        customers=customers,
        repeat_rate=repeat,
        subscription_share=subscribed,
        interval_days=scene.unknown("interval_days", "days", reasons.NOBODY_CAME_BACK)
        if gap["median"] is None
        else scene.plain("interval_days", gap["median"], "days", gap["n"], model=reasons.MEDIAN),
        mean_order=scene.mean(
            "mean_order",
            scene.currency,
            n,
            sum(row["revenue"] for row in orders),
            sum(row["revenue_squares"] for row in orders),
            no_order,
        ),
    )
