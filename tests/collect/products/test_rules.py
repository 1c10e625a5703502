"""Which one product is suggested, and what a file may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.products.contracts import KINDS, BadRelation, Pair, Suggestion
from joren.collect.products.rules import checked, read, suggested

SKUS = st.sampled_from(["A", "B", "C", "D", "E"])
PAIRS = st.lists(
    st.builds(Pair, SKUS, st.sampled_from(KINDS), SKUS, st.integers(1, 3)).filter(
        lambda one: one.sku != one.other
    ),
    max_size=12,
    unique_by=lambda one: (one.sku, one.other),
)


@given(st.lists(SKUS, max_size=3), st.sets(SKUS), PAIRS)
def test_it_is_one_that_they_may_want(
    bought: list[str], owned: set[str], pairs: list[Pair]
) -> None:
    found = suggested(bought, owned | set(bought), pairs)

    if found is None:
        return
    assert Pair(found.because, found.kind, found.sku) in [
        Pair(one.sku, one.kind, one.other) for one in pairs
    ]
    assert found.because in bought
    assert found.sku not in bought
    assert found.kind != "substitute"
    assert found.kind == "replenish" or found.sku not in owned
    assert not [
        one
        for one in pairs
        if one.kind == "substitute"
        and ((one.sku in bought and one.other == found.sku)
             or (one.other in bought and one.sku == found.sku))
    ]  # fmt: skip


def test_the_lowest_place_goes_first_and_what_is_owned_only_where_it_fills_up() -> None:
    pairs = [
        Pair("BEANS", "complement", "MILL", 2),
        Pair("BEANS", "replenish", "FILTERS", 5),
        Pair("BEANS", "upgrade", "RESERVE", 1),
        Pair("BEANS", "substitute", "OTHER", 1),
    ]

    assert suggested(["BEANS"], [], pairs) == Suggestion("RESERVE", "upgrade", "BEANS")
    assert suggested(["BEANS"], ["RESERVE", "MILL", "FILTERS"], pairs) == Suggestion(
        "FILTERS", "replenish", "BEANS"
    )
    assert suggested(["BEANS", "FILTERS"], ["RESERVE", "MILL"], pairs) is None
    assert suggested(["OTHER"], [], pairs) is None


def test_a_file_says_pairs_in_either_language_and_the_later_line_holds() -> None:
    english = read(
        "\ufeffsku,relation,other,place\nA,complement,B,\n A , Upgrade , C ,3\n\nA,substitute,B,2\n"
    )
    japanese = read("商品コード,関係,相手の商品コード\nA,詰め替え,B\n")

    assert english == [Pair("A", "substitute", "B", 2), Pair("A", "upgrade", "C", 3)]
    assert japanese == [Pair("A", "replenish", "B", 100)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no column for sku"),
        ("sku,other\nA,B\n", "no column for kind"),
        ("sku,relation,other\nA,friend,B\n", "line 2: 'friend'"),
        ("sku,relation,other\nA,complement,A\n", "line 2: 'A' is related to itself"),
        ("sku,relation,other\nA,complement\n", "line 2: '' is no product code"),
        ("sku,relation,other,place\nA,complement,B,1000\n", "line 2: place 1000"),
        ("sku,relation,other,place\nA,complement,B,x\n", "line 2: place 'x'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, told: str) -> None:
    with pytest.raises(BadRelation, match=told):
        read(text)


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(BadRelation):
        checked(Pair("A", "friend", "B"))  # type: ignore[arg-type]
