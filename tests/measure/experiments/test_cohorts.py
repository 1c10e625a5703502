"""What all messages together earned is read of those alone who may be written to."""

from __future__ import annotations

import pytest

from joren.decide.holdouts import models, services
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.holdouts.services import globally
from joren.measure.experiments import selectors
from joren.measure.experiments.selectors.people import drawn_people
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohorts(refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch) -> list[Holdout]:
    monkeypatch.setattr(globally, "FEWEST_GLOBAL", 20)
    services.set_global(0.2, by="alice")
    drawn = services.rotate()
    for one in drawn:
        reached(one, days_ago=90)
    return [holdouts.holdout(one.id) for one in drawn]


def test_neither_arm_of_a_cohort_has_whom_another_one_leaves_out(cohorts: list[Holdout]) -> None:
    held = {one.id: {*holdouts.customers_of(one.id, "held_out")} for one in cohorts}
    first, *others = cohorts
    beside = set[int]().union(*(held[one.id] for one in others))
    treated = {*holdouts.customers_of(first.id, "treated")}
    assert len(treated & beside) > 2

    drawn, _ = drawn_people(first, values.snapshot())

    read = {row["customer_id"]: row["held_out"] for row in drawn.to_pylist()}
    assert {one for one, left_out in read.items() if left_out} == held[first.id]
    assert {one for one, left_out in read.items() if not left_out} == treated - beside


def test_whom_others_leave_out_are_not_missed_by_the_check_of_the_arms(
    cohorts: list[Holdout],
) -> None:
    for one in cohorts:
        (result,) = [each for each in selectors.results() if each.holdout_id == one.id]
        drawn, _ = drawn_people(one, values.snapshot())
        check = selectors.arms_check(one.id)
        stages = [(each.treated, each.held_out) for each in check.counts if each.group == "stage"]

        assert result.evidence != "broken"
        assert sum(arm.customers for arm in result.arms) <= drawn.num_rows
        assert len({*stages}) == 1
        assert not check.blocks


def test_a_cohort_that_ended_before_it_began_takes_nobody_away(cohorts: list[Holdout]) -> None:
    first, *others = cohorts
    for one in others:
        models.Holdout.objects.filter(pk=one.id).update(until=first.treated_on)
    before, _ = drawn_people(first, values.snapshot())
    for one in others:
        assert one.treated_on is not None
        models.Holdout.objects.filter(pk=one.id).update(
            until=one.treated_on.replace(year=one.treated_on.year - 1)
        )

    after, _ = drawn_people(first, values.snapshot())

    assert after.num_rows == first.customers
    assert before.num_rows < after.num_rows
