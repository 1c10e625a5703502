"""One refresh: from the facts to one dated snapshot of insights.

Everything is written first and made visible by one last step, so that ``kill -9`` at any moment
leaves the snapshot before as the current one. What a dead refresh left is removed by the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Literal

from joren.accounts import selectors as accounts
from joren.act.journeys.services import keep_attributes
from joren.act.messages import selectors as messages
from joren.act.pressure.services import weigh_pressure
from joren.collect.customers import selectors as customers
from joren.collect.customers.services import finding_doubles
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.collect.orders import services as orders
from joren.collect.orders.contracts import (
    AD_SPEND,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    RATES,
    REFUNDS,
    SUPERSEDED,
)
from joren.collect.quality import selectors as quality
from joren.core import clock
from joren.core.ids import SnapshotId
from joren.decide.holdouts import services as holdouts
from joren.decide.segments import services as segments
from joren.decide.strategies.services import describe_segments
from joren.measure.experiments.services import log_exposures, look_at_variants, read_effects
from joren.measure.indicators.services import follow_indicators
from joren.measure.initiatives.services import renew_baselines
from joren.measure.touches.services import count_touches
from joren.measure.trials.services import draw_buyers
from joren.plumbing import outbox
from joren.plumbing.warehouse import counting_warehouse, warehouse
from joren.project import snapshot_shelf as shelf
from joren.understand.cohorts.services import follow_cohorts
from joren.understand.economics.services import weigh_economics
from joren.understand.ltv.contracts import AsOfAhead, NothingToConclude
from joren.understand.ltv.services import Begun, Facts, begin_values, conclude_values, gather
from joren.understand.paths.services import map_journeys
from joren.understand.ranks.selectors import REPORT as RANKS
from joren.understand.ranks.services import rank_customers
from joren.understand.shifts.services import find_shifts
from joren.warehouse import Holding, Snapshot, Warehouse

FACTS: Final = (ORDERS, ORDER_LINES, SUPERSEDED, REFUNDS, PRODUCTS, AD_SPEND, RATES)
FRESH_DAYS: Final = 7
STEPS: Final = (
    "recover", "gather", "quality", "values", "ranks", "cohorts", "economics", "shifts", "segments",
    "paths", "indicators", "finish",
)  # fmt: skip

Because = Literal["given", "today", "last order"]
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Report:
    """What a refresh did. ``because`` says where its as-of day came from."""

    snapshot_id: int
    as_of: date
    because: Because
    currency: str
    customers: int
    orders: int
    model: str
    model_why: str
    seconds: float
    steps: Mapping[str, float] = field(default_factory=dict)  # seconds of each
    pruned: tuple[int, ...] = ()


class _Stages:
    """Tells progress and keeps the time of each step."""

    def __init__(self, told: Progress | None) -> None:
        self.begun = time.perf_counter()
        self.seconds: dict[str, float] = {}
        self._told = told or (lambda _step, _share: None)

    def enter(self, step: str) -> None:
        now = time.perf_counter()
        if self.seconds:
            last = next(reversed(self.seconds))
            self.seconds[last] = now - self.begun - sum(self.seconds.values())
        self.seconds[step] = 0.0
        self._told(step, STEPS.index(step) / len(STEPS))

    def leave(self) -> float:
        """All is done; returns the seconds since the beginning."""
        whole = time.perf_counter() - self.begun
        last = next(reversed(self.seconds))
        self.seconds[last] = whole - sum(self.seconds.values())
        self._told("done", 1.0)
        return whole


def refresh(*, as_of: date | None = None, on_progress: Progress | None = None) -> Report:
    """Build the snapshot of that day from what is known now; it becomes the current one.

    Without a day it is today's, or that of the newest order where that is more than a week old: an
    old log would otherwise look like a shop whose customers have all left.
    """
    with warehouse().texts_kept("refresh"):
        return _refreshed(as_of, _Stages(on_progress))


def _refreshed(as_of: date | None, stages: _Stages) -> Report:
    with warehouse().journal.counting(), counting_warehouse() as house:
        report = _build(house, as_of, stages)
    look_at_variants()
    draw_buyers()
    log_exposures()
    read_effects()  # of the snapshot that is the newest now: what it says is kept with its day
    renew_baselines()
    count_touches()
    outbox.put("figures.refreshed", snapshot=report.snapshot_id, as_of=report.as_of.isoformat())
    return report


def _build(house: Warehouse, asked: date | None, stages: _Stages) -> Report:
    stages.enter("recover")
    with warehouse().journal.pen():
        orders.recover(warehouse())
    shelf.clear(house)
    holdouts.log_arrivals(warehouse())
    business = accounts.business()
    with house.engine.session() as holding, finding_doubles(warehouse()) as doubles:
        stages.enter("gather")
        try:
            day, because = _as_of(house, asked)
            versions = {spec.name: house.lake.version(spec) for spec in FACTS}
            read = _read(house, holding)
            gathered = gather(
                read,
                warehouse=house,
                holding=holding,
                snapshot_id=house.snapshots.next_id(),
                as_of=day,
                currency=business.currency,
                previous=_before(house, day),
                store_names={store.id: store.name for store in customers.stores()},
                messages=messages.message_costs(business.time_zone),
            )
        except (NothingToConclude, AsOfAhead):
            doubles()  # people may be there before orders are
            raise
        doubles()
        begun = begin_values(gathered)
        stages.enter("quality")  # which keeps the engine busy while the models are judged
        found = quality.quality_report(house, as_of=day, person_of=read.person_of)
        figures = _conclude(begun, stages, business.time_zone)
        figures[quality.ROOM, quality.REPORT] = quality.document_of(found)
        stages.enter("finish")
        house.snapshots.write_figures(gathered.snapshot_id, figures, house.scratch)
        settings = {"zone": business.time_zone, "because": because, "currency": gathered.currency}
        house.snapshots.finish(
            Snapshot(
                id=gathered.snapshot_id,
                as_of=day,
                built_at=clock.now(),
                seconds=time.perf_counter() - stages.begun,
                facts=versions,
                settings=settings,
            ),
            house.scratch,
        )
    pruned = shelf.prune(house)
    segments.forget_sources(house)
    return _report(begun, because, figures, stages, pruned)


def _conclude(begun: Begun, stages: _Stages, time_zone: str) -> dict[tuple[str, str], Any]:
    """The rooms, one after the other; each works from what the first held."""
    stages.enter("values")
    refreshing, documents = conclude_values(begun)
    figures = {("ltv", name): document for name, document in documents.items()}
    for step, room, verb in (
        ("ranks", "ranks", rank_customers),
        ("cohorts", "cohorts", follow_cohorts),
        ("economics", "economics", weigh_economics),
        ("shifts", "shifts", find_shifts),
    ):
        stages.enter(step)
        figures |= {(room, name): document for name, document in verb(refreshing).items()}
    weigh_pressure(refreshing)  # segments ask for it, and for words that journeys kept
    keep_attributes(refreshing)
    stages.enter("segments")
    for name, document in segments.follow_segments(refreshing, time_zone).items():
        figures["segments", name] = document
    for name, document in describe_segments(refreshing).items():
        figures["strategies", name] = document
    stages.enter("paths")  # after the segments, which write the traits
    for name, document in map_journeys(refreshing, figures["ranks", RANKS]).items():
        figures["paths", name] = document
    stages.enter("indicators")
    for name, document in follow_indicators(refreshing).items():
        figures["indicators", name] = document
    return figures


def _read(house: Warehouse, holding: Holding) -> Facts:
    return Facts(
        orders=facts.orders(house),
        order_lines=facts.order_lines(house),
        refunds=facts.refunds(house),
        products=facts.products(house),
        person_of=holding.take(customers.person_of(house)),
        rates=facts.rates(house),
        events=house.facts(EVENTS) if house.lake.files(EVENTS) else None,
    )


def _as_of(house: Warehouse, asked: date | None) -> tuple[date, Because]:
    table = facts.orders(house)
    (row,) = house.engine.rows(table.agg(newest=table.ordered_on.max()))
    newest: date | None = row["newest"]
    if newest is None:
        raise NothingToConclude("there are no orders yet", hint="joren import orders FILE")
    today = _today()
    if asked is not None:
        if asked > max(today, newest):
            raise AsOfAhead(f"{asked} is after today, {today}", hint="choose a day that is over")
        return asked, "given"
    if today - newest > timedelta(days=FRESH_DAYS):
        return newest, "last order"
    return max(today, newest), "today"


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)


def _before(house: Warehouse, day: date) -> Snapshot | None:
    """The newest snapshot of an earlier day: what this one is compared with.

    Not one of the same day, so that a refresh that is run again says the same.
    """
    earlier = [one for one in house.snapshots.all() if one.as_of < day]
    return max(earlier, key=lambda one: (one.as_of, one.id), default=None)


def _report(
    begun: Begun,
    because: Because,
    figures: Mapping[tuple[str, str], Any],
    stages: _Stages,
    pruned: tuple[SnapshotId, ...],
) -> Report:
    totals = {one["name"]: one["value"] for one in figures["ltv", "value"]["totals"]}
    return Report(
        snapshot_id=begun.gathered.snapshot_id,
        as_of=begun.gathered.as_of,
        because=because,
        currency=begun.gathered.currency,
        customers=totals["customers"],
        orders=totals["orders"],
        model=figures["ltv", "models"]["model"],
        model_why=figures["ltv", "models"]["why"],
        seconds=stages.leave(),
        steps=stages.seconds,
        pruned=pruned,
    )
