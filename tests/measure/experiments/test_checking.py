"""Arms that are not those that were drawn: since when, where, and how the page says so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.test import Client

from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts.checks import ArmsLikely
from joren.measure.experiments.selectors import checking, concluding
from joren.science.inference import sample_ratio
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


def without(monkeypatch: pytest.MonkeyPatch, lost: Any) -> None:
    """As if some of those left out could not be found any more."""
    found = checking.drawn_people

    def fewer(*given: Any) -> tuple[pa.Table, int]:
        drawn, in_both = found(*given)
        held = drawn["held_out"].to_numpy(zero_copy_only=False).astype(bool)
        return drawn.filter(pa.array(~(held & lost(drawn)))), in_both

    for module in (checking, concluding):
        monkeypatch.setattr(module, "drawn_people", fewer)


def stratum(drawn: pa.Table) -> np.ndarray:
    found: np.ndarray = drawn["unit"].to_numpy() >> 48
    return found


def test_sound_arms_are_shown_with_their_parts(drawn: Holdout, alice_the_admin: Client) -> None:
    reached(drawn, 200)

    found = selectors.arms_check(drawn.id)
    page = alice_the_admin.get(f"/holdouts/{drawn.id}/").content.decode()

    assert not found.blocks
    assert found.likely == ()
    assert {one.group for one in found.counts} >= {"stage", "stratum", "source"}
    for group in ("stratum", "store", "source"):
        parts = [one for one in found.counts if one.group == group]
        assert sum(one.treated for one in parts) == drawn.treated
        assert sum(one.held_out for one in parts) == drawn.held_out
    assert "群の大きさはくじのとおりです" in page


def test_who_is_missing_is_told_by_stage_and_part_and_blocks(
    drawn: Holdout, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 200)
    without(monkeypatch, lambda drawn: stratum(drawn) <= 8)

    found = selectors.arms_check(drawn.id)
    page = alice_the_admin.get(f"/holdouts/{drawn.id}/").content.decode()

    assert found.blocks
    stage = next(one for one in found.likely if one.group == "stage")
    assert (stage.cause, stage.where) == ("lost_on_the_way", ("counted today",))
    assert any(one.cause in ("in_some_groups", "everywhere") for one in found.likely)
    assert "群の大きさがくじのとおりではありません" in page
    assert "今日数えている人数" in page
    assert selectors.result(drawn.id).evidence == "broken"


def test_one_arm_that_loses_people_is_seen_where_its_size_still_could_be_chance(
    drawn: Holdout, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 200)
    gone = 12
    without(monkeypatch, lambda drawn: np.cumsum(drawn["held_out"].to_numpy(False)) <= gone)

    found = selectors.arms_check(drawn.id)

    sizes = (drawn.treated, drawn.held_out - gone)
    assert sample_ratio(sizes, (drawn.treated, drawn.held_out)).p > 0.05
    assert found.blocks
    assert found.p is not None
    assert found.p < 0.001
    assert found.likely == (ArmsLikely("lost_on_the_way", "stage", ("counted today",)),)
    assert selectors.result(drawn.id).evidence == "broken"


def test_of_an_arm_of_nobody_nothing_is_said(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached(drawn, 200)
    without(monkeypatch, lambda drawn: stratum(drawn) <= 10)

    assert selectors.arms_check(drawn.id).p is None
