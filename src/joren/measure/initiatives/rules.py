"""What may be written of an initiative, its weeks, and what they tell. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, isfinite, sqrt
from typing import Final

from joren.core.figures import Figure
from joren.measure.experiments.contracts import Metric
from joren.measure.initiatives.contracts import (
    AUTOCORRELATED,
    F2_DAYS,
    FEW_WEEKS,
    LATE_METRICS,
    LEVEL,
    LONGEST_LAG,
    LONGEST_WHY,
    NO_COST_YET,
    NO_WEEKS,
    NO_YEAR_BEFORE,
    PROFIT_UNKNOWN,
    QUARTER_WEEKS,
    BadInitiative,
    Baseline,
    ChangeOf,
    DayCount,
    InitiativeText,
    LateEvidence,
    LateMetric,
    LatePoint,
    Why,
)
from joren.science.before_after import FEWEST, Moved, mean_of, moved
from joren.science.inference.incremental import payback

_LONGEST = 200
_YEAR_WEEKS = 52
WEEK = timedelta(days=7)
EARLIEST = date(2000, 1, 1)
_FURTHEST = timedelta(days=3_652)  # ten years


def check(text: InitiativeText, *, today: date) -> InitiativeText:
    """The text as it is kept; refuses what cannot be."""
    name = " ".join(text.name.split())
    if not 0 < len(name) <= _LONGEST:
        raise BadInitiative(f"the name has {len(name)} characters", hint=f"from 1 to {_LONGEST}")
    if text.metric not in LATE_METRICS:
        raise BadInitiative(f"{text.metric!r} is no metric", hint=", ".join(LATE_METRICS))
    if not 0 <= text.lag_days <= LONGEST_LAG:
        raise BadInitiative(f"a lag of {text.lag_days} days", hint=f"from 0 to {LONGEST_LAG}")
    for day in filter(None, (text.started_on, text.stopped_on)):
        if not EARLIEST <= day <= today + _FURTHEST:
            raise BadInitiative(
                f"the day {day} is too far away", hint=f"from {EARLIEST} to {today + _FURTHEST}"
            )
    if text.stopped_on is not None and text.stopped_on < text.started_on:
        raise BadInitiative(
            f"it ended on {text.stopped_on}, before it began", hint=f"after {text.started_on}"
        )
    if text.holdout is not None and text.practice:
        raise BadInitiative(
            "a holdout and a practice both measure it", hint="name the one that does"
        )
    return replace(text, name=name, about=text.about.strip())


def check_why(why: str) -> str:
    """Why something is said otherwise, as it is kept."""
    said = why.strip()
    if len(said) > LONGEST_WHY:
        raise BadInitiative(f"the reason has {len(said)} characters", hint=f"at most {LONGEST_WHY}")
    return said


def differences(
    before: InitiativeText, after: InitiativeText
) -> list[tuple[ChangeOf, str | int | None, str | int | None]]:
    """What is said otherwise: which, from what, to what."""
    found: list[tuple[ChangeOf, str | int | None, str | int | None]] = []
    for what in _TEXTS:
        one, other = (_plain(getattr(text, what)) for text in (before, after))
        if one != other:
            found.append((what, one, other))
    return found


def _plain(value: date | str | int | None) -> str | int | None:
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value


_TEXTS: Final[tuple[ChangeOf, ...]] = (
    "name", "metric", "started_on", "stopped_on", "lag_days", "owner", "about", "holdout",
    "practice",
)  # fmt: skip


def check_cost(on: date, amount: int, note: str, *, today: date) -> None:
    """Refuse what was not spent."""
    if amount <= 0:
        raise BadInitiative(f"a cost of {amount}", hint="1 or more, in minor units")
    if on > today:
        raise BadInitiative(f"{on} has not come yet", hint=f"a day until {today}")
    if len(note.strip()) > _LONGEST:
        raise BadInitiative(
            f"the note has {len(note.strip())} characters", hint=f"at most {_LONGEST}"
        )


def last_full_week(text: InitiativeText, as_of: date) -> int:
    """The number of the last week whose figures cannot change by waiting; −1 is before it."""
    whole = as_of - timedelta(days=F2_DAYS) if text.metric == "f2_90" else as_of
    return ((whole - text.started_on).days + 1) // 7 - 1


def by_week(days: Sequence[DayCount], start: date) -> list[dict[str, int]]:
    """The same by weeks counted from that day; those before it are below zero."""
    found: dict[int, dict[str, int]] = {}
    for one in days:
        number = (one.day - start).days // 7
        week = found.setdefault(
            number, dict.fromkeys(("orders", "repeats", "revenue", "new", "again"), 0)
        )
        for name in week:
            week[name] += getattr(one, name)
    return [{"week": number, **found[number]} for number in sorted(found)]


def points_of(
    text: InitiativeText, counted: Sequence[Mapping[str, int]], *, first: date, as_of: date
) -> tuple[LatePoint, ...]:
    """The full weeks from the first day of the figures on; of a sum a week of nothing is 0.

    ``counted`` has for a week: orders, repeats, new, again, revenue.
    """
    known = {row["week"]: row for row in counted}
    since = ceil((first - text.started_on).days / 7)
    found = []
    for week in range(since, last_full_week(text, as_of) + 1):
        row = known.get(week, dict.fromkeys(("orders", "repeats", "new", "again", "revenue"), 0))
        if (said := _value(text.metric, row)) is not None:
            begins = text.started_on + WEEK * week
            found.append(LatePoint(week, begins, begins + WEEK - timedelta(days=1), *said))
    return tuple(found)


def _value(metric: LateMetric, row: Mapping[str, int]) -> tuple[float, int] | None:
    orders, fresh = row["orders"], row["new"]
    if metric in ("revenue", "orders", "new_customers"):
        sums = {"revenue": row["revenue"], "orders": orders, "new_customers": fresh}
        return float(sums[metric]), orders
    if metric == "f2_90":
        return (row["again"] / fresh, fresh) if fresh else None
    if not orders:
        return None
    top = row["revenue"] if metric == "mean_order" else row["repeats"]
    return top / orders, orders


def unit_of(metric: LateMetric, currency: str) -> str:
    """Of its figures."""
    units = {"orders": "orders", "new_customers": "customers"}
    if metric in ("revenue", "mean_order"):
        return currency
    return units.get(metric, "share")


@dataclass(frozen=True)
class Teller:
    """How figures of one initiative are told."""

    unit: str
    as_of: str

    def known(self, name: str, value: float, n: int, low: float, high: float) -> Figure:
        if not (isfinite(low) and isfinite(high)):
            return self.unknown(name, n, FEW_WEEKS)
        return Figure(name, value, self.unit, n, low, high, LEVEL, self.as_of, model=AUTOCORRELATED)

    def unknown(self, name: str, n: int, why: str) -> Figure:
        return Figure(name, None, self.unit, n, as_of=self.as_of, why=why)

    def mean(self, name: str, points: Sequence[LatePoint]) -> Figure:
        if not points:
            return self.unknown(name, 0, NO_WEEKS)
        value, low, high = mean_of([one.value for one in points], level=LEVEL)
        return self.known(name, value, len(points), low, high)

    def change(self, name: str, found: Moved, n: int) -> Figure:
        return self.known(name, found.change, n, found.low, found.high)


def payback_of(realised: Figure, metric: Metric, cost: int | None) -> Figure:
    """Of profit alone: revenue that came back has not paid for itself yet."""
    unknown = Figure("late_payback", None, "ratio", realised.n, as_of=realised.as_of)
    if not cost:
        return replace(unknown, why=NO_COST_YET)
    if realised.value is None or realised.low is None or realised.high is None:
        return replace(unknown, why=realised.why)
    if metric == "revenue":
        return replace(unknown, why=PROFIT_UNKNOWN)
    back, low, high = payback((realised.value, realised.low, realised.high), cost)
    return replace(unknown, value=back, low=low, high=high, level=realised.level,
                   model=realised.model)  # fmt: skip


def reach_of(metric: LateMetric) -> int:
    """How many weeks the figure of a week reaches ahead: what waits 90 days sees those to come."""
    return ceil(F2_DAYS / 7) if metric == "f2_90" else 0


def before_of(points: Sequence[LatePoint], week: int = 0, *, reach: int = 0) -> list[LatePoint]:
    """The thirteen last weeks of which nothing reaches into that one."""
    end = week - reach
    return [one for one in points if end - QUARTER_WEEKS <= one.week < end]


def after_of(text: InitiativeText, points: Sequence[LatePoint]) -> list[LatePoint]:
    """The full weeks since the effect is expected, until it was stopped and the lag passed."""
    since = ceil(text.lag_days / 7)
    until = None if text.stopped_on is None else text.stopped_on + timedelta(days=text.lag_days)
    return [
        one for one in points if one.week >= since and (until is None or one.last <= until)
    ]  # fmt: skip


def compare(before: Sequence[LatePoint], after: Sequence[LatePoint]) -> Moved:
    """What the metric moved by."""
    return moved([one.value for one in before], [one.value for one in after], level=LEVEL)


def season(
    teller: Teller, points: Sequence[LatePoint], before: Sequence[LatePoint],
    after: Sequence[LatePoint],
) -> Figure:  # fmt: skip
    """The change less what exactly these weeks did 52 weeks earlier; both are noise."""
    at = {one.week: one for one in points}
    earlier = [
        [at[one.week - _YEAR_WEEKS] for one in side if one.week - _YEAR_WEEKS in at]
        for side in (before, after)
    ]
    name, n = "late_season", len(after)
    now = compare(before, after)
    if not now.known:
        return teller.unknown(name, n, FEW_WEEKS)
    if any(len(old) < len(side) for old, side in zip(earlier, (before, after), strict=True)):
        return teller.unknown(name, n, NO_YEAR_BEFORE)
    then = compare(*earlier)
    value, error = now.change - then.change, sqrt(now.error**2 + then.error**2)
    # The wider of the two reaches in its own errors: with so few weeks neither is normal.
    reach = max(
        (one.high - one.change) / one.error if one.error else 0.0 for one in (now, then)
    )  # fmt: skip
    return teller.known(name, value, n, value - reach * error, value + reach * error)


def evidence(text: InitiativeText, change: Figure, *, as_of: date) -> LateEvidence:
    """What may be said; that nothing is expected yet comes first."""
    if as_of < text.expected_on:
        return "waiting"
    if change.value is None or change.low is None or change.high is None:
        return "too_few"
    if change.low > 0:
        return "higher"
    return "lower" if change.high < 0 else "open"


def quarters_due(
    text: InitiativeText, points: Sequence[LatePoint], kept: Sequence[Baseline]
) -> list[tuple[Why, date, list[LatePoint]]]:
    """Baselines that are missing, each from its first day: that of the weeks before the beginning,
    as far as nothing of it is in them, and of each full quarter since."""
    have = {(one.why, one.first) for one in kept}
    last = max((one.week for one in points), default=-QUARTER_WEEKS - 1)
    until = None if text.stopped_on is None else (text.stopped_on - text.started_on).days // 7
    due: list[tuple[Why, date, list[LatePoint]]] = []
    early = reach_of(text.metric)
    begun = int(last + 1 >= -early)  # the weeks before are known earlier where they lie earlier
    for quarter in range(max((last + 1) // QUARTER_WEEKS + 1, begun)):
        end = quarter * QUARTER_WEEKS
        if until is not None and end > until + 1:
            break
        why: Why = "quarter" if quarter else "start"
        reach = 0 if quarter else early
        weeks = before_of(points, end, reach=reach)
        first = text.started_on + WEEK * (end - reach - QUARTER_WEEKS)
        if len(weeks) >= FEWEST and (why, first) not in have:
            due.append((why, first, weeks))
    return due
