"""Whether a line that nobody could read speaks of somebody."""

from __future__ import annotations

import pytest

from joren.collect.inbox.rules.traces import speaks_of
from joren.core.erasing import Traces

HANAKO = Traces(
    customers=(1,), emails=frozenset({"hanako@example.com"}), phones=frozenset({"+819012345678"}),
    numbers=frozenset({(1, "77")}), anonymous_ids=frozenset({"dev-1"}), line_ids=frozenset({"U9"}),
)  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        '{"type":"track","context":{"traits":{"email":"Hanako@Example.com"}}',
        "Viewed,2026-11-01 10:00,090-1234-5678,abc",
        "Viewed,2026-11-01 10:00,０９０１２３４５６７８,abc",
        '{"userId": "77", "event":',
        "{'userId': 77, 'event':",
        '{"anonymousId":"dev-1"',
        "friend,U9,followed",
    ],
)
def test_an_unreadable_line_speaks_of_whom_it_names(line: str) -> None:
    assert speaks_of({"line": line}, HANAKO, 1)


@pytest.mark.parametrize(
    "line",
    ["77,2026-11-01,77", '{"userId":"770"', '{"anonymousId":"dev-12"', "taro@example.com", ""],
)
def test_an_unreadable_line_of_somebody_else_does_not(line: str) -> None:
    assert not speaks_of({"line": line}, HANAKO, 1)


def test_a_number_of_another_store_is_somebody_else() -> None:
    assert not speaks_of({"line": '{"userId":"77"'}, HANAKO, 2)
