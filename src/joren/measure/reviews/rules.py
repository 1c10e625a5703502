"""What a review needs before it may go on, and when one is late. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from joren.core.clock import shop_day
from joren.core.figures import Figure
from joren.measure.indicators.contracts import PARTS
from joren.measure.reviews.contracts import (
    DECISIONS,
    MOST_DAYS,
    VERDICTS,
    MonthlyReview,
    ReviewAction,
    ReviewIncomplete,
    ReviewStanding,
    Tuning,
)
from joren.science.inference import proportion_interval

_LONGEST = 200


def check_ready(criterion: str, decider: int | None) -> None:
    """The data are opened after it is settled who decides and by what."""
    if decider is None:
        raise ReviewIncomplete("nobody is named who decides", hint="choose a member")
    if not criterion.strip():
        raise ReviewIncomplete(
            "the criterion is empty", hint="write down what will decide before you see the data"
        )


def check_tuning(part: str, decision: str, about: str) -> None:
    """Refuse what says nothing."""
    if part not in PARTS:
        raise ReviewIncomplete(f"{part!r} is no part that is tuned", hint=", ".join(PARTS))
    if decision not in DECISIONS:
        raise ReviewIncomplete(f"{decision!r} decides nothing", hint=", ".join(DECISIONS))
    _short("the decision is about", about)


def check_action(what: str) -> None:
    """Refuse what says nothing."""
    _short("the action is", what)


def check_verdict(verdict: str) -> None:
    """Refuse what judges nothing."""
    if verdict not in VERDICTS:
        raise ReviewIncomplete(f"{verdict!r} judges nothing", hint=", ".join(VERDICTS))


def check_closing(tunings: Iterable[Tuning], notes: str) -> None:
    """A review decides something, or says why it decides nothing."""
    if not list(tunings) and not notes.strip():
        raise ReviewIncomplete(
            "nothing was decided and nothing was noted",
            hint="decide on a tuning, or note why there is none this time",
        )


def standing(
    cycles: Iterable[MonthlyReview], *, today: date, first_figures: date | None = None,
    zone: str = "UTC",
) -> ReviewStanding:  # fmt: skip
    """Over all reviews: is the next one late, and how many tunings were won?

    The month runs from the last one that was held; before any, from the day on which there was
    something to review. One whose own day passed is late, however short the time since. One that
    was closed before its day was held when it was closed.
    """
    every = list(cycles)
    held = [_held(one, zone) for one in every if one.state == "closed"]
    last = max(held, default=None)
    begun = last or first_figures
    since = (today - begun).days if begun else None
    missed = _missed(every, last, today)
    tunings = [one for cycle in every for one in cycle.tunings]
    judged = [one for one in tunings if one.verdict in ("won", "lost")]
    won = sum(one.verdict == "won" for one in judged)
    todo = [one for cycle in every for one in cycle.actions if one.done_at is None]
    return ReviewStanding(
        last_held=last,
        days_since=since,
        overdue=missed is not None or (since is not None and since > MOST_DAYS),
        held=len(held),
        tunings=len(tunings),
        judged=len(judged),
        won=won,
        won_share=_won_share(won, len(judged), today),
        open_actions=len(todo),
        late_actions=sum(is_late(one, today=today) for one in todo),
        missed=missed.id if missed else None,
        missed_on=missed.held_on if missed else None,
    )


def _held(one: MonthlyReview, zone: str) -> date:
    return min(one.held_on, shop_day(one.closed_at, zone)) if one.closed_at else one.held_on


def _missed(every: Iterable[MonthlyReview], last: date | None, today: date) -> MonthlyReview | None:
    """The first whose day is over and that is not closed; one held since took its place."""
    late = [
        one for one in every
        if one.state != "closed" and one.held_on < today and (last is None or one.held_on > last)
    ]  # fmt: skip
    return min(late, key=lambda one: one.held_on, default=None)


def is_late(action: ReviewAction, *, today: date) -> bool:
    """Is it still open after its day?"""
    return action.done_at is None and action.due_on < today


def _won_share(won: int, judged: int, today: date) -> Figure:
    if not judged:
        return Figure("tunings_won", None, "share", n=0, as_of=str(today), why="none was judged")
    around = proportion_interval(won, judged)
    return Figure(
        "tunings_won", won / judged, "share", n=judged, low=float(around.low),
        high=float(around.high), level=0.95, as_of=str(today),
    )  # fmt: skip


def _short(whose: str, text: str) -> None:
    said = text.strip()
    if not 0 < len(said) <= _LONGEST:
        raise ReviewIncomplete(f"{whose} {len(said)} characters long", hint=f"from 1 to {_LONGEST}")
