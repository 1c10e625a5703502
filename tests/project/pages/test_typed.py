"""Numbers that somebody typed."""

from __future__ import annotations

import pytest

from joren.core.errors import BadInput
from joren.project.pages.typed import must_be_whole, whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), (" 120 ", 120), ("1,980", 1980), ("", None), ("-1", None), ("１２", None),
        ("1e3", None), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_only_a_number_that_can_be_kept_is_one(text: str, number: int | None) -> None:
    assert whole(text) == number
    if number is None:
        with pytest.raises(BadInput, match="no whole number"):
            must_be_whole(text)
    else:
        assert must_be_whole(text) == number
