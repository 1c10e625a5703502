"""Somebody stands in a file as people, Excel and Word write them."""

from __future__ import annotations

import io

import pytest

from joren.core.erasing import Traces
from joren.core.mentions import mentioned, words_of

WORDS = words_of(
    Traces(
        (1,), emails=frozenset({"taro@example.com"}),
        phones=frozenset({"+819012345678", "+81312345678"}),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "TARO@Example.com", "090-1234-5678", "09012345678", "9012345678", "03-1234-5678",
        "312345678", "+81 (0)90 1234 5678", "0081-3-1234-5678", "０９０－１２３４－５６７８",
        "03(1234)5678", "2 090 1234 5678",
    ],
)  # fmt: skip
def test_as_people_write_them(text: str) -> None:
    assert mentioned(io.BytesIO(f"1,{text},x\n".encode()), WORDS)


@pytest.mark.parametrize(
    "text", ["hanako@example.com", "19012345678", "90123456780", "1234-5678", "090,1234,5678"]
)
def test_another_number_is_nobodys(text: str) -> None:
    assert not mentioned(io.BytesIO(text.encode()), WORDS)


def test_words_that_tags_split_and_cells_that_tags_part() -> None:
    for text in (
        "<w:t>090-12</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>34-5678</w:t>",
        "<w:t>taro@</w:t><w:t>example.com</w:t>",
        "<c><v>1</v></c><c><v>9012345678</v></c>",
    ):
        assert mentioned(io.BytesIO(text.encode()), WORDS, tagged=True)
    assert not mentioned(io.BytesIO(b"<v>90123</v><v>456789</v>"), WORDS, tagged=True)


def test_what_one_part_begins_and_the_next_ends() -> None:
    class Slowly(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 5, 5) if (size or 5) > 0 else 5)

    assert mentioned(Slowly(b"x" * 33 + b" taro@example.com " + b"y" * 33), WORDS)
    assert mentioned(Slowly(b"x" * 33 + b" 090-1234-5678 " + b"y" * 33), WORDS)
