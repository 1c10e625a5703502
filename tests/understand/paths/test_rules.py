"""Targets against what is so, without a database."""

from __future__ import annotations

import pytest

from joren.understand.paths.contracts import PathStep, PathTarget, PathVerdict
from joren.understand.paths.rules import telling

LATE = PathTarget("f1_f2", 0.05, 90)
EARLY = PathTarget("f1_f2", 0.05, 15)


@pytest.mark.parametrize(
    ("target", "steps", "verdict"),
    [
        (LATE, [(20, 0, 999), (90, 0, 1)], "not_yet"),
        (LATE, [(3, 1, 0), (20, 0, 998), (90, 0, 1)], "not_yet"),
        (LATE, [(90, 0, 1_000)], "missed"),
        (LATE, [(3, 120, 0), (90, 0, 880)], "met"),
        (EARLY, [(20, 0, 999), (90, 0, 1)], "missed"),
    ],
)
def test_a_target_is_judged_by_those_who_were_followed_so_long(
    target: PathTarget, steps: list[tuple[int, int, int]], verdict: PathVerdict
) -> None:
    told = telling.against(target, [PathStep(*step) for step in steps], "2026-06-30")

    assert told.verdict == verdict
    assert (told.actual.value is None) == (verdict == "not_yet")
