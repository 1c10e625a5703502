"""Areas, how they are dealt, and what is said of a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.measure.channels.contracts import (
    AreaSum,
    AreaTestText,
    BadAreaTest,
    BadSpend,
    TooFewAreas,
)
from joren.measure.channels.rules.areas import area_of, summed
from joren.measure.channels.rules.dealing import check_spend as spend_checked
from joren.measure.channels.rules.dealing import check_test as text_checked
from joren.measure.channels.rules.dealing import chosen, drawn, pairs
from joren.measure.channels.rules.telling import (
    Gain,
    Teller,
    evidence_of,
    figures_of,
    lift_of,
    rows_of,
    within,
)

TODAY = date(2026, 4, 1)
TELLER = Teller("JPY", "2026-04-30")
TEXT = AreaTestText("春のCM", "TV", "prefecture", date(2026, 5, 1), date(2026, 5, 28))
TEN = {f"県{one:02}": 100_000 - one for one in range(20)}


@pytest.mark.parametrize("said", ["東京都", "東京", " Tokyo ", "tokyo-to", "JP-13"])
def test_spellings_of_a_prefecture_are_one(said: str) -> None:
    assert area_of(said, "prefecture") == "東京都"


def test_a_wave_reaches_several_prefectures_and_what_is_unknown_stays_itself() -> None:
    assert area_of("Saitama", "broadcast") == area_of("東京", "broadcast") == "関東"
    assert area_of("北海道", "broadcast") == "北海道"
    assert area_of("California", "broadcast") == "California"
    assert summed([("東京", 2), ("東京都", 3), ("京都", 5)], "prefecture") == {
        "東京都": 5, "京都府": 5,
    }  # fmt: skip


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(-5, 10**9), min_size=12))
def test_of_each_pair_one_is_treated_and_the_salt_gives_it_again(sold: dict[str, int]) -> None:
    if len(pairs(sold)) < 6:
        with pytest.raises(TooFewAreas):
            drawn(sold, "salt")
        return

    dealt = drawn(sold, "salt")

    assert dealt == drawn(dict(reversed(sold.items())), "salt")
    for block in {one.block for one in dealt}:
        both = [one for one in dealt if one.block == block]
        assert sorted(one.treated for one in both) == [False, True]
    assert all(sold[one.name] > 0 for one in dealt)


def test_the_lot_falls_either_way() -> None:
    firsts = sum(drawn(TEN, f"salt {one}")[0].treated for one in range(400))

    assert 150 < firsts < 250


def test_areas_that_somebody_chose_stand_beside_all_others() -> None:
    dealt = chosen({"東京都": 9, "大阪府": 5, "京都府": 0}, ["大阪府"])

    assert [(one.name, one.treated) for one in dealt] == [("大阪府", True), ("東京都", False)]
    with pytest.raises(BadAreaTest, match="京都府"):
        chosen({"東京都": 9, "京都府": 0}, ["京都府"])
    with pytest.raises(BadAreaTest):
        chosen({"東京都": 9}, ["東京都"])


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TEXT, name=" "),
        replace(TEXT, channel=""),
        replace(TEXT, unit="street"),  # type: ignore[arg-type]
        replace(TEXT, stopped_on=date(2026, 4, 30)),
        replace(TEXT, started_on=TODAY),  # a lot comes before
        replace(TEXT, lag_days=181),
        replace(TEXT, stopped_on=date(2027, 5, 28)),
        replace(TEXT, started_on=date(26, 5, 1), treated=("東京",)),
    ],
)
def test_what_cannot_be_is_refused(wrong: AreaTestText) -> None:
    with pytest.raises((BadAreaTest, BadSpend)):
        text_checked(wrong, today=TODAY)


def test_what_was_done_already_may_lie_in_the_past() -> None:
    said = replace(TEXT, started_on=date(2026, 1, 1), treated=("東京", "東京"))

    assert text_checked(said, today=TODAY).treated == ("東京",)
    assert text_checked(TEXT, today=TODAY).channel == "tv"
    assert TEXT.before == (date(2026, 3, 6), date(2026, 4, 30))  # 56 days, as many as counted


def test_a_spend_has_days_and_an_amount() -> None:
    spend_checked(TODAY, TODAY, 1, "", today=TODAY)

    for first, last, amount in (
        (TODAY, TODAY, 0), (TODAY, TODAY, 10**19), (TODAY, date(2026, 3, 1), 5),
        (TODAY, date(2027, 4, 2), 5),
        (date(26, 1, 1), date(26, 1, 2), 5),
    ):  # fmt: skip
        with pytest.raises(BadSpend):
            spend_checked(first, last, amount, "", today=TODAY)


@given(st.integers(1, 10**9), st.integers(0, 400), st.integers(0, 300), st.integers(0, 300))
def test_a_year_holds_the_part_of_a_spend_that_lies_in_it(
    amount: int, length: int, start: int, cut: int
) -> None:
    first, last = start, start + length

    whole = within(first, last, amount, first, last)
    parts = [within(first, last, amount, first - 9, cut), within(first, last, amount, cut + 1, 999)]

    assert whole == amount
    assert amount - 1 <= sum(parts) <= amount  # never more than was spent


def areas(lift: float, *, pairs: int = 8) -> list[AreaSum]:
    noise = [1.02, 0.97, 1.01, 1.0, 0.99, 1.03, 0.98, 1.0]
    return [
        AreaSum(f"{block}{arm}", arm, 100_000,
                round(100_000 * noise[(block + 3 * arm) % 8] * (1 + lift * arm)))
        for block in range(pairs)
        for arm in (False, True)
    ]  # fmt: skip


def test_only_a_lot_proves() -> None:
    blocks = [block for block in range(8) for _ in range(2)]
    more, same = lift_of(areas(0.4), blocks), lift_of(areas(0.0), blocks)

    assert evidence_of(more, by_lot=True) == "proven_more"
    assert evidence_of(more, by_lot=False) == "higher"
    assert evidence_of(same, by_lot=True) == "not_proven"
    assert evidence_of(lift_of(areas(-0.4), blocks), by_lot=True) == "proven_less"
    few = lift_of(areas(0.4, pairs=3), blocks[:6])
    assert evidence_of(few, by_lot=True) == "too_few"
    assert [one.value for one in figures_of(few, 5, TELLER)] == [None, None, None]
    assert figures_of(few, 5, TELLER)[0].why == "the areas can be dealt in fewer than 40 ways"


def test_per_yen_is_the_gain_over_its_cost_and_unknown_without_one() -> None:
    found = lift_of(areas(0.4), [block for block in range(8) for _ in range(2)])

    _, gain, each = figures_of(found, 100_000, TELLER)

    assert each.value == pytest.approx((gain.value or 0) / 100_000)
    assert (each.low, each.high) == pytest.approx(
        ((gain.low or 0) / 100_000, (gain.high or 0) / 100_000)
    )
    assert figures_of(found, None, TELLER)[2].value is None


def test_channels_add_up_what_was_measured_and_only_that() -> None:
    gains = [
        Gain("email", "profit", 900.0, 800.0, 1000.0, 100),
        Gain("email", "profit", 600.0, 500.0, 700.0, 200),
        Gain("email", "revenue", 9e9, 9e9, 9e9, 1),  # not added to profit
        Gain("email", "profit", None, None, None, 5),
        Gain("line", "profit", 50.0, -60.0, 160.0, 100),
        Gain("tv", "profit", 100.0, 50.0, 150.0, None),  # nobody said what it cost
        Gain("sms", "revenue", 9e3, 8e3, 1e4, 100),  # which may be a loss all the same
        Gain("post", "revenue", 5.0, 4.0, 6.0, 100),  # a loss by all means
    ]

    rows = {one.channel: one for one in rows_of(gains, [("tv", 7), ("tv", 3), ("google", 5)],
                                                ["email", "line"], TELLER)}  # fmt: skip

    mail = rows["email"]
    assert (mail.measured, mail.unmeasured, mail.measured_cost) == (2, 2, 300)
    assert (mail.gain.value, mail.per_yen.value) == (1500.0, 5.0)
    assert mail.gain.low == pytest.approx(1500 - 2**0.5 * 100)
    assert mail.evidence == "pays"
    assert rows["line"].evidence == rows["sms"].evidence == "not_proven"
    assert rows["post"].evidence == "loses"
    assert (rows["tv"].evidence, rows["tv"].spend, rows["tv"].kind) == ("not_yet", 10, "ad")
    assert (rows["google"].evidence, rows["google"].gain.value) == ("untested", None)


def test_of_many_channels_that_are_nothing_few_are_called_proven() -> None:
    gains = [Gain("lucky", "profit", 111.0, 1.0, 221.0, 10)]  # p .07 alone
    others = [Gain(f"c{one}", "profit", 10.0, -100.0, 120.0, 10) for one in range(19)]

    (lucky,) = [one for one in rows_of(gains + others, [], [], TELLER) if one.channel == "lucky"]

    assert lucky.evidence == "not_proven"
    assert lucky.q is not None
    assert lucky.q > 0.1
