"""Money adds up to the last unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.core.money import Money, decimals

minors = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(1980, "JPY"), "¥1,980"),
        (Money(-1980, "USD"), "-$19.80"),
        (Money(1980, "XXX"), "19.80"),
        (Money(1980, "KWD"), "1.980 KWD"),
    ],
)
def test_money_is_written_in_its_currency(money: Money, shown: str) -> None:
    assert str(money) == shown


@given(minors, st.sampled_from(["JPY", "USD", "KWD"]))
def test_what_is_written_is_read_again(minor: int, currency: str) -> None:
    written = f"{Money(minor, currency).major:f}"

    assert Money.parse(written, currency) == Money(minor, currency)


def test_a_fraction_of_a_yen_is_refused_and_not_rounded() -> None:
    with pytest.raises(BadInput, match="more decimals"):
        Money.parse("29.33", "JPY")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(BadInput, match="without a rate"):
        Money(1, "JPY") + Money(1, "USD")


@given(minors, minors)
def test_taking_away_undoes_adding(one: int, other: int) -> None:
    assert Money(one, "JPY") + Money(other, "JPY") - Money(other, "JPY") == Money(one, "JPY")


def test_a_currency_nobody_listed_has_two_decimals() -> None:
    assert decimals("EUR") == 2


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity", "1E+999999", "9" * 30])
def test_what_is_no_amount_or_too_large_for_one_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no amount"):
        Money.parse(text, "JPY")
