"""The open files of one simulated shop, and the serial numbers that run on from part to part."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from joren.project.simulation import own_shop_file, rakuten_file, small_files
from joren.project.simulation.identities import Identities
from joren.project.simulation.money import Sales
from joren.project.simulation.population import Flags, Population
from joren.project.simulation.scenario import OWN, RAKUTEN, STORES, Scenario
from joren.project.simulation.season import Season
from joren.project.simulation.text import CP932, UTF8, write_rows

OWN_SHOP, MALL = "orders_own_shop.csv", "orders_rakuten.csv"
CUSTOMERS, CONSENTS, REFUNDS = "customers.csv", "consents.csv", "refunds.csv"
_REPEATED = 0.0005


@dataclass(frozen=True)
class Part:
    """What one run of customers leaves behind for the files; only the past is in `sales`."""

    people: Population
    identities: Identities
    sales: Sales


class OrderExport:
    """Writes the own shop's orders; every part continues the file."""

    def __init__(self, out: Path, scenario: Scenario, season: Season) -> None:
        self._stack = ExitStack()
        self._out, self._scenario, self._season = out, scenario, season
        self._serial = 1
        self.repeated_rows = 0
        self._orders = self.opened(OWN_SHOP, ",".join(own_shop_file.COLUMNS) + "\n")

    def __enter__(self) -> OrderExport:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def opened(self, name: str, header: str, encoding: str = UTF8) -> BinaryIO:
        """A new file with its header, closed with the export."""
        file = self._stack.enter_context((self._out / name).open("wb"))
        file.write(header.encode(encoding))
        return file

    def write(self, rng: np.random.Generator, part: Part) -> None:
        """Write everything that this part adds."""
        self.write_own_shop(rng, part, part.sales)

    def write_own_shop(self, rng: np.random.Generator, part: Part, sales: Sales) -> pa.Array:
        """Write these orders of the own shop; answers with their numbers."""
        numbers = own_shop_file.order_numbers(self._season, sales.orders, self._serial)
        self._serial += len(numbers)
        rows = own_shop_file.own_shop_rows(
            sales,
            numbers,
            part.people,
            part.identities,
            way_back=own_shop_file.attribution(rng, sales.orders),
            scenario=self._scenario,
            season=self._season,
        )
        write_rows(self._with_repeats(rng, rows), self._orders)
        return numbers

    def _with_repeats(self, rng: np.random.Generator, rows: pa.Array) -> pa.Array:
        """A few rows stand twice, as when two exports are pasted together."""
        twice = rng.random(len(rows)) < _REPEATED
        self.repeated_rows += int(twice.sum())
        return rows.take(pa.array(np.repeat(np.arange(len(rows)), 1 + twice)))


class ShopExport(OrderExport):
    """Writes all files that grow with the customers."""

    def __init__(self, out: Path, scenario: Scenario, season: Season) -> None:
        super().__init__(out, scenario, season)
        self._mall_serial = self._mall_line = 1
        self._gift = [segment.name for segment in scenario.segments].index("gift")
        self._mall = self.opened(MALL, rakuten_file.HEADER, CP932)
        self._customers = self.opened(CUSTOMERS, ",".join(small_files.CUSTOMER_COLUMNS) + "\n")
        self._consents = self.opened(CONSENTS, ",".join(small_files.CONSENT_COLUMNS) + "\n")
        self._refunds = self.opened(REFUNDS, ",".join(small_files.REFUND_COLUMNS) + "\n")

    def write(self, rng: np.random.Generator, part: Part) -> None:
        """Split the part by store and write everything that it adds."""
        own = part.sales.orders.store == STORES.index(OWN)
        self._write_customers(part, own)
        for store, kept, write in (
            (OWN, own, self.write_own_shop),
            (RAKUTEN, ~own, self._write_mall),
        ):
            sales = part.sales.where(kept)
            numbers = write(rng, part, sales)
            refunds = small_files.refund_rows(sales.orders, numbers, store, self._season)
            write_rows(refunds, self._refunds)

    def _write_mall(self, rng: np.random.Generator, part: Part, sales: Sales) -> pa.Array:
        numbers = rakuten_file.order_numbers(self._season, sales.orders, self._mall_serial)
        rows = rakuten_file.rakuten_rows(
            sales,
            numbers,
            part.people,
            part.identities,
            recipient=rakuten_file.recipients(rng, sales.orders, part.people, self._gift),
            first_line=self._mall_line,
            season=self._season,
        )
        self._mall_serial += len(numbers)
        self._mall_line += len(rows)
        write_rows(rows, self._mall)
        return numbers

    def _write_customers(self, part: Part, own: Flags) -> None:
        """Accounts of the own shop: who calls it home, and who has wandered in from the mall."""
        has_account = part.people.home == STORES.index(OWN)
        has_account[part.sales.orders.customer[own]] = True
        rows = small_files.customer_rows(
            part.people, part.identities, self._scenario, self._season, has_account
        )
        write_rows(rows, self._customers)
        ticked = small_files.consent_rows(part.people, part.identities, self._season, has_account)
        write_rows(ticked, self._consents)
