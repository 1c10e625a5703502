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
        {"why": "call 03-1234-5678 first"},
        {"email": "hidden"},
        {"password": "x"},
    ],
)
def test_personal_detail_is_refused(detail: dict[str, Any]) -> None:
    with pytest.raises(PersonalDetail):
        plain_detail(detail)


@pytest.mark.parametrize(
    "why", ["decided 2026-11-28", "from 2026-11-01 to 2026-11-28 10:00", "budget 1200000000 yen"]
)
def test_a_reason_may_name_days_and_amounts(why: str) -> None:
    assert plain_detail({"why": why}) == {"why": why}


def test_a_thing_that_is_not_plain_is_refused() -> None:
    with pytest.raises(BadInput, match="'row' is a object"):
        plain_detail({"row": object()})


@given(st.dictionaries(st.from_regex(r"[a-d]{1,5}", fullmatch=True), st.integers() | st.booleans()))
def test_plain_detail_passes_unchanged(detail: dict[str, Any]) -> None:
    assert plain_detail(detail) == detail
