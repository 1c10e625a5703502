"""What a trial could show is told before it is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.measure.trials import selectors
from joren.measure.trials.commands import trials_app
from joren.measure.trials.contracts import BadTrial, TrialPlan
from joren.warehouse import Snapshot
from tests.measure.trials.test_trials import PEOPLE, ahead, buying

__all__ = ["buying"]
pytestmark = pytest.mark.django_db


def planned(buying: Snapshot) -> TrialPlan:
    """As long as the past of the invented shop allows."""
    return TrialPlan("packaging", "order", ahead(3), ahead(3 + 150), 60)


def test_by_order_it_tells_the_least_in_money_and_how_many_are_needed(buying: Snapshot) -> None:
    found = selectors.design(planned(buying), buying, lift=0.05)

    assert 0 < found.units <= len(PEOPLE)
    gain, each = found.smallest_gain.value, found.smallest.value
    assert gain is not None
    assert each is not None
    assert gain == pytest.approx(each * (found.units // 2))
    assert (found.metric, found.smallest.unit) == ("profit", "JPY")
    assert found.needed is not None
    assert found.weeks is not None
    assert found.weeks > 60 / 7
    again = selectors.design(found.plan, buying, lift=found.smallest_lift.value or 0)
    assert again.needed == pytest.approx(found.units, rel=0.05)


def test_by_stretches_it_tells_what_so_many_could_see(buying: Snapshot) -> None:
    weeks = replace(planned(buying), unit="week", last=ahead(3 + 16 * 7 - 1))

    found = selectors.design(weeks, buying)

    assert (found.units, found.customers, found.needed) == (16, 0, None)
    assert found.smallest.value is None
    lift, gain = found.smallest_lift.value, found.smallest_gain.value
    assert lift is not None
    assert gain is not None
    assert lift > 0
    assert gain > 0


def test_what_could_never_be_drawn_is_refused_here_too(buying: Snapshot) -> None:
    with pytest.raises(BadTrial):
        selectors.design(replace(planned(buying), unit="week", last=ahead(20)), buying)
    with pytest.raises(BadTrial):
        selectors.design(planned(buying), buying, lift=0)


def test_the_page_shows_it_before_the_lot_is_drawn(
    buying: Snapshot, alice_the_admin: Client
) -> None:
    plain = alice_the_admin.get("/practices/packaging/").content.decode()
    asked = f"unit=order&first={ahead(3)}&last={ahead(153)}&horizon=60&period=7&washout=1"
    shown = alice_the_admin.get(f"/practices/packaging/?{asked}").content.decode()
    late = asked.replace(f"first={ahead(3)}", f"first={ahead(0)}")
    refused = alice_the_admin.get(f"/practices/packaging/?{late}").content.decode()

    assert "/practices/packaging/trials/" not in plain
    assert "見分けられる最小の増分" in shown
    assert "/practices/packaging/trials/" in shown
    assert "/practices/packaging/trials/" not in refused
    assert 'role="alert"' in refused


def test_programs_and_the_terminal_are_told_the_same(
    buying: Snapshot, alice_the_admin: Client
) -> None:
    plan = planned(buying)
    found = selectors.design(plan, buying)

    answer = alice_the_admin.get(
        f"/api/trials/design?unit=order&first={plan.first}&last={plan.last}&horizon_days=60"
    )
    said = CliRunner().invoke(
        trials_app,
        ["design", "--unit", "order", "--since", str(plan.first), "--until", str(plan.last),
         "--horizon", "60"],
    )  # fmt: skip

    assert answer.json()["units"] == found.units
    assert answer.json()["smallest_gain"]["value"] == pytest.approx(found.smallest_gain.value)
    assert f"{found.units:,} customers" in said.output
