"""What every action lifted, as a file for a model of the media mix."""

from __future__ import annotations

import io

import pyarrow.csv
import pyarrow.parquet
import pytest
from django.test import Client

from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import selectors, services
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
