"""What it brought to send a campaign at the hour of each, against those who got it as usual."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns.contracts import Campaign
from joren.core import clock
from joren.core.figures import Figure
from joren.measure.experiments.contracts import (
    ARMS_BROKEN,
    LEVEL,
    NOBODY_RIPE,
    TOO_FEW_BUYERS,
    Evidence,
    HourArm,
    HourTest,
    NoOwnHour,
)
from joren.measure.experiments.rules import SAYS, Arm, winning
from joren.measure.experiments.selectors.asking import Told, told_by
from joren.measure.experiments.selectors.summing import arms_of
from joren.science.inference import sample_ratio, spend_effect, wants_permutation
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot


def hour_test(number: int) -> HourTest:
    """Of one campaign; before its day nothing is told of the gain."""
    one, snapshot = campaigns.campaign(number), values.snapshot()
    if one.begun_at is None or not one.plan.own_hour:
        raise NoOwnHour(
            f"“{one.plan.name}” has no hours to compare", hint="plan it at the hour of each"
        )
    drawn = _dated(one, snapshot)
    look_on = pc.max(drawn["last_on"]).as_py() or snapshot.as_of
    look_on += timedelta(1)
    usual, own = arms_of(drawn.drop_columns(["waited"]), 2, snapshot)
    costed = winning.metric_of([usual, own], [0.0, 0.0]) == "profit"
    metric: Literal["profit", "revenue"] = "profit" if costed else "revenue"
    told, taken = told_by(snapshot), snapshot.as_of + timedelta(1) >= look_on
    evidence: Evidence = "not_yet"
    gain = told.unknown(f"hour_gain_{metric}", drawn.num_rows, NOBODY_RIPE)
    if taken:
        evidence, gain = _gain(usual, own, metric, told)
        part = one.plan.usual_part
        if sample_ratio([usual.customers, own.customers], [part, 1 - part]).blocks:
            evidence = "broken"
            gain = told.unknown(f"hour_gain_{metric}", drawn.num_rows, ARMS_BROKEN)
    return HourTest(
        one.id, one.plan.name, one.plan.look_days, look_on, taken, metric, evidence,
        _shown("usual", usual, metric, told), _shown("own", own, metric, told), gain,
    )  # fmt: skip


def _dated(one: Campaign, snapshot: Snapshot) -> pa.Table:
    """Everybody who got it by now, with the days that count: from the moment of their part."""
    drawn = campaigns.timed(one.id)
    first = _day(one, snapshot, rest=False)
    rest = _day(one, snapshot, rest=True)
    begins = pa.array([rest if late else first for late in drawn["waited"].to_pylist()])
    begins = begins.cast(pa.date32())
    more = pa.scalar(one.plan.look_days - 1, pa.int32())
    ends = pc.add(begins.cast(pa.int32()), more).cast(pa.date32())
    dated = drawn.append_column("first_on", begins).append_column("last_on", ends)
    return dated.filter(pc.is_valid(begins))


def _day(one: Campaign, snapshot: Snapshot, *, rest: bool) -> date | None:
    at = one.rest_begun_at if rest else one.begun_at
    return clock.shop_day(at, str(snapshot.settings["zone"])) if at else None


def _gain(
    usual: Arm, own: Arm, metric: Literal["profit", "revenue"], told: Told
) -> tuple[Evidence, Figure]:
    name, n = f"hour_gain_{metric}", usual.customers + own.customers
    before, after = winning.spend_of(usual, metric), winning.spend_of(own, metric)
    if not (usual.customers and own.customers) or wants_permutation(before, after):
        return "too_small", told.unknown(name, n, TOO_FEW_BUYERS)
    effect = spend_effect(before, after, level=LEVEL)
    return SAYS[effect.verdict], told.figure(name, effect, n)


def _shown(
    hour: Literal["usual", "own"], arm: Arm, metric: Literal["profit", "revenue"], told: Told
) -> HourArm:
    mean = winning.each(arm, 0.0, metric)
    figure = Figure(f"hour_{metric}", mean, told.unit, arm.customers, as_of=told.as_of)
    buyers, revenue = int(arm.revenue.buyers), int(arm.revenue.total)
    return HourArm(hour, arm.customers, buyers, revenue, figure)
