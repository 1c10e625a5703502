"""How trials are dealt, and what may be said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.measure.trials.contracts import (
    BadExposures,
    BadTrial,
    ExposureRow,
    TrialEvidence,
    TrialPlan,
    TrialResult,
    TrialSide,
)
from joren.measure.trials.rules.dealing import (
    Known,
    Meant,
    check,
    drawn,
    meant,
    needed,
    pairs_in,
    periods,
    rows_of,
)
from joren.measure.trials.rules.telling import (
    Teller,
    among_all,
    by_people,
    by_periods,
    net_of,
    weeks_left,
)
from joren.science.inference import Spend

TODAY = date(2026, 4, 1)
WEEKS = TrialPlan("packaging", "week", date(2026, 4, 6), date(2026, 6, 28))
TELLER = Teller("JPY", "2026-06-30")
KNOWN = Known({"own": 3}, {"alice@example.com": 1}, {("own", "K-1"): 2})


def test_one_stretch_of_each_pair_has_it_and_the_salt_gives_it_again() -> None:
    stores = replace(WEEKS, unit="store", last=date(2026, 5, 10))

    for plan, of in ((WEEKS, [1, 2]), (stores, [1, 2, 3])):
        found = periods(plan, "salt", of)

        assert found == periods(plan, "salt", of)
        for block in {one.block for one in found}:
            both = [one for one in found if one.block == block]
            assert sorted(one.treated for one in both) == [False, True]
            assert both[0].last + timedelta(days=1) == both[1].first
            assert both[0].store == both[1].store
        assert all((one.counted_from - one.first).days == 1 for one in found)
        assert all(plan.first <= one.first and one.last <= plan.last for one in found)
    assert {one.store for one in periods(WEEKS, "salt", [1, 2])} == {None}
    assert {one.store for one in periods(stores, "salt", [1, 2, 3])} == {1, 2, 3}


def test_the_lot_falls_either_way() -> None:
    first = sum(periods(WEEKS, f"salt {one}", [])[0].treated for one in range(400))
    orders = drawn(np.arange(10_000, dtype=np.int64), "salt")

    assert 150 < first < 250
    assert 4_800 < orders.sum() < 5_200


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=50), st.text(max_size=9))
def test_an_order_has_its_arm_whoever_is_asked_with_it(numbers: list[int], salt: str) -> None:
    whole = drawn(np.array(numbers, np.int64), salt)

    alone = [drawn(np.array([one], np.int64), salt)[0] for one in numbers]

    assert whole.tolist() == alone


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WEEKS, unit="moon"),  # type: ignore[arg-type]
        replace(WEEKS, first=TODAY),
        replace(WEEKS, last=date(2026, 4, 5)),
        replace(WEEKS, last=date(2026, 6, 27)),  # five full pairs
        replace(WEEKS, washout_days=7),
        replace(WEEKS, period_days=1),
        replace(WEEKS, last=date(2029, 4, 5)),
        replace(WEEKS, unit="order", horizon_days=0),
    ],
)
def test_what_cannot_be_or_could_never_be_read_is_refused(wrong: TrialPlan) -> None:
    with pytest.raises(BadTrial):
        check(wrong, today=TODAY, stores=3)


def test_more_stores_need_fewer_weeks() -> None:
    short = replace(WEEKS, unit="store", last=date(2026, 5, 3))

    assert (needed(), pairs_in(WEEKS), pairs_in(short)) == (6, 6, 2)
    check(short, today=TODAY, stores=3)
    with pytest.raises(BadTrial):
        check(short, today=TODAY, stores=2)
    check(WEEKS, today=TODAY, stores=0)


def test_a_line_is_an_order_or_a_customer() -> None:
    assert meant(ExposureRow("own", "A-1", given="はい"), KNOWN) == Meant(
        None, 3, "A-1", True, None
    )
    assert meant(ExposureRow(email="Alice@example.com", given="no", on="2026/04/02"), KNOWN) == (
        Meant(1, 0, "", False, date(2026, 4, 2))
    )
    assert meant(ExposureRow("own", customer_number="K-1"), KNOWN) == Meant(2, 0, "", True, None)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (ExposureRow("other", "A-1"), "store"),
        (ExposureRow(email="bob@example.com"), "email"),
        (ExposureRow("own", customer_number="K-9"), "customer_number"),
        (ExposureRow(), "order_number"),
        (ExposureRow("own", "A-1", given="perhaps"), "given"),
        (ExposureRow("own", "A-1", on="yesterday"), "on"),
    ],
)
def test_what_is_wrong_stays_out_and_is_named(row: ExposureRow, column: str) -> None:
    found = meant(row, KNOWN)

    assert isinstance(found, tuple)
    assert found[0] == column


def test_a_list_needs_a_header_and_says_yes_where_it_says_nothing() -> None:
    assert rows_of("store,order_number,given\nown, A-1 ,\n") == [ExposureRow("own", "A-1")]
    with pytest.raises(BadExposures):
        rows_of("name\nA\n")


def test_stretches_are_held_against_what_their_store_used_to_bring() -> None:
    plan = replace(WEEKS, unit="store", last=date(2026, 5, 17))
    dealt = periods(plan, "salt", [1, 2])
    before = [6_000.0 if one.store == 1 else 600.0 for one in dealt]
    more = [
        round(was * (1.3 if one.treated else 1)) for was, one in zip(before, dealt, strict=True)
    ]

    said = by_periods(dealt, before, more, TELLER)
    same = by_periods(dealt, before, [round(one) for one in before], TELLER)

    assert (said.evidence, same.evidence) == ("proven_more", "not_proven")
    assert said.lift.value == pytest.approx(0.3, abs=0.01)
    assert said.gain.value == pytest.approx(sum(more) - sum(before), rel=0.01)
    few = by_periods(dealt[:10], before[:10], more[:10], TELLER)
    assert (few.evidence, few.gain.value) == ("too_few", None)


def test_orders_are_told_per_customer_and_together_and_few_are_not() -> None:
    without = Spend(1000, 400, 400_000, 500_000_000)
    with_it = Spend(1000, 500, 600_000, 900_000_000)

    said = by_people(without, with_it, "m", TELLER)
    few = by_people(Spend(10, 2, 200, 20_000), Spend(10, 3, 300, 30_000), "m", TELLER)

    assert said.evidence == "proven_more"
    assert said.gain.value == pytest.approx((said.each.value or 0) * 1000)
    assert (few.evidence, few.each.value) == ("too_few", None)
    net = net_of(said.gain, 50_000, TELLER)
    assert net.value == pytest.approx((said.gain.value or 0) - 50_000)
    assert net_of(said.gain, None, TELLER).value is None
    assert net_of(few.gain, 5, TELLER).value is None


def test_few_buyers_are_proven_only_where_the_lot_dealt_anew_agrees() -> None:
    without, with_it = Spend(400, 7, 70_000, 710_000_000), Spend(400, 25, 260_000, 2_800_000_000)

    agreed = by_people(without, with_it, "m", TELLER, permutation_p=0.01)
    against = by_people(without, with_it, "m", TELLER, permutation_p=0.08)

    assert (agreed.evidence, against.evidence) == ("proven_more", "not_proven")
    assert against.p == 0.08


def test_what_is_proven_by_itself_but_not_among_all_is_not() -> None:
    nothing = TELLER.unknown("trial_gain", "x")
    sides = (TrialSide(False, 9, 9, 9, None), TrialSide(True, 9, 9, 9, None))

    def one(number: int, evidence: TrialEvidence, p: float | None) -> TrialResult:
        return TrialResult(number, evidence, "revenue", sides, nothing, nothing, nothing, None,
                           nothing, None, p)  # fmt: skip

    noise = [one(number, "not_proven", 0.2 + number / 30) for number in range(2, 20)]
    told = among_all([one(0, "proven_more", 1e-5), one(1, "proven_less", 0.04), *noise,
                      one(30, "not_yet", None)])  # fmt: skip

    assert [each.evidence for each in told[:2]] == ["proven_more", "not_proven"]
    assert told[1].q == pytest.approx(0.4)
    assert told[-1].q is None


def test_orders_wait_for_their_horizon() -> None:
    by_order = replace(WEEKS, unit="order", horizon_days=90)

    assert weeks_left(WEEKS, date(2026, 6, 28)) is None
    assert weeks_left(by_order, date(2026, 6, 28)) == 13
