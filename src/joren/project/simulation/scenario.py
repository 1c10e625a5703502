"""The parameters behind the demo shop: who comes, how often they buy, when they drift away.

A customer buys at a rate drawn from a gamma distribution and leaves after each purchase with a
chance drawn from a beta distribution (MBG/NBD: Batislam, Denizel and Filiztekin, "Empirical
validation and comparison of models for customer base analysis", IJRM 24, 2007; first purchase
included). A subscription renews until a chance drawn from a beta distribution ends it (Fader and
Hardie, "How to project customer retention", Journal of Interactive Marketing 21, 2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from joren.core.errors import BadInput
from joren.project.simulation.catalogue import BEANS, COLD, DRIP, GEAR, GIFT

OWN, RAKUTEN = "own", "rakuten"
STORES = (OWN, RAKUTEN)
DEFAULT_AS_OF = date(2026, 10, 31)


@dataclass(frozen=True)
class Segment:
    """People who buy alike. Rates are per day, so `rate_scale` is in days.

    An order holds 1 + Poisson(`extra_units` × v) units with v ~ Gamma(`appetite_shape`), mean 1.
    """

    name: str
    rate_shape: float
    rate_scale: float
    drop_a: float
    drop_b: float
    extra_units: float
    appetite_shape: float
    subscribes: float
    taste: Mapping[str, float]


@dataclass(frozen=True)
class Source:
    """Where new customers come from; `segments` are the shares of the segments among them.

    `campaigns` is empty where the shop pays nothing.
    """

    name: str
    medium: str
    store: str
    share: float
    cac_yen: int
    click_yen: int
    campaigns: tuple[str, ...]
    segments: tuple[float, ...]


@dataclass(frozen=True)
class Subscription:
    """定期便: a beta-geometric number of deliveries, `cycle_days` apart."""

    churn_alpha: float = 1.0
    churn_beta: float = 3.4
    cycle_days: int = 30
    with_first_order: float = 0.6
    later_mean_days: float = 75.0
    first_discount_percent: int = 50
    later_discount_percent: int = 10

    def churn_at(self, renewal: int) -> float:
        """Share of the subscriptions that reach this renewal (1 is the first) and end there."""
        return self.churn_alpha / (self.churn_alpha + self.churn_beta + renewal - 1)


@dataclass(frozen=True)
class Scenario:
    """One shop, complete: simulate it twice and the same people do the same things."""

    shop_name: str
    days: int
    growth_per_year: float
    acquisition_season: tuple[float, ...]
    purchase_season: tuple[float, ...]
    segments: tuple[Segment, ...]
    sources: tuple[Source, ...]
    subscription: Subscription
    crossover: float
    home_loyalty: float
    favourite: float
    cancelled: float
    refunded: float
    rate_factor: float = 1.0
    units_factor: float = 1.0


_SEGMENTS = (
    Segment("connoisseur", 1.1, 80.0, 0.9, 4.5, 1.5, 3.0, 0.22,
            {BEANS: 0.72, DRIP: 0.10, COLD: 0.08, GIFT: 0.03, GEAR: 0.07}),
    Segment("everyday", 0.75, 240.0, 1.0, 2.1, 1.1, 2.5, 0.14,
            {BEANS: 0.30, DRIP: 0.48, COLD: 0.14, GIFT: 0.04, GEAR: 0.04}),
    Segment("gift", 0.7, 380.0, 1.2, 2.0, 1.6, 1.5, 0.01,
            {BEANS: 0.05, DRIP: 0.15, COLD: 0.08, GIFT: 0.70, GEAR: 0.02}),
    Segment("trial", 0.45, 340.0, 1.6, 1.6, 0.4, 4.0, 0.04,
            {BEANS: 0.25, DRIP: 0.60, COLD: 0.12, GIFT: 0.01, GEAR: 0.02}),
)  # fmt: skip

_SOURCES = (
    Source("google", "cpc", OWN, 0.20, 2800, 70, ("brand", "coffee_beans"),
           (0.24, 0.38, 0.13, 0.25)),
    Source("instagram", "paid_social", OWN, 0.17, 3300, 55, ("reels_lifestyle", "trial_set"),
           (0.09, 0.31, 0.10, 0.50)),
    Source("line", "message", OWN, 0.08, 1400, 40, ("friend_ads",), (0.15, 0.45, 0.10, 0.30)),
    Source("organic", "search", OWN, 0.14, 0, 0, (), (0.32, 0.40, 0.13, 0.15)),
    Source("referral", "friend", OWN, 0.07, 0, 0, (), (0.42, 0.42, 0.08, 0.08)),
    Source("direct", "none", OWN, 0.08, 0, 0, (), (0.30, 0.40, 0.15, 0.15)),
    Source("rakuten", "mall_search", RAKUTEN, 0.26, 1500, 45, ("rpp", "super_sale"),
           (0.10, 0.35, 0.27, 0.28)),
)  # fmt: skip

COFFEE_ROASTER = Scenario(
    shop_name="常連珈琲",
    days=1095,
    growth_per_year=1.3,
    acquisition_season=(0.9, 0.95, 0.95, 0.95, 1.05, 1.1, 1.15, 0.95, 0.85, 0.9, 1.05, 1.4),
    purchase_season=(0.9, 0.95, 0.97, 0.97, 1.02, 1.05, 1.12, 0.98, 0.9, 0.95, 1.02, 1.22),
    segments=_SEGMENTS,
    sources=_SOURCES,
    subscription=Subscription(),
    crossover=0.14,
    home_loyalty=0.7,
    favourite=0.45,
    cancelled=0.015,
    refunded=0.02,
)


def only_own_shop(scenario: Scenario) -> Scenario:
    """The same shop before it joined a mall: no mall source, nobody shops in two stores."""
    sources = [source for source in scenario.sources if source.store == OWN]
    shares = sum(source.share for source in sources)
    kept = tuple(replace(source, share=source.share / shares) for source in sources)
    return replace(scenario, sources=kept, crossover=0.0)


def checked_size(customers: int, seed: int) -> None:
    """Refuse what cannot be simulated."""
    if customers < 1:
        raise BadInput(f"{customers} customers asked", hint="ask for 1 or more")
    if seed < 0:
        raise BadInput(f"seed {seed} is negative", hint="any whole number from 0 on")
