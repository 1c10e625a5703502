from __future__ import annotations

import pytest

from joren.core.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None),
        ("1.0", None), ("１２", None), (" 1", None), ("1,000", None), ("²", None),
    ],
)  # fmt: skip
def test_digits_alone_are_a_number(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_some_may_be_longer() -> None:
    assert whole_number("9" * 19, digits=19) == 10**19 - 1
