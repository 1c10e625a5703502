"""What a test by area says, and what each channel brought per yen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, hypot, isfinite, isnan

from joren.core.figures import Figure
from joren.measure.channels.contracts import (
    BY_DEALS,
    COST_NOTHING_HERE,
    FALSE_AMONG_PROVEN,
    FEW_AREAS,
    LEVEL,
    NO_TEST_COST,
    NOTHING_MEASURED,
    NOTHING_SOLD,
    TOO_RESTLESS,
    Area,
    AreaDesign,
    AreaEvidence,
    AreaResult,
    AreaSum,
    AreaTest,
    AreaTestText,
    AreaUnit,
    ChannelEvidence,
    ChannelMetric,
    ChannelRow,
)
from joren.measure.experiments.contracts import NOT_READ
from joren.science.inference import (
    ClusterLift,
    cluster_detectable,
    cluster_lift,
    discovered,
    false_discovery,
    fewest_deals,
    ways,
)
from joren.science.inference.effects import critical, two_sided


@dataclass(frozen=True)
class Teller:
    """How figures of one snapshot are told."""

    currency: str
    as_of: str

    def unknown(self, name: str, unit: str, why: str, n: int | None = None) -> Figure:
        return Figure(name, None, unit or self.currency, n, as_of=self.as_of, why=why)

    def known(
        self, name: str, unit: str, limits: tuple[float, float, float], n: int | None, model: str
    ) -> Figure:
        value, low, high = limits
        bounded = isfinite(low) and isfinite(high)
        return Figure(
            name, value, unit or self.currency, n, low if bounded else None,
            high if bounded else None, LEVEL if bounded else None, self.as_of, model,
        )  # fmt: skip


def _afters(sums: Sequence[AreaSum]) -> list[int]:
    """Of a test that is read: until then nothing is told of any of them."""
    return [one.after for one in sums if one.after is not None]


def lift_of(sums: Sequence[AreaSum], blocks: Sequence[int]) -> ClusterLift:
    """The treated areas against the others, each against its own past."""
    return cluster_lift(
        [one.before for one in sums], _afters(sums),
        [one.treated for one in sums], blocks, level=LEVEL,
    )  # fmt: skip


def deals_of(areas: Sequence[Area]) -> int:
    """In how many ways the blocks could have been dealt."""
    return ways([one.treated for one in areas], [one.block for one in areas])


def evidence_of(found: ClusterLift, *, by_lot: bool) -> AreaEvidence:
    """What may be said. Without a lot it is a comparison and never a proof."""
    if not found.known:
        return "too_few"
    if found.low > 0:
        return "proven_more" if by_lot else "higher"
    if found.high < 0:
        return "proven_less" if by_lot else "lower"
    return "not_proven" if by_lot else "open"


def among_all(found: Sequence[AreaResult], beside: Sequence[float] = ()) -> list[AreaResult]:
    """With q over all that were read, here and ``beside`` in other lists."""
    every = discovered([one.p for one in found], beside)
    return [_among(one, q) for one, q in zip(found, every, strict=True)]


def _among(one: AreaResult, q: float | None) -> AreaResult:
    by_chance = q is not None and q > FALSE_AMONG_PROVEN
    late = by_chance and one.evidence in ("proven_more", "proven_less")
    return replace(one, q=q, evidence="not_proven" if late else one.evidence)


def unreadable(one: AreaTest, teller: Teller) -> AreaResult:
    """Its numbers refuse: nothing is known of it, and no verdict is reached."""
    text = one.text
    return AreaResult(
        one.id, "not_yet", "revenue", text.before, (text.started_on, text.last),
        deals_of(one.areas), teller.unknown("area_lift", "share", NOT_READ),
        teller.unknown("area_gain", "", NOT_READ),
        teller.unknown("area_per_yen", "ratio", NOT_READ), one.cost,
        teller.unknown("area_without", "share", NOT_READ), (), (), None, None,
    )  # fmt: skip


def figures_of(
    found: ClusterLift, cost: int | None, teller: Teller
) -> tuple[Figure, Figure, Figure]:
    """Lift, gain, and gain per yen."""
    n = sum(found.clusters)
    if not found.known:
        why = FEW_AREAS if found.deals < fewest_deals(LEVEL) else NOTHING_SOLD
        return (
            teller.unknown("area_lift", "share", why, n),
            teller.unknown("area_gain", "", why, n),
            teller.unknown("area_per_yen", "ratio", why, n),
        )
    gains = (found.gain, found.gain_low, found.gain_high)
    lift = teller.known("area_lift", "share", (found.lift, found.low, found.high), n, BY_DEALS)
    gain = teller.known("area_gain", "", gains, n, BY_DEALS)
    if not cost:
        return lift, gain, teller.unknown("area_per_yen", "ratio", NO_TEST_COST, n)
    value, low, high = (one / cost for one in gains)
    return lift, gain, teller.known("area_per_yen", "ratio", (value, low, high), n, BY_DEALS)


def design_of(
    unit: AreaUnit, days: int, sums: Sequence[AreaSum], blocks: Sequence[int], teller: Teller
) -> AreaDesign:
    """What a test of so many days could see, by two stretches in which nothing was done."""
    n = len(sums)
    deals = 2 ** (n // 2)
    names = ("area_detectable", "share"), ("area_detectable_gain", "")
    if deals < fewest_deals(LEVEL):
        return AreaDesign(unit, n, deals, days, *(teller.unknown(*one, FEW_AREAS) for one in names))
    least = cluster_detectable(
        [one.before for one in sums], _afters(sums),
        [one.treated for one in sums], blocks, level=LEVEL,
    )  # fmt: skip
    if not isfinite(least):
        why = NOTHING_SOLD if isnan(least) else TOO_RESTLESS
        return AreaDesign(unit, n, deals, days, *(teller.unknown(*one, why) for one in names))
    half = sum(_afters(sums)) / 2
    return AreaDesign(
        unit, n, deals, days,
        Figure("area_detectable", least, "share", n, as_of=teller.as_of, model=BY_DEALS),
        Figure("area_detectable_gain", least * half, teller.currency, n, as_of=teller.as_of,
               model=BY_DEALS),
    )  # fmt: skip


@dataclass(frozen=True)
class Gain:
    """What one measured action or test brought before its cost. Without limits it is not read."""

    channel: str
    metric: ChannelMetric
    value: float | None
    low: float | None
    high: float | None
    cost: int | None

    @property
    def read(self) -> bool:
        """May it stand in a sum: with limits, and a cost that is known?"""
        return None not in (self.value, self.low, self.high, self.cost)


def rows_of(
    gains: Sequence[Gain], spends: Sequence[tuple[str, int]], messages: Sequence[str],
    teller: Teller,
) -> tuple[ChannelRow, ...]:  # fmt: skip
    """One row for each channel that was used, paid for or measured, best per yen first."""
    spent: dict[str, int] = {}
    for channel, amount in spends:
        spent[channel] = spent.get(channel, 0) + amount
    names = dict.fromkeys([*(one.channel for one in gains), *spent])
    rows = [
        _row(name, [one for one in gains if one.channel == name], spent.get(name), messages, teller)
        for name in names
    ]
    found = _judged(rows)
    return tuple(sorted(found, key=_order))


def _order(row: ChannelRow) -> tuple[bool, float, int]:
    value = row.per_yen.value
    return value is None, -(value or 0.0), -(row.spend or 0)


def _row(
    name: str, gains: Sequence[Gain], spend: int | None, messages: Sequence[str], teller: Teller
) -> ChannelRow:
    read = [one for one in gains if one.read]
    # Profit and revenue are not added up: where some of a channel is known in profit, that counts.
    metric: ChannelMetric = "profit"
    if read and all(one.metric == "revenue" for one in read):
        metric = "revenue"
    counted = [one for one in read if one.metric == metric]
    cost = sum(one.cost or 0 for one in counted)
    evidence: ChannelEvidence = "not_yet" if gains else "untested"
    gain = teller.unknown("channel_gain", "", NOTHING_MEASURED)
    each = teller.unknown("channel_per_yen", "ratio", NOTHING_MEASURED)
    if counted:
        value, low, high = limits = _summed(counted)
        gain = teller.known("channel_gain", "", limits, len(counted), "")
        each = teller.unknown("channel_per_yen", "ratio", COST_NOTHING_HERE, len(counted))
        if cost:
            scaled = (value / cost, low / cost, high / cost)
            each = teller.known("channel_per_yen", "ratio", scaled, len(counted), "")
    return ChannelRow(
        name, "message" if name in messages else "ad", spend, len(counted),
        len(gains) - len(counted), cost, metric, gain, each, evidence, None,
    )  # fmt: skip


def _summed(gains: Sequence[Gain]) -> tuple[float, float, float]:
    """Limits of a sum of independent estimates from the limits of each (MOVER)."""
    values = [one.value or 0.0 for one in gains]
    downs = [value - (one.low or 0.0) for one, value in zip(gains, values, strict=True)]
    ups = [(one.high or 0.0) - value for one, value in zip(gains, values, strict=True)]
    total = sum(values)
    return total, total - hypot(*downs), total + hypot(*ups)


def _judged(rows: Sequence[ChannelRow]) -> list[ChannelRow]:
    """Of the channels that are called proven few are so by chance, however many there are."""
    told = [one for one in rows if one.gain.value is not None and one.gain.low is not None]
    if not told:
        return list(rows)
    every = false_discovery([_p(one) for one in told])
    q = {one.channel: float(each) for one, each in zip(told, every, strict=True)}
    return [
        replace(one, q=q[one.channel], evidence=_says(one, q[one.channel]))
        if one.channel in q
        else one
        for one in rows
    ]


def _p(row: ChannelRow) -> float:
    """Two-sided, of "it brought what it cost", from the limit that lies towards the cost."""
    value, low, high = row.gain.value or 0.0, row.gain.low or 0.0, row.gain.high or 0.0
    apart = value - row.measured_cost
    reach = (value - low if apart > 0 else high - value) / critical(LEVEL)
    return two_sided(abs(apart) / reach) if reach > 0 else float(apart == 0)


def _says(row: ChannelRow, q: float) -> ChannelEvidence:
    low, high = row.gain.low or 0.0, row.gain.high or 0.0
    if q > FALSE_AMONG_PROVEN:
        return "not_proven"
    # More revenue than it cost may still be a loss; less of it is one in any case.
    if low > row.measured_cost and row.metric == "profit":
        return "pays"
    return "loses" if high < row.measured_cost else "not_proven"


def within(first: int, last: int, amount: int, since: int, until: int) -> int:
    """The part of an amount that lies between two days (ordinals, both included)."""
    overlap = min(last, until) - max(first, since) + 1
    return amount * overlap // (last - first + 1) if overlap > 0 else 0


def weeks_left(text: AreaTestText, as_of: date) -> int | None:
    """Weeks until the test can be read; None where it can be."""
    days = (text.last - as_of).days
    return ceil(days / 7) if days > 0 else None


def relative(total: float, before: float, days_before: int, days: int) -> float:
    """A week against the mean of as many days before; 1 is as before."""
    return (total / days) / (before / days_before) if before > 0 else 0.0
