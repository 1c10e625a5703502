"""One refresh: the whole chain, its day, and what it keeps."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from joren.core import clock
from joren.core.ids import SnapshotId
from joren.plumbing.warehouse import warehouse
from joren.project import refresh as refreshing
from joren.project import snapshot_shelf as shelf
from joren.understand.cohorts.contracts import COHORT_CELLS
from joren.understand.ltv.contracts import CUSTOMER_VALUES, AsOfAhead, NothingToConclude
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Warehouse
from joren.warehouse.snapshots import FIGURES
from tests.project.refreshing import refreshed
from tests.understand.ltv.facts import Shop, order, written
from tests.understand.ltv.test_values import a_repeating_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(unrefreshed_shop: Warehouse) -> Warehouse:
    """This test's own warehouse, with a shop in it."""
    return unrefreshed_shop


def test_a_refresh_leaves_one_whole_snapshot(house: Warehouse) -> None:
    report = refreshed(as_of=date(2026, 3, 31))

    (snapshot,) = house.snapshots.all()
    rooms = {room for room, _ in house.snapshots.figures(snapshot.id)}
    assert (snapshot.id, snapshot.as_of) == (report.snapshot_id, date(2026, 3, 31))
    assert rooms == {
        "ltv", "ranks", "cohorts", "economics", "shifts", "paths", "segments", "strategies",
        "quality", "indicators",
    }  # fmt: skip
    for spec in (CUSTOMER_VALUES, CUSTOMER_RANKS):
        rows = house.engine.rows(house.snapshots.table(snapshot.id, spec))
        assert [row["customer_id"] for row in rows] == list(range(1, report.customers + 1))


def test_a_day_that_is_still_to_come_is_refused(house: Warehouse) -> None:
    with pytest.raises(AsOfAhead, match="2100-01-01"):
        refreshed(as_of=date(2100, 1, 1))

    assert not house.snapshots.all()


def test_progress_goes_from_nothing_to_all(house: Warehouse) -> None:
    told: list[tuple[str, float]] = []

    report = refreshed(on_progress=lambda step, share: told.append((step, share)))

    shares = [share for _, share in told]
    assert [step for step, _ in told] == [*refreshing.STEPS, "done"]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert sum(report.steps.values()) == pytest.approx(report.seconds)


def test_an_old_log_is_seen_from_its_last_day(house: Warehouse) -> None:
    newest = max(row["ordered_on"] for row in a_repeating_shop(house.home, customers=80).orders)

    report = refreshed()

    assert (report.as_of, report.because) == (newest, "last order")


def test_a_living_shop_is_seen_from_today(home: Path) -> None:
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    sold = today - timedelta(days=3)
    written(warehouse(), Shop(home, orders=[order(1, 1, sold.isoformat(), 1000)]))

    report = refreshed()

    assert report.because == "today"
    assert report.as_of in (today, today + timedelta(days=1))  # midnight may pass meanwhile


def test_without_an_order_there_is_nothing_to_conclude(home: Path) -> None:
    with pytest.raises(NothingToConclude) as refused:
        refreshed()

    assert refused.value.hint == "joren import orders FILE"
    assert warehouse().snapshots.all() == ()


def test_the_same_facts_and_day_give_the_same_insights(house: Warehouse) -> None:
    first = insights(house, refreshed(as_of=date(2026, 3, 31)))

    again = insights(house, refreshed(as_of=date(2026, 3, 31)))

    assert first == again


def test_a_later_day_is_compared_with_the_earlier_one(house: Warehouse) -> None:
    refreshed(as_of=date(2026, 3, 31))
    refreshed(as_of=date(2026, 4, 30))

    (_, newest) = house.snapshots.all()
    movement = house.snapshots.figures(newest.id)["ltv", "value"]["movement"]
    assert movement["previous_as_of"] == "2026-03-31"


def test_nothing_of_a_dead_refresh_stays_under_the_id_that_the_next_one_takes(
    house: Warehouse,
) -> None:
    died = SnapshotId(1)
    house.snapshots.write_figures(died, {("ltv", "value"): {"half": True}}, house.scratch)

    report = refreshed(as_of=date(2026, 3, 31))

    (snapshot,) = house.snapshots.all()
    assert snapshot.id == report.snapshot_id == died
    assert "half" not in house.snapshots.figures(died)["ltv", "value"]
    assert len(house.lake.files(FIGURES, snapshot=died)) == 1
    assert shelf.clear(house) == ()


def insights(house: Warehouse, report: refreshing.Report) -> dict[str, Any]:
    """All tables and figures of the snapshot, but for its number."""
    number = SnapshotId(report.snapshot_id)
    figures = house.snapshots.figures(number)
    for name in ("value", "models", "contracts"):
        figures["ltv", name]["snapshot_id"] = 0
    tables = {
        spec.name: house.engine.rows(house.snapshots.table(number, spec))
        for spec in (CUSTOMER_VALUES, CUSTOMER_RANKS, COHORT_CELLS)
    }
    return {"figures": figures, **tables}
