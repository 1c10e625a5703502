"""What every action lifted, as a file for a model of the media mix."""

from __future__ import annotations

import io
from datetime import date

import pyarrow.csv
import pyarrow.parquet
import pytest
from django.test import Client

from joren.core.clock import now
from joren.decide.holdouts.contracts import Holdout
from joren.measure.channels import models as channels
from joren.measure.experiments import selectors, services
from joren.measure.trials import models as trials
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


def test_a_lift_is_the_result_in_the_major_unit(drawn: Holdout, refreshed_shop: Warehouse) -> None:
    reached(drawn, 400)
    services.say_cost(drawn.id, kind="messages", amount=12_000, by="alice")
    result = selectors.result(drawn.id)

    [lift] = selectors.lifts()

    assert (lift.start, lift.end, lift.currency) == (result.first, result.last, "JPY")
    assert (lift.effect, lift.low, lift.high) == (
        result.realised.value, result.realised.low, result.realised.high,
    )  # fmt: skip
    assert lift.spend == result.cost.total
    assert lift.spend is not None


def test_before_anybody_was_reached_nothing_is_told_and_never_0(drawn: Holdout) -> None:
    [lift] = selectors.lifts()

    assert (lift.start, lift.end, lift.effect, lift.low) == (None, None, None, None)


def test_both_files_hold_the_same_rows(drawn: Holdout, alice_the_admin: Client) -> None:
    reached(drawn, 400)
    csv = alice_the_admin.get("/api/effects/lifts?form=csv")
    parquet = alice_the_admin.get("/api/effects/lifts?form=parquet")

    read = pyarrow.csv.read_csv(io.BytesIO(csv.content.removeprefix(b"\xef\xbb\xbf")))
    table = pyarrow.parquet.read_table(io.BytesIO(parquet.content))
    assert read.column_names == table.column_names
    assert read["holdout"].to_pylist() == table["holdout"].to_pylist() == [drawn.id]
    assert read["effect"].to_pylist() == pytest.approx(table["effect"].to_pylist())


def test_what_was_tried_otherwise_stands_beside_the_holdouts(
    drawn: Holdout, refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    reached(drawn, 400)
    trial = trials.Trial.objects.create(
        practice="packaging", unit="order", first=date(2025, 10, 6), last=date(2025, 12, 28),
        horizon_days=60, period_days=7, washout_days=1, salt="salt", drawn_at=now(),
        drawn_by="alice",
    )  # fmt: skip
    test = channels.AreaTest.objects.create(
        name="秋のTV", channel="tv", unit="broadcast", started_on=date(2025, 10, 6),
        stopped_on=date(2025, 11, 6), lag_days=14, by_lot=True, salt="s", drawn_at=now(),
        drawn_by="alice",
    )  # fmt: skip
    channels.Area.objects.create(test=test, name="関東", treated=True, block=0)
    channels.Spend.objects.create(
        channel="tv", first=test.started_on, last=test.stopped_on, amount=500, test=test,
        said_at=now(), said_by="alice",
    )  # fmt: skip

    found = {(one.kind, one.number): one for one in selectors.lifts()}

    assert {kind for kind, _ in found} == {"holdout", "trial", "area_test"}
    area = found["area_test", test.pk]
    assert (area.channel, area.start, area.end, area.spend) == (
        "tv", date(2025, 10, 6), date(2025, 11, 20), 500,
    )  # fmt: skip
    tried = found["trial", trial.pk]
    assert (tried.name, tried.end, tried.holdout) == ("packaging", date(2026, 2, 26), None)
    page = alice_the_admin.get("/effects/lifts.csv")
    read = pyarrow.csv.read_csv(io.BytesIO(page.content.removeprefix(b"\xef\xbb\xbf")))
    assert sorted(read["kind"].to_pylist()) == ["area_test", "holdout", "trial"]
