"""What may be written of a practice, and quarters. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from joren.measure.practices.contracts import (
    FIFTEEN,
    MOST_SCORE,
    UNITS,
    AuditStanding,
    BadPractice,
    PracticeText,
    Scored,
    SelfAudit,
)

_LONGEST = 200


def quarter_of(day: date) -> str:
    """The quarter of a day, such as 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def check_name(name: str) -> str:
    """The name as it is kept."""
    said = " ".join(name.split())
    if not 0 < len(said) <= _LONGEST:
        raise BadPractice(f"the name has {len(said)} characters", hint=f"from 1 to {_LONGEST}")
    return said


def check_text(text: PracticeText) -> None:
    """Refuse what cannot be."""
    if text.unit not in UNITS:
        raise BadPractice(f"{text.unit!r} is no unit", hint=", ".join(UNITS))
    if text.cost is not None and text.cost < 0:
        raise BadPractice(f"a cost of {text.cost} is below nothing", hint="0 or more, or unknown")
    if text.stopped_on is not None:
        if text.started_on is None:
            raise BadPractice("it ended and never began", hint="say since when it is done")
        if text.stopped_on < text.started_on:
            raise BadPractice(
                f"it ended on {text.stopped_on}, before it began", hint=f"after {text.started_on}"
            )
    for step in text.steps:
        if not 0 < len(step.what.strip()) <= _LONGEST:
            raise BadPractice(
                f"a step has {len(step.what.strip())} characters", hint=f"from 1 to {_LONGEST}"
            )


def check_scores(scores: Mapping[str, Scored]) -> None:
    """All fifteen, each with a score; the best one needs something that shows it."""
    if missing := [code for code in FIFTEEN if code not in scores]:
        raise BadPractice(f"{missing[0]} has no score", hint="all fifteen, from 0 to 3")
    if unknown := sorted(scores.keys() - FIFTEEN.keys()):
        raise BadPractice(f"there is no {unknown[0]!r}", hint=", ".join(FIFTEEN))
    for code, one in scores.items():
        if not 0 <= one.score <= MOST_SCORE:
            raise BadPractice(f"{code}: a score of {one.score}", hint=f"from 0 to {MOST_SCORE}")
        if one.score == MOST_SCORE and not one.evidence.strip():
            raise BadPractice(
                f"{code} is said to be measured, and nothing shows it",
                hint="write down the figure or where it stands",
            )


def standing(audits: Sequence[SelfAudit], *, today: date) -> AuditStanding:
    """Of audits, newest first."""
    quarter = quarter_of(today)
    totals = [one.total for one in audits]
    return AuditStanding(
        quarter=quarter,
        held=bool(audits) and audits[0].quarter == quarter,
        total=totals[0] if totals else None,
        before=totals[1] if len(totals) > 1 else None,
    )
