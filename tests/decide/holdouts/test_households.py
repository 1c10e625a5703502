"""A household is drawn as one, so that no profile that is merged later lies in two arms."""

from __future__ import annotations

import pytest

from joren.collect.customers import models as people_models
from joren.collect.customers import selectors as customers
from joren.collect.customers.services import merge_customers
from joren.core.clock import now
from joren.decide.holdouts import models, selectors, services
from joren.warehouse import Warehouse
from tests.act.messages.cast import people

pytestmark = pytest.mark.django_db


def alike(*pairs: tuple[int, int]) -> None:
    for one, other in pairs:
        people_models.Double.objects.create(
            one_id=one, other_id=other, evidence=32, score=10, found_at=now()
        )


def households() -> dict[int, int]:
    found = customers.households()
    return dict(zip(*(found[name].to_pylist() for name in found.column_names), strict=True))


def arms(number: int, *asked: int) -> dict[int, bool]:
    found = services.assign(number, asked)
    return dict(zip(found["customer_id"].to_pylist(), found["held_out"].to_pylist(), strict=True))


def test_pairs_that_wait_hang_together_and_a_crowd_is_no_household(db: None) -> None:
    people(range(1, 31))
    alike((2, 3), (3, 7), (4, 5), *((one, one + 1) for one in range(10, 30)))

    assert households() == {2: 2, 3: 2, 7: 2, 4: 4, 5: 4}

    merge_customers(1, 4, by="alice")  # type: ignore[arg-type]

    assert households()[5] == 1


def test_a_household_that_comes_together_or_apart_shares_an_arm(
    unrefreshed_shop: Warehouse,
) -> None:
    people(range(1, 201))
    alike(*((one, one + 100) for one in range(1, 101)))
    number = services.stand("お礼", share=0.5, by="alice").id

    first = arms(number, *range(1, 151))
    later = arms(number, *range(151, 201))

    both = first | later
    assert all(both[one] == both[one + 100] for one in range(1, 101))
    assert sum(both.values()) == 100
    places = models.Place.objects.filter(holdout_id=number)
    assert places.values("stratum", "place").distinct().count() == 100
    services.log_arrivals(unrefreshed_shop)
    assert selectors.drawn_again(number) == 0


def test_who_is_merged_after_the_draw_lies_in_one_arm(unrefreshed_shop: Warehouse) -> None:
    people(range(1, 41))
    alike(*((one, one + 20) for one in range(1, 21)))
    number = services.stand("誕生日", share=0.5, by="alice").id
    before = arms(number, *range(1, 41))

    for one in range(1, 21):
        merge_customers(one, one + 20, by="alice")  # type: ignore[arg-type]

    assert arms(number, *range(1, 21)) == {one: before[one] for one in range(1, 21)}
    assert all(before[one] == before[one + 20] for one in range(1, 21))
