"""A refresh as the rooms after ltv meet it, made of a few purchases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from joren.core.ids import SnapshotId
from joren.understand.ltv.rules import exchange, summary
from joren.understand.ltv.services import Refresh
from joren.warehouse import Snapshot, Warehouse
from tests.understand import tables
from tests.understand.tables import Bought

Step = Callable[[Refresh], dict[str, Any]]
_BUILT_AT = datetime(2026, 7, 1, tzinfo=UTC)


@dataclass
class Shop:
    """A shop's purchases, and the snapshots made of them."""

    house: Warehouse
    room: str
    step: Step

    def refresh(
        self,
        bought: Iterable[Bought],
        *,
        as_of: date,
        currency: str = "JPY",
        store_names: Mapping[int, str] | None = None,
        predicted: bool = True,
        rates: pa.Table | None = None,
    ) -> Snapshot:
        """One snapshot of these purchases, as far as the room's own step goes."""
        listed = list(bought)
        snapshots = self.house.snapshots
        number, previous = snapshots.next_id(), snapshots.latest()
        values = tables.values(listed, as_of)
        if not predicted:
            nothing = pa.nulls(values.num_rows, pa.float64())
            place = values.schema.get_field_index("revenue_365d")
            values = values.set_column(place, "revenue_365d", nothing)
        with self.house.engine.session() as holding:
            purchases = holding.take(tables.purchases(listed))
            documents = self.step(
                Refresh(
                    warehouse=self.house,
                    holding=holding,
                    snapshot_id=number,
                    as_of=as_of,
                    currency=currency,
                    purchases=purchases,
                    visits=holding.hold(summary.visits(purchases)),
                    credits=holding.take(tables.credits(())),
                    messages=holding.take(tables.messages(())),
                    person_of=holding.take(tables.person_of(listed)),
                    previous=previous,
                    store_names=dict(store_names or {}),
                    values=holding.take(values),
                    rates=rates and exchange.standing(holding.take(rates), into=currency),
                )
            )
        keyed = {(self.room, name): document for name, document in documents.items()}
        snapshots.write_figures(number, keyed, self.house.scratch)
        made = Snapshot(SnapshotId(number), as_of, _BUILT_AT, 0.0, {}, {"currency": currency})
        snapshots.finish(made, self.house.scratch)
        return made
