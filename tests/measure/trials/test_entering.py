"""Whoever ordered in a trial is in it, whatever became of the order; sides that are cut say so."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.test import Client

from joren.collect.orders.contracts import ORDERS
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments.contracts import IDENTITIES, PURCHASED
from joren.measure.trials import selectors, services
from joren.measure.trials.contracts import CUT_OTHERWISE, TrialMetric, TrialResult
from joren.measure.trials.rules import dealing
from joren.measure.trials.selectors import scene
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot, Warehouse
from tests.collect.products.test_products import append
from tests.measure.trials.test_customers import dealt
from tests.measure.trials.test_trials import FIRST, all_kept, began, bought_instead, buying

__all__ = ["buying"]
pytestmark = pytest.mark.django_db

MANY = range(1, 4001)
UNHAPPY = 0.3


@pytest.fixture
def sent_back(refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """With free returns all who are not happy send their first order back, without a fifth of them.
    Whether they buy again hangs on being happy alone: the practice changes nothing of that."""
    snapshot, rng = values.snapshot(), np.random.default_rng(7)
    ids = np.array([10 * one for one in MANY], np.int64)
    drawn = dealing.drawn(ids, "salt")
    unhappy = rng.random(len(MANY)) < UNHAPPY
    back = unhappy & (drawn | (rng.random(len(MANY)) < 0.2))
    again = rng.random(len(MANY)) < np.where(unhappy, 0.1, 0.5)
    kept, placed = [], []
    for one, number, gone, comes in zip(MANY, ids.tolist(), back, again, strict=True):
        day = FIRST + timedelta(days=one % 84)
        rows = [(one, number, day, 1, 1000)]
        if comes:
            rows.append((one, number + 1, day + timedelta(days=30), 2, 1000))
        placed += rows
        kept += rows[1:] if gone else rows
    bought_instead(refreshed_shop, snapshot, kept)
    told = ibis.memtable(
        pa.table(
            {
                "customer_id": [one[0] for one in placed], "order_id": [one[1] for one in placed],
                "ordered_on": [one[2] for one in placed], "ordered_at": [one[2] for one in placed],
            }
        )
    )  # fmt: skip
    timed = told.mutate(ordered_at=told.ordered_at.cast("timestamp('UTC', 6)"))
    monkeypatch.setattr(scene, "ordered", lambda _snapshot: timed)
    return snapshot


def read(metric: TrialMetric, snapshot: Snapshot) -> TrialResult:
    row = began("order")
    row.metric = metric
    row.save()
    return selectors.read(selectors.trial(row.pk), snapshot)


@pytest.mark.parametrize("metric", ["money", "repeat"])
def test_who_sends_the_first_order_back_stays_on_the_side_of_their_lot(
    sent_back: Snapshot, metric: TrialMetric
) -> None:
    said = read(metric, sent_back)

    without, with_it = said.sides
    assert without.units + with_it.units == len(MANY)
    assert abs(with_it.units - without.units) < 4 * len(MANY) ** 0.5
    assert said.evidence == "not_proven"
    assert said.each.low is not None
    assert said.each.high is not None
    assert said.each.low < 0 < said.each.high


def test_sides_that_are_cut_reach_no_conclusion(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    ids = warehouse().engine.arrow(all_kept(buying).select("order_id"))["order_id"].to_numpy()
    treated = ids[dealing.drawn(ids.astype(np.int64), "salt")]
    lost = set(treated[treated % 2 == 0].tolist())

    def cut(snapshot: Snapshot) -> ir.Table:
        every = all_kept(snapshot)
        first = every.nth == 1
        return every.filter(first & every.order_id.notin(lost))

    monkeypatch.setattr(scene, "ordered", cut)
    row = began("order")

    said = selectors.read(selectors.trial(row.pk), buying)
    page = alice_the_admin.get(f"/practices/trials/{row.pk}/").content.decode()

    assert said.sides[1].units < 0.6 * said.sides[0].units
    assert (said.evidence, said.p, said.each.value, said.gain.value) == ("broken", None, None, None)
    assert said.each.why == CUT_OTHERWISE
    assert "両側の人数がくじの割合と合わないため結論を出せない" in page


def test_households_that_are_missing_on_one_side_break_a_trial_by_customers(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = selectors.trial(dealt())
    services.draw_buyers()
    held = pc.field("held_out") | (pc.bit_wise_and(pc.field("customer_id"), 1) == 1)
    left = holdouts.placed(one.holdout or 0).filter(held)["customer_id"].to_pylist()
    monkeypatch.setattr(
        scene, "ordered", lambda day: all_kept(day).filter(all_kept(day).customer_id.isin(left))
    )

    said = selectors.read(one, buying)

    assert said.sides[1].units < 0.6 * said.sides[0].units
    assert said.evidence == "broken"


def test_orders_that_were_lost_are_among_those_that_were_placed(refreshed_shop: Warehouse) -> None:
    house, now = refreshed_shop, values.snapshot()
    (who,) = house.engine.rows(house.snapshots.table(now.id, IDENTITIES).limit(1))
    facts = [("returned", False, 0), ("cancelled", False, 0), ("paid", True, 0), ("paid", False, 1)]
    append(ORDERS, *(
        {"order_id": -number, "identity_id": who["identity_id"], "store_id": 1,
         "order_number": f"L{number}", "status": status, "free": free,
         "ordered_at": datetime.combine(now.as_of + timedelta(late), time(3), UTC),
         "ordered_on": now.as_of + timedelta(late)}
        for number, (status, free, late) in enumerate(facts, 1)
    ))  # fmt: skip

    rows = house.engine.rows(scene.ordered(now))

    numbers = [row["order_id"] for row in rows]
    bought = house.engine.rows(house.snapshots.table(now.id, PURCHASED))
    assert len(numbers) == len(set(numbers))
    assert set(numbers) >= {row["order_id"] for row in bought} | {-1, -2}
    assert not {-3, -4} & set(numbers)
    assert {row["customer_id"] for row in rows if row["order_id"] < 0} == {who["customer_id"]}
