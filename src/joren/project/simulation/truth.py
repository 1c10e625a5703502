"""What is true of the simulated shop: every estimate made from its files can be held to this."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from joren.project.simulation.catalogue import PRODUCTS
from joren.project.simulation.scenario import STORES, Scenario, Segment, Source, Subscription
from joren.project.simulation.season import FUTURE_DAYS, Season, multipliers
from joren.project.simulation.tally import RENEWALS, Tally

Facts = dict[str, Any]


def truth(
    scenario: Scenario, season: Season, tally: Tally, *, seed: int, repeated_rows: int
) -> Facts:
    """Parameters, the closed-form figures they imply, and what chance made of them."""
    return {
        "simulated": True,
        "shop_name": scenario.shop_name,
        "as_of": season.as_of.isoformat(),
        "first_day": season.start.isoformat(),
        "time_zone": "Asia/Tokyo",
        "currency": "JPY",
        "seed": seed,
        "stores": _stores(scenario, tally),
        "customers": tally.whole("customers"),
        "past": _past(tally) | {"repeated_rows": repeated_rows},
        "next_365_days": _future(tally),
        "f2_rate_365d": _f2_overall(scenario, tally),
        "segments": [
            _segment(scenario, segment, tally, place)
            for place, segment in enumerate(scenario.segments)
        ],
        "sources": [_source(source, tally, place) for place, source in enumerate(scenario.sources)],
        "subscription": _subscription(scenario.subscription, tally),
        "purchase_season": [round(float(pace), 6) for pace in multipliers(scenario)],
        "cancelled_rate": scenario.cancelled,
        "refunded_rate": scenario.refunded,
        "products": len(PRODUCTS),
    }


def expected_f2(segment: Segment, scenario: Scenario) -> float:
    """Chance of a second order within 365 days of the first, whatever kind it is."""
    plan = scenario.subscription
    stays = segment.drop_b / (segment.drop_a + segment.drop_b)
    scale = segment.rate_scale / scenario.rate_factor
    silent = (scale / (scale + FUTURE_DAYS)) ** segment.rate_shape
    no_single = 1.0 - stays * (1.0 - silent)
    no_plan = plan.with_first_order * plan.churn_at(1) + (1.0 - plan.with_first_order) * math.exp(
        -FUTURE_DAYS / plan.later_mean_days
    )
    second = 1.0 - no_single * (1.0 - segment.subscribes * (1.0 - no_plan))
    return float(second)


def _stores(scenario: Scenario, tally: Tally) -> list[Facts]:
    used = {source.store for source in scenario.sources}
    return [
        {"store": store, "orders": int(tally.of("orders_by_store")[place])}
        for place, store in enumerate(STORES)
        if store in used
    ]


def _past(tally: Tally) -> Facts:
    names = ("orders", "cancelled", "lines", "goods", "charged", "revenue", "refunds", "refunded")
    return {name: tally.whole(name) for name in names}


def _future(tally: Tally) -> Facts:
    return {
        "expected_orders": tally.whole("expected_orders"),
        "orders": tally.whole("future_orders"),
        "charged": tally.whole("future_charged"),
        "revenue": tally.whole("future_revenue"),
    }


def _f2_overall(scenario: Scenario, tally: Tally) -> Facts:
    chances = np.array([expected_f2(segment, scenario) for segment in scenario.segments])
    old = tally.of("a_year_old")
    return {
        "customers": int(old.sum()),
        "expected": _rate(float((chances * old).sum()), float(old.sum())),
        "observed": _rate(float(tally.of("came_back_in_a_year").sum()), float(old.sum())),
    }


def _segment(scenario: Scenario, segment: Segment, tally: Tally, place: int) -> Facts:
    def here(name: str) -> float:
        return float(tally.of(name)[place])

    orders = here("orders")
    mean = here("log_goods") / orders if orders else 0.0
    variance = here("log_goods_squared") / orders - mean**2 if orders else 0.0
    return {
        "name": segment.name,
        "customers": int(here("customers")),
        "rate": {
            "distribution": "gamma",
            "r": segment.rate_shape,
            "alpha_days": segment.rate_scale / scenario.rate_factor,
        },
        "drop_out_after_purchase": {
            "distribution": "beta",
            "a": segment.drop_a,
            "b": segment.drop_b,
            "staying": int(here("staying")),
        },
        "spend": {
            "extra_units": segment.extra_units * scenario.units_factor,
            "appetite_shape": segment.appetite_shape,
            "log_goods_mean": round(mean, 6),
            "log_goods_sd": round(math.sqrt(max(variance, 0.0)), 6),
            "mean_goods": _rate(here("goods"), orders - here("cancelled")),
        },
        "subscribes": segment.subscribes,
        "subscribers": int(here("subscribers")),
        "f2_rate_365d": {
            "expected": round(expected_f2(segment, scenario), 6),
            "observed": _rate(here("came_back_in_a_year"), here("a_year_old")),
        },
        "next_365_days": {
            "expected_orders": round(here("expected_orders"), 1),
            "orders": int(here("future_orders")),
            "charged": round(here("future_charged")),
            "revenue": round(here("future_revenue")),
        },
    }


def _source(source: Source, tally: Tally, place: int) -> Facts:
    return {
        "source": source.name,
        "medium": source.medium,
        "store": source.store,
        "share": source.share,
        "cac": source.cac_yen,
        "customers": int(tally.of("acquired_by_source")[place]),
        "segments": list(source.segments),
    }


def _subscription(plan: Subscription, tally: Tally) -> Facts:
    due, made = tally.of("renewals_due"), tally.of("renewals_made")
    return {
        "distribution": "beta-geometric",
        "alpha": plan.churn_alpha,
        "beta": plan.churn_beta,
        "cycle_days": plan.cycle_days,
        "first_discount_percent": plan.first_discount_percent,
        "later_discount_percent": plan.later_discount_percent,
        "churn_per_renewal": [
            {
                "renewal": k,
                "expected": round(plan.churn_at(k), 6),
                "due": int(due[k - 1]),
                "observed": _rate(float(due[k - 1] - made[k - 1]), float(due[k - 1])),
            }
            for k in range(1, RENEWALS + 1)
        ],
    }


def _rate(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None
