"""Cohort tables and single contracts come down to the same counts."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import Contracts


def told(contracts: Contracts) -> list[tuple[float, float, float]]:
    return list(
        zip(contracts.period, contracts.renewed, contracts.lost, strict=True),
    )


def test_cohorts_of_different_age_add_up() -> None:
    contracts = Contracts.of_cohorts([[100, 80, 70], [50, 30]])

    assert told(contracts) == [(1, 110, 40), (2, 70, 10)]
    assert contracts.n == 150


def test_a_table_may_end_in_missing_values() -> None:
    table = np.array([[100, 80, 70], [50, 30, np.nan], [20, np.nan, np.nan]])

    assert told(Contracts.of_cohorts(table)) == [(1, 110, 40), (2, 70, 10)]
    assert Contracts.of_cohorts(table).n == 150


def test_single_contracts_are_the_cohort_that_they_make() -> None:
    cohort = Contracts.of_cohorts([[6, 4, 3]])

    single = Contracts.of_tenures([0, 0, 1, 2, 2, 2], [False, False, False, True, True, True])
    weighted = Contracts.of_tenures([0, 1, 2], [0, 0, 1], weights=[2, 1, 3])

    assert told(single) == told(cohort) == told(weighted)
    assert single.n == cohort.n == weighted.n == 6


def test_old_contracts_count_only_from_where_the_record_begins() -> None:
    contracts = Contracts.of_tenures([5, 4, 1], [True, False, True], seen_from=[3, 4, 0])

    assert told(contracts) == [(1, 1, 0), (4, 1, 0), (5, 1, 1)]


def test_a_contract_of_today_tells_nothing_yet() -> None:
    contracts = Contracts.of_tenures([0, 1], [True, True])

    assert told(contracts) == [(1, 1, 0)]
    assert contracts.n == 1


def test_nothing_due_is_refused() -> None:
    with pytest.raises(BadInput, match="0 contracts had a renewal due"):
        Contracts.of_tenures([0, 0], [True, True])
    with pytest.raises(BadInput, match="0 contracts had a renewal due"):
        Contracts.of_cohorts([])


def test_what_cannot_be_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput, match="cohort 2 grows"):
        Contracts.of_cohorts([[9, 8], [9, 7, 8]])
    with pytest.raises(BadInput, match="cohort 1 is not a finite number"):
        Contracts.of_cohorts([[9, None, 8]])
    with pytest.raises(BadInput, match="first in row 1"):
        Contracts.of_tenures([1, 0.5], [True, True])
    with pytest.raises(BadInput, match="seen_from is above the renewals made"):
        Contracts.of_tenures([1], [True], seen_from=[2])
    with pytest.raises(BadInput, match="neither true nor false"):
        Contracts.of_tenures([1], [2])
    with pytest.raises(BadInput, match="lengths: renewals 2, active 1"):
        Contracts.of_tenures([1, 2], [True])
