"""The own shop's order export: UTF-8, a header, one row per line, order columns repeated."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.project.simulation import identities as people_text
from joren.project.simulation.baskets import Lines
from joren.project.simulation.catalogue import PRODUCTS
from joren.project.simulation.identities import Identities
from joren.project.simulation.money import COUPON_CODES, Orders, Sales
from joren.project.simulation.population import Ints, Population
from joren.project.simulation.scenario import Scenario
from joren.project.simulation.season import Season
from joren.project.simulation.text import UTF8, dates, digits, joined, picked, quoted, times, words

COLUMNS = (
    "order_number", "ordered_at", "status", "customer_number", "name", "name_kana", "email",
    "phone", "postal_code", "prefecture", "sku", "product_name", "category", "quantity",
    "unit_price", "line_discount", "tax_rate", "unit_cost", "tax_included", "order_discount",
    "coupon_code", "points_used", "shipping_charged", "shipping_borne", "payment_fee", "total",
    "currency", "store", "channel", "source", "medium", "campaign", "subscription_id",
    "subscription_number",
)  # fmt: skip

_STATUSES = ("cancelled", "paid", "shipped", "completed")
# How a customer who knows the shop comes back, with its share; commas part the three columns.
_RETURNS = {
    "direct,none,": 0.34,
    "newsletter,email,newsletter": 0.30,
    "line,message,line_news": 0.20,
    "organic,search,": 0.16,
}


def order_numbers(season: Season, orders: Orders, first_serial: int) -> pa.Array:
    """Day and a serial number that no other order of the shop has."""
    serial = np.arange(first_serial, first_serial + orders.moment.size, dtype=np.int64)
    return joined(dates(season, orders.moment, "J%Y%m%d"), digits(serial, 8), by="-")


def attribution(rng: np.random.Generator, orders: Orders) -> Ints:
    """Which way back each later order took; the first took the customer's source."""
    return rng.choice(len(_RETURNS), orders.moment.size, p=list(_RETURNS.values()))


def own_shop_rows(
    sales: Sales,
    numbers: pa.Array,
    people: Population,
    identities: Identities,
    *,
    way_back: Ints,
    scenario: Scenario,
    season: Season,
) -> pa.Array:
    """One row of text per line, with its line end."""
    orders, lines = sales.orders, sales.lines
    who = _customer_cells(identities).take(pa.array(orders.customer))
    when = joined(dates(season, orders.moment, "%Y-%m-%d"), times(orders.moment), by=" ")
    before = joined(numbers, when, _statuses(orders, season), who)
    after = joined(
        _money_cells(orders),
        "JPY,own,web",
        _touches(orders, people, scenario, way_back),
        _subscription_cells(orders, people),
    )
    row_of = pa.array(lines.order)
    return joined(before.take(row_of), _line_cells(lines), after.take(row_of))


def _customer_cells(identities: Identities) -> pa.Array:
    name, kana = people_text.full_names(identities)
    return joined(
        people_text.customer_numbers(identities),
        name,
        kana,
        people_text.emails(identities),
        people_text.phones(identities),
        people_text.postal_codes(identities),
        people_text.prefectures(identities, UTF8),
    )


def _statuses(orders: Orders, season: Season) -> pa.Array:
    age = season.today - orders.moment
    place = np.select([orders.cancelled, age < 1.0, age < 4.0], [0, 1, 2], 3)
    return picked(words(_STATUSES), place)


def _line_cells(lines: Lines) -> pa.Array:
    what, how_much, worth = _product_cells()
    return joined(
        picked(what, lines.product),
        digits(lines.quantity),
        picked(how_much, lines.product),
        digits(lines.discount),
        picked(worth, lines.product),
    )


@cache
def _product_cells() -> tuple[pa.Array, pa.Array, pa.Array]:
    return (
        words([f"{p.sku},{quoted(p.name)},{p.category}" for p in PRODUCTS]),
        words([str(p.price) for p in PRODUCTS]),
        words([f"{p.tax_rate},{p.cost},true" for p in PRODUCTS]),
    )


def _money_cells(orders: Orders) -> pa.Array:
    return joined(
        digits(orders.coupon),
        picked(words(COUPON_CODES), orders.coupon_code),
        digits(orders.points),
        digits(orders.shipping_charged),
        digits(orders.shipping_borne),
        digits(orders.payment_fee),
        digits(orders.total),
    )


def _touches(orders: Orders, people: Population, scenario: Scenario, way_back: Ints) -> pa.Array:
    width = max(len(source.campaigns) for source in scenario.sources)
    first = [
        f"{source.name},{source.medium},{(source.campaigns * width or ('',) * width)[campaign]}"
        for source in scenario.sources
        for campaign in range(width)
    ]
    came = (people.source * width + people.campaign)[orders.customer]
    place = np.where(orders.rank == 0, came, len(first) + way_back)
    return picked(words([*first, *_RETURNS]), place)


def _subscription_cells(orders: Orders, people: Population) -> pa.Array:
    """Contract and 定期回数, both empty for a single order; the row ends here."""
    subscribed = pa.array(orders.delivery > 0)
    contract = joined("T", digits(people.number[orders.customer] + 1, 8), by="")
    both = joined(contract, digits(orders.delivery))
    return joined(pc.if_else(subscribed, both, pa.scalar(b",", pa.binary())), "\n", by="")
