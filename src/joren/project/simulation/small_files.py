"""Everything the shop keeps beside its orders: customers, catalogue, advertising, refunds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from joren.project.simulation import identities as people_text
from joren.project.simulation.catalogue import PRODUCTS
from joren.project.simulation.identities import Identities
from joren.project.simulation.money import REFUND_REASONS, Orders
from joren.project.simulation.population import Flags, Floats, Population
from joren.project.simulation.scenario import Scenario, Source
from joren.project.simulation.season import Season
from joren.project.simulation.text import UTF8, dates, digits, joined, picked, times, words

CUSTOMER_COLUMNS = (
    "customer_number", "name", "name_kana", "email", "phone", "birthday", "gender",
    "postal_code", "prefecture", "acquisition_source", "acquisition_medium", "registered_at",
)  # fmt: skip
CONSENT_COLUMNS = ("store", "customer_number", "channel", "purpose", "state", "at", "proof")
REFUND_COLUMNS = ("order_number", "store", "refunded_at", "amount", "reason")
_PRODUCT_COLUMNS = ("sku", "name", "category", "price", "cost", "tax_rate")
_AD_COLUMNS = ("date", "source", "medium", "campaign", "spend", "clicks")
_MAY_BE_MAILED = 0.62
_GOLDEN = 0.6180339887498949


def customer_rows(
    people: Population, identities: Identities, scenario: Scenario, season: Season, kept: Flags
) -> pa.Array:
    """One row per account of the own shop, with its line end."""
    name, kana = people_text.full_names(identities)
    sources = words([f"{source.name},{source.medium}" for source in scenario.sources])
    registered = joined(dates(season, people.arrival, "%Y-%m-%d"), times(people.arrival), by=" ")
    rows = joined(
        people_text.customer_numbers(identities),
        name,
        kana,
        people_text.emails(identities),
        people_text.phones(identities),
        people_text.birthdays(identities),
        picked(words(["", "female", "male"]), identities.gender),
        people_text.postal_codes(identities),
        people_text.prefectures(identities, UTF8),
        picked(sources, people.source),
        registered,
    )
    return joined(rows.filter(pa.array(kept)), "\n", by="")


def consent_rows(
    people: Population, identities: Identities, season: Season, kept: Flags
) -> pa.Array:
    """One row per account whose owner ticked “news by mail” when signing up, with its line end.

    Who ticks is spread evenly over the customer numbers and draws no chance of its own: what a seed
    gives was settled before there were consents.
    """
    ticked = kept & ((people.number * _GOLDEN) % 1.0 < _MAY_BE_MAILED)
    signed = joined(dates(season, people.arrival, "%Y-%m-%d"), times(people.arrival), by=" ")
    numbers = people_text.customer_numbers(identities)
    rows = joined("own", numbers, "email,marketing,granted", signed, "signup-form")
    return joined(rows.filter(pa.array(ticked)), "\n", by="")


def refund_rows(orders: Orders, numbers: pa.Array, store: str, season: Season) -> pa.Array:
    """One row per refund up to the as-of day, with its line end."""
    paid_back = (orders.refund > 0) & (orders.refund_moment < season.today)
    moments = np.minimum(orders.refund_moment[paid_back], season.today)
    rows = joined(
        numbers.filter(pa.array(paid_back)),
        store,
        dates(season, moments, "%Y-%m-%d"),
        digits(orders.refund[paid_back]),
        picked(words(REFUND_REASONS), orders.refund_reason[paid_back]),
    )
    return joined(rows, "\n", by="")


def write_products(path: Path) -> None:
    """The catalogue; price with tax, cost without."""
    rows = [[getattr(item, column) for column in _PRODUCT_COLUMNS] for item in PRODUCTS]
    _write_table(path, _PRODUCT_COLUMNS, rows)


def write_ad_spend(
    path: Path, scenario: Scenario, season: Season, acquired: Floats, rng: np.random.Generator
) -> None:
    """What was paid per day and campaign; over all days it is cost per customer × customers."""
    _write_table(path, _AD_COLUMNS, _ad_rows(scenario, season, acquired, rng))


def _ad_rows(
    scenario: Scenario, season: Season, acquired: Floats, rng: np.random.Generator
) -> Iterator[list[object]]:
    for source, customers in zip(scenario.sources, acquired, strict=True):
        for campaign in source.campaigns:
            spend, clicks = _campaign(source, float(customers), season, rng)
            for day in np.flatnonzero(spend + clicks):
                shown = (season.start + timedelta(days=int(day))).isoformat()
                cells = [shown, source.name, source.medium, campaign]
                yield [*cells, int(spend[day]), int(clicks[day])]


def _campaign(
    source: Source, customers: float, season: Season, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Budgets follow the arrivals of the season, not the luck of a single day."""
    daily = np.diff(season.arrived) * rng.lognormal(0.0, 0.2, season.arrived.size - 1)
    budget = source.cac_yen * customers / len(source.campaigns)
    # Rounding the running total keeps the sum of the days exact to the yen.
    running = np.rint(budget * np.cumsum(daily) / daily.sum())
    spend = np.diff(running, prepend=0.0)
    clicks = rng.poisson(spend / source.click_yen)
    return spend, clicks.astype(np.float64)


def _write_table(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding=UTF8, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
