"""What moved of a segment, from what the kept snapshots say of it."""

from __future__ import annotations

from datetime import date, timedelta

from joren.decide.strategies.contracts import Described, Drift
from joren.decide.strategies.rules import Seen, Watched, drifts, reference

BEGIN = date(2026, 1, 1)
EVEN = {str(n): 100 for n in range(1, 11)}


def described(members: int, **more: object) -> Described:
    parts = {"decile": EVEN, "stage": {"f2": members}, "source": {"": members}}
    parts |= more.pop("parts", {})  # type: ignore[call-overload, operator]
    return Described(1, members, parts, **more)  # type: ignore[arg-type]


def seen(day: int, members: int, made: Described | None = None, moved: int = 0) -> Seen:
    return Seen(BEGIN + timedelta(days=day), members, moved, 0, made or described(members))


def told(*rows: Seen) -> Drift:
    (found,) = drifts([Watched(1, "one", rows)], {1: "one", 2: "two"})
    return found


def test_what_stays_as_it_was_is_steady_and_a_short_past_says_nothing_yet() -> None:
    sizes = [1000, 1004, 997, 1001, 1003, 999, 1002, 1000]

    assert told(*(seen(day, size) for day, size in enumerate(sizes))).verdict == "steady"
    assert told(*(seen(day, size) for day, size in enumerate(sizes[:3]))).verdict == "not_yet"
    assert told().verdict == "not_yet"


def test_a_size_that_its_past_does_not_explain_moved() -> None:
    sizes = [1000, 1004, 997, 1001, 1003, 999, 1002, 1400]

    found = told(*(seen(day, size, moved=3) for day, size in enumerate(sizes)))

    (finding,) = found.findings
    assert (finding.kind, finding.before, finding.now) == ("size", 1002, 1400)
    assert found.step is not None
    assert found.step.high < 1100


def test_a_mix_and_what_is_not_known_are_compared_with_four_weeks_before() -> None:
    moved = {"decile": {"1": 700, "2": 100, "3": 200}}
    old = described(1000, unknown={"vip": 10}, shared={2: 100})
    new = described(1000, unknown={"vip": 200}, shared={2: 900, 3: 5}, parts=moved)

    found = told(seen(0, 1000, old), seen(20, 1000, old), seen(30, 1000, new))

    assert found.since == BEGIN
    assert {(one.kind, one.of) for one in found.findings} == {("mix", "decile"), ("unknown", "vip")}
    assert next(one for one in found.findings if one.kind == "unknown").now == 0.2
    assert [(one.segment, one.before, one.now) for one in found.shared] == [(2, 0.1, 0.9)]
    assert sum(one.now for one in found.parts if one.dimension == "decile") == 1


def test_a_grain_of_very_many_is_unlikely_and_still_no_drift() -> None:
    old = described(1_000_000, parts={"decile": {"1": 500_000, "2": 500_000}})
    new = described(1_000_000, parts={"decile": {"1": 505_000, "2": 495_000}})

    assert told(seen(0, 1_000_000, old), seen(30, 1_000_000, new)).verdict == "steady"


def test_a_reference_lies_a_week_back_at_least_and_best_four() -> None:
    rows = [seen(day, 100) for day in (0, 10, 40, 65, 69, 70)]

    assert reference(rows) == rows[2]
    assert reference(rows[4:]) is None
    assert reference([*rows[1:2], seen(20, 100)]) == rows[1]
