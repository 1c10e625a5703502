"""What may be written of a practice, and when an audit is due. No database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from joren.measure.practices.contracts import (
    FIFTEEN,
    BadPractice,
    PracticeText,
    Scored,
    SelfAudit,
    Step,
)
from joren.measure.practices.rules import writing as rules

AT = datetime(2026, 11, 29, tzinfo=UTC)


def all_at(score: int, evidence: str = "") -> dict[str, Scored]:
    return {code: Scored(score, evidence) for code in FIFTEEN}


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_quarter_is_three_months(day: date, quarter: str) -> None:
    assert rules.quarter_of(day) == quarter


def test_there_are_fifteen() -> None:
    assert len(FIFTEEN) == 15
    assert rules.standing([], today=date(2026, 11, 29)).most == 45


@pytest.mark.parametrize(
    "text",
    [
        PracticeText(cost=-1),
        PracticeText(stopped_on=date(2026, 1, 1)),
        PracticeText(started_on=date(2026, 2, 1), stopped_on=date(2026, 1, 31)),
        PracticeText(steps=(Step(" "),)),
        PracticeText(unit="planet"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_refused(text: PracticeText) -> None:
    with pytest.raises(BadPractice):
        rules.check_text(text)


@pytest.mark.parametrize(
    "scores",
    [
        {**all_at(1), "magic": Scored(1)},
        {code: one for code, one in all_at(1).items() if code != "packaging"},
        all_at(4),
        all_at(3),  # measured, and nothing shows it
    ],
)
def test_an_audit_is_whole_and_shows_what_it_says(scores: dict[str, Scored]) -> None:
    with pytest.raises(BadPractice):
        rules.check_scores(scores)


def test_an_audit_is_due_in_each_quarter() -> None:
    held = [
        SelfAudit("2026-Q3", all_at(2), AT, "alice"),
        SelfAudit("2026-Q2", all_at(1), AT, "alice"),
    ]

    late = rules.standing(held, today=date(2026, 10, 1))

    assert (late.quarter, late.held, late.total, late.before) == ("2026-Q4", False, 30, 15)
    assert rules.standing(held, today=date(2026, 9, 30)).held
