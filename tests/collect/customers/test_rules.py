"""What is compared of names and phones, and which keys are one person's."""

from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.customers.rules import (
    grams,
    grams_column,
    groups,
    phone_tail,
    searchable,
    searchable_column,
)


def test_full_width_spaces_and_the_kind_of_kana_make_no_other_name() -> None:
    assert searchable("ﾔﾏﾀﾞ　タロウ") == searchable("ヤマダ タロウ") == searchable("やまだたろう")


@given(st.lists(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x30FF)) | st.none()))
def test_a_column_is_compared_as_its_texts_are(texts: list[str | None]) -> None:
    column = searchable_column(pa.array(["x", *texts], pa.string())[1:]).to_pylist()

    assert column == [None if text is None else searchable(text) for text in texts]


@given(st.text(st.sampled_from("ァアィイヴヵヶヷャーぁゖ山ｱﾞA １\u3000\n")))
def test_katakana_is_compared_as_hiragana(text: str) -> None:
    folded = "".join(unicodedata.normalize("NFKC", text).lower().split())

    assert searchable(text) == "".join(
        chr(ord(char) - 0x60) if 0x30A1 <= ord(char) <= 0x30F6 else char for char in folded
    )


texts = st.lists(st.tuples(*[st.text(st.sampled_from("佐藤あaé🎉")) | st.none()] * 2))


@given(texts)
def test_a_column_has_the_pairs_of_its_texts(rows: list[tuple[str | None, str | None]]) -> None:
    names, kanas = (
        pa.array(["x", *column], pa.string())[1:]
        for column in ([name for name, _ in rows], [kana for _, kana in rows])
    )

    assert grams_column(names, kanas).to_pylist() == [
        " ".join([*grams(name or ""), *grams(kana or "")]) for name, kana in rows
    ]


def test_the_last_digits_of_a_phone_come_first() -> None:
    assert phone_tail("+81 90-1234-5678").startswith("8765")


def test_keys_of_one_row_are_one_group() -> None:
    group = groups(4, np.array([0, 1]), np.array([1, 2]))

    assert group[0] == group[1] == group[2] != group[3]
