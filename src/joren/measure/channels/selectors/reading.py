"""What a test by area says by the newest figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from joren.core.figures import Figure
from joren.core.tested import read_elsewhere
from joren.measure.channels.contracts import (
    TEST_RUNS,
    AreaResult,
    AreaSum,
    AreaTest,
    AreaWeek,
    ChannelMetric,
)
from joren.measure.channels.rules import areas, telling
from joren.measure.channels.selectors.areas import (
    DaySum,
    daily,
    metric_of,
    sold_by_area,
    teller_of,
)
from joren.measure.channels.selectors.keeping import area_tests
from joren.plumbing.alone import alone
from joren.warehouse import Snapshot

ROOM: Final = "channels"
_WEEK = timedelta(days=7)


def read(one: AreaTest, snapshot: Snapshot) -> AreaResult:
    """The treated areas beside the others, as one among all that was tried; of one that cannot be
    read the others need not be asked."""
    said = apart(one, snapshot)
    return results(snapshot)[one.id] if said.p is not None else said


def results(snapshot: Snapshot) -> dict[int, AreaResult]:
    """Of every test, by its number; what is proven is so among all that was tried and read, here
    and in other rooms."""
    found = [apart(one, snapshot) for one in area_tests()]
    return {one.test: one for one in telling.among_all(found, read_elsewhere(ROOM))}


def apart(one: AreaTest, snapshot: Snapshot) -> AreaResult:
    """By itself; where its numbers refuse, it says so, and no other one waits for it."""
    said = alone(lambda: by_itself(one, snapshot), f"area test {one.id}")
    return said or telling.unreadable(one, teller_of(snapshot))


def by_itself(one: AreaTest, snapshot: Snapshot) -> AreaResult:
    """It is read once, when its days are over. Until then nothing is told of the days since it
    began: whoever could see the arms beside each other would read them early."""
    text, teller = one.text, teller_of(snapshot)
    (since, until), last = text.before, min(text.last, snapshot.as_of)
    rows = daily(snapshot, since, last) if last >= since else []
    metric = metric_of(rows)
    was = sold_by_area(rows, text.unit, metric, since, min(until, last))
    came = sold_by_area(rows, text.unit, metric, text.started_on, last)
    sums = tuple(
        AreaSum(each.name, each.treated, max(was.get(each.name, 0), 0), came.get(each.name, 0))
        for each in one.areas
    )
    wait = telling.weeks_left(text, snapshot.as_of)
    if wait is None:
        found = telling.lift_of(sums, [each.block for each in one.areas])
        p = found.p if one.by_lot and found.known else None
        evidence, deals = telling.evidence_of(found, by_lot=one.by_lot), found.deals
        figures = telling.figures_of(found, one.cost, teller)
    else:
        sums, last = tuple(replace(each, after=None) for each in sums), min(until, last)
        evidence, deals, p = "not_yet", telling.deals_of(one.areas), None
        figures = (
            teller.unknown("area_lift", "share", TEST_RUNS, len(sums)),
            teller.unknown("area_gain", "", TEST_RUNS, len(sums)),
            teller.unknown("area_per_yen", "ratio", TEST_RUNS, len(sums)),
        )
    return AreaResult(
        one.id, evidence, metric, (since, until), (text.started_on, text.last), deals, *figures,
        one.cost, _without(rows, text.started_on, teller), sums,
        _weeks(one, rows, metric, last), wait, p,
    )  # fmt: skip


def _without(rows: Sequence[DaySum], started_on: date, teller: telling.Teller) -> Figure:
    since = [one for one in rows if one.day >= started_on]
    whole = sum(one.revenue for one in since)
    homeless = sum(one.revenue for one in since if one.prefecture is None)
    if whole <= 0:
        return teller.unknown("area_without", "share", TEST_RUNS)
    return Figure("area_without", homeless / whole, "share", as_of=teller.as_of)


def _weeks(
    one: AreaTest, rows: Sequence[DaySum], metric: ChannelMetric, last: date
) -> tuple[AreaWeek, ...]:
    """Full weeks around the beginning, each arm against its own mean before."""
    text = one.text
    (since, until), treated = text.before, {each.name for each in one.areas if each.treated}
    others = {each.name for each in one.areas} - treated
    by_week: dict[int, list[int]] = {}
    before = [0, 0]
    for row in rows:
        if row.prefecture is None:
            continue
        area = areas.area_of(row.prefecture, text.unit)
        side = 0 if area in treated else 1 if area in others else None
        if side is None:
            continue
        amount = row.profit if metric == "profit" else row.revenue
        before[side] += amount if row.day <= until else 0
        week = (row.day - text.started_on).days // 7
        by_week.setdefault(week, [0, 0])[side] += amount
    days = (until - since).days + 1
    found = []
    for week in range(-(days // 7), (last - text.started_on).days + 1):
        first = text.started_on + week * _WEEK
        if first + _WEEK - timedelta(days=1) > last:
            break
        both = by_week.get(week, [0, 0])
        shares = [
            telling.relative(sum_, whole, days, 7) for sum_, whole in zip(both, before, strict=True)
        ]
        found.append(AreaWeek(week, first, *shares))
    return tuple(found)
