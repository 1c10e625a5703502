"""Nobody can be found by an entry."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.protect.audit.contracts import PersonalDetail
from joren.protect.audit.rules import plain_detail


@pytest.mark.parametrize(
    "detail",
    [
        {"was": "alice@example.com"},
        {"changed": ["stage", "alice@example.com"]},
        {"to": "+81 90-1234-5678"},
        {"email": "hidden"},
        {"password": "x"},
    ],
)
def test_personal_detail_is_refused(detail: dict[str, Any]) -> None:
    with pytest.raises(PersonalDetail):
        plain_detail(detail)


def test_a_thing_that_is_not_plain_is_refused() -> None:
    with pytest.raises(BadInput, match="'row' is a object"):
        plain_detail({"row": object()})


@given(st.dictionaries(st.from_regex(r"[a-d]{1,5}", fullmatch=True), st.integers() | st.booleans()))
def test_plain_detail_passes_unchanged(detail: dict[str, Any]) -> None:
    assert plain_detail(detail) == detail
