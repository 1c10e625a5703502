"""Lists of referrals: what a line means, and why it stays out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.measure.referrals.contracts import FEW_BOUGHT, TWO_PARTS, BadReferrals, ReferralRow
from joren.measure.referrals.rules import (
    Known,
    Meant,
    Teller,
    code_of,
    keys_asked,
    meant,
    rows_of,
)
from joren.science.inference import Spend, welch

KNOWN = Known(
    {"alice@example.com": 1, "bob@example.com": 2, "carol@example.com": 3},
    {("own", "K-1"): 1}, {"ALICE": 1}, {3: 1},
)  # fmt: skip
PAIR = ReferralRow(referred_email="Bob@example.com", referrer_email="alice@example.com")
CODE = ReferralRow(code=" alice10 ", referrer_email="alice@example.com")


def test_a_line_is_a_code_of_somebody_or_a_pair() -> None:
    assert meant(CODE, KNOWN) == Meant("ALICE10", 1)
    assert meant(replace(CODE, code="alice"), KNOWN) == Meant("ALICE", 1, again=True)
    assert meant(PAIR, KNOWN) == Meant("", 1, 2)
    by_code = ReferralRow(code="Alice", referred_email="bob@example.com")
    assert meant(by_code, KNOWN) == Meant("", 1, 2)
    unknown = ReferralRow(referred_email="bob@example.com")
    assert meant(unknown, KNOWN) == Meant("", None, 2)
    by_number = ReferralRow(
        referred_email="bob@example.com", referrer_number="K-1", store="own", on="2026/4/01"
    )
    assert meant(replace(by_number, on="2026/04/01"), KNOWN) != meant(PAIR, KNOWN)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (replace(PAIR, referred_email="nobody@example.com"), "referred_email", "nobody is known"),
        (replace(PAIR, referrer_email="nobody@example.com"), "referrer_email", "nobody is known"),
        (replace(PAIR, referrer_email="bob@example.com"), "referred_email", "themselves"),
        (replace(PAIR, on="31 April"), "on", "no day"),
        (replace(PAIR, referrer_email="", code="NOBODY"), "code", "nobody's"),
        (ReferralRow(referred_email="carol@example.com", referrer_email="bob@example.com"),
         "referred_email", "another list"),
        (ReferralRow(), "code", "neither"),
        (ReferralRow(code="X"), "referrer_email", "whose code"),
        (replace(CODE, referrer_email="bob@example.com", code="ALICE"), "code", "somebody else"),
        (replace(CODE, code="alice@example.com"), "code", "an address"),
        (replace(CODE, code="x" * 61), "code", "longer than 60"),
    ],
)  # fmt: skip
def test_what_is_wrong_stays_out_and_is_named(row: ReferralRow, column: str, reason: str) -> None:
    found = meant(row, KNOWN)

    assert isinstance(found, tuple)
    assert found[0] == column
    assert reason in found[2]


@given(st.text(max_size=20))
def test_spellings_of_a_code_are_one(said: str) -> None:
    assert code_of(code_of(said)) == code_of(f"  {said} ")


def test_a_list_has_a_header_that_says_something() -> None:
    text = "\ufeffCode, Referrer_Email ,other\r\n A1 , alice@example.com,x\r\n"

    assert rows_of(text) == [ReferralRow(code="A1", referrer_email="alice@example.com")]
    with pytest.raises(BadReferrals):
        rows_of("name,mail\n1,2\n")
    with pytest.raises(BadReferrals):
        rows_of("")


def test_people_and_codes_of_a_list_are_asked_once() -> None:
    emails, numbers, codes = keys_asked(
        [PAIR, CODE, ReferralRow(referred_number="K-2", referrer_number="K-1", store="own")]
    )

    assert emails == {"bob@example.com", "alice@example.com"}
    assert (numbers, codes) == ({"own": {"K-1", "K-2"}}, {"ALICE10"})


def test_too_few_who_were_here_for_a_year_have_no_difference() -> None:
    teller, many = Teller("JPY", "2026-04-30"), Spend(400, 400, 400_000, 500_000_000)

    few = teller.difference(Spend(29, 29, 29_000, 40_000_000), many)
    enough = teller.difference(Spend(30, 30, 60_000, 130_000_000), many)

    assert few.value is None
    assert few.why == "fewer than 30 on one side have been here for 365 days"
    assert enough.value == pytest.approx(1000)
    assert enough.low is not None
    assert enough.low < 1000


def test_a_few_referred_with_one_large_order_prove_nothing() -> None:
    """Two means lie where a few stand beside thousands and one order carries the total."""
    teller = Teller("JPY", "2026-04-30")
    few = Spend.of(400, [1_000.0] * 39 + [900.0])
    many = Spend.of(20_000, [1_000.0] * 1_990 + [200_000.0] * 10)

    told = teller.difference(few, many)
    by_means = welch(many.sums, few.sums)

    assert told.high is not None
    assert by_means.high < 0 < told.high
    assert told.model == TWO_PARTS
    assert teller.difference(Spend.of(400, [9_000.0] * 3), many).why == FEW_BOUGHT


def test_the_lot_dealt_anew_has_its_say_where_few_bought() -> None:
    teller = Teller("JPY", "2026-04-30")
    few, many = Spend.of(30, [9_000.0] * 20), Spend.of(3000, [9_000.0] * 500)

    assert teller.difference(few, many, 0.001).low is not None
