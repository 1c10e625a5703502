"""Whoever comes is drawn once, and the arms are alike at every moment."""

from __future__ import annotations

import threading
from collections import defaultdict

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.customers.services import merge_customers
from joren.core.errors import NotFound
from joren.decide.holdouts import models, rules, selectors, services
from joren.decide.holdouts.contracts import Holdout, HoldoutClosed
from joren.decide.holdouts.services import arriving
from joren.warehouse import Warehouse
from tests.act.messages.cast import people


def drawn(name: str = "お礼", share: float = 0.25) -> Holdout:
    return services.stand(name, share=share, by="alice")


def arms(number: int, *customers: int) -> dict[int, bool]:
    found = services.assign(number, customers)
    return dict(zip(found["customer_id"].to_pylist(), found["held_out"].to_pylist(), strict=True))


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(waves=st.lists(st.lists(st.integers(1, 60), max_size=30), max_size=6))
def test_each_block_leaves_out_its_share_whoever_comes_when(
    waves: list[list[int]], unrefreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        arriving.ranks, "deciles_of", lambda numbers: {one: one % 3 for one in numbers if one % 3}
    )
    with transaction.atomic():
        one, first = drawn(), dict[int, bool]()
        for wave in waves:
            for customer, held in arms(one.id, *wave).items():
                assert first.setdefault(customer, held) is held
        by_stratum = defaultdict(dict)
        for row in models.Place.objects.filter(holdout_id=one.id):
            assert row.stratum == row.customer_id % 3
            by_stratum[row.stratum][row.place] = row.held_out
        for places in by_stratum.values():
            assert sorted(places) == list(range(len(places)))
            for begin in range(0, len(places) - 3, 4):
                assert sum(places[begin + more] for more in range(4)) == 1
        now = selectors.holdout(one.id)
        assert (now.treated, now.held_out) == (
            len(first) - sum(first.values()), sum(first.values())
        )  # fmt: skip
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_who_turns_out_to_be_the_same_person_keeps_the_first_arm(
    unrefreshed_shop: Warehouse,
) -> None:
    people(range(1, 9))
    one = drawn()
    before = arms(one.id, *range(5, 9))
    merge_customers(1, 5, by="alice")  # type: ignore[arg-type]
    merge_customers(2, 8, by="alice")  # type: ignore[arg-type]

    assert arms(one.id, 1, 2) == {1: before[5], 2: before[8]}
    assert selectors.holdout(one.id).customers == 4


@pytest.mark.django_db
def test_who_came_is_in_the_log_once_and_can_be_drawn_again(unrefreshed_shop: Warehouse) -> None:
    one, other = drawn(), drawn("誕生日", 0.1)
    arms(one.id, *range(1, 30))
    arms(other.id, 7, 9)

    assert services.log_arrivals(unrefreshed_shop) == 31
    arms(one.id, *range(20, 40))
    assert services.log_arrivals(unrefreshed_shop) == 10
    assert services.log_arrivals(unrefreshed_shop) == 0

    logged = set(selectors.customers_of(one.id, "treated"))
    logged |= set(selectors.customers_of(one.id, "held_out"))
    assert logged == set(range(1, 40))
    assert selectors.drawn_again(one.id) == selectors.drawn_again(other.id) == 0


@pytest.mark.django_db
def test_nobody_new_comes_to_one_that_was_closed(unrefreshed_shop: Warehouse) -> None:
    one = services.stand_trial("同梱物", by="alice")
    known = arms(one.id, 1, 2, 3)
    services.end_trial(one.id, by="alice")

    assert arms(one.id, 1, 2, 3) == known
    with pytest.raises(HoldoutClosed):
        arms(one.id, 4)
    with pytest.raises(NotFound):
        arms(999, 4)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_nobody_two_places(unrefreshed_shop: Warehouse) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    one = drawn()
    found: list[dict[int, bool]] = []

    def draw(numbers: range) -> None:
        try:
            for begin in range(numbers.start, numbers.stop, 10):
                found.append(arms(one.id, *range(begin, begin + 20)))
        finally:
            connection.close()

    both = [threading.Thread(target=draw, args=[range(1 + shift, 101)]) for shift in (0, 5, 9)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    first: dict[int, bool] = {}
    for some in found:
        for customer, held in some.items():
            assert first.setdefault(customer, held) is held
    places = sorted(models.Place.objects.values_list("place", flat=True))
    assert places == list(range(len(first)))


def test_a_share_of_all_is_drawn_in_four_cohorts() -> None:
    design = rules.cohort_of(0.05)

    assert (design.block, design.held) == (80, 1)
    for wrong in (0.3, -0.1):
        with pytest.raises(rules.ShareNotDrawable):
            rules.cohort_of(wrong)
    assert np.isclose(rules.cohort_of(0.03).share * rules.COHORTS, 0.03)
