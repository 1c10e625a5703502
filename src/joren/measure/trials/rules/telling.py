"""What a trial says, from the sums of both sides or of the stretches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, isfinite
from typing import Final

from joren.core.figures import Figure
from joren.measure.experiments.contracts import FALSE_ONES, NOT_READ
from joren.measure.trials.contracts import (
    BY_PERIODS,
    CUT_OTHERWISE,
    FEW_BUYERS_AGAIN,
    FEW_PERIODS,
    LEVEL,
    NO_SALES,
    NO_UNIT_COST,
    NOT_OF_THIS_KIND,
    RATIOS,
    RUNS,
    Period,
    Trial,
    TrialEvidence,
    TrialMetric,
    TrialPlan,
    TrialResult,
    TrialSide,
)
from joren.science.inference import (
    Effect,
    Spend,
    Verdict,
    cluster_lift,
    discovered,
    fewest_deals,
    sample_ratio,
    spend_effect,
)

_UNITS: Final[Mapping[str, str]] = {
    "trial_lift": "share", "trial_smallest_lift": "share", "trial_repeat": "share",
    "trial_returns": "share", "trial_orders": "orders",
}  # fmt: skip
EACH: Final[Mapping[TrialMetric, str]] = {
    "money": "trial_each", "orders": "trial_orders", "repeat": "trial_repeat",
    "profit_per_order": "trial_profit_per_order", "returns": "trial_returns",
}  # fmt: skip
WHOLE: Final[Mapping[TrialMetric, str]] = {"orders": "orders", "repeat": "customers"}
"""The unit of what a difference comes to over all with the practice; a ratio comes to nothing."""
_SAYS: dict[Verdict, TrialEvidence] = {
    Verdict.HIGHER: "proven_more",
    Verdict.LOWER: "proven_less",
    Verdict.UNCLEAR: "not_proven",
    Verdict.TOO_SMALL: "too_few",
}


@dataclass(frozen=True)
class Said:
    """What the figures of a trial are, and what may be concluded."""

    evidence: TrialEvidence
    each: Figure
    lift: Figure
    gain: Figure
    p: float | None = None


@dataclass(frozen=True)
class Teller:
    """How figures of one snapshot are told."""

    currency: str
    as_of: str

    def unknown(self, name: str, why: str, n: int | None = None) -> Figure:
        return Figure(name, None, self._unit(name), n, as_of=self.as_of, why=why)

    def told(
        self, name: str, limits: tuple[float, float, float], n: int, model: str, unit: str = ""
    ) -> Figure:
        unit = unit or self._unit(name)
        value, low, high = limits
        known = isfinite(low) and isfinite(high)
        return Figure(
            name, value, unit, n, low if known else None, high if known else None,
            LEVEL if known else None, self.as_of, model,
        )  # fmt: skip

    def _unit(self, name: str) -> str:
        return _UNITS.get(name, self.currency)


def unit_of(metric: TrialMetric) -> str:
    """Of what one brings, in that metric; "" for money."""
    return _UNITS.get(EACH[metric], "")


def not_yet(teller: Teller) -> Said:
    """Nothing is told before the days are over: who looks early stops early."""
    each, lift, gain = (
        teller.unknown(one, RUNS) for one in ("trial_each", "trial_lift", "trial_gain")
    )
    return Said("not_yet", each, lift, gain)


def unreadable(one: Trial, teller: Teller) -> TrialResult:
    """Its numbers refuse: nothing is known of it, and no verdict is reached."""
    each, lift, gain, net = (
        teller.unknown(name, NOT_READ)
        for name in (EACH[one.plan.metric], "trial_lift", "trial_gain", "trial_net")
    )
    sides = TrialSide(False, 0, 0, None, None), TrialSide(True, 0, 0, None, None)
    return TrialResult(
        one.id, "not_yet", "revenue", sides, each, lift, gain, None, net,
        measured=one.plan.metric,
    )  # fmt: skip


def by_people(
    without: Spend,
    with_it: Spend,
    model: str,
    teller: Teller,
    *,
    permutation_p: float | None = None,
) -> Said:
    """The difference per customer or household, and what it comes to for all with the practice.

    Give ``permutation_p`` where buyers are few: the lot dealt anew has to agree.
    """
    found: Effect = spend_effect(without, with_it, level=LEVEL, permutation_p=permutation_p)
    n = int(without.n + with_it.n)
    evidence = _SAYS[found.verdict]
    nothing = teller.unknown("trial_lift", NOT_OF_THIS_KIND, n)
    if evidence == "too_few":
        why = FEW_BUYERS_AGAIN
        return Said(evidence, teller.unknown("trial_each", why, n), nothing,
                    teller.unknown("trial_gain", why, n))  # fmt: skip
    whole = found.scaled(with_it.n)
    return Said(
        evidence,
        teller.told("trial_each", (found.estimate, found.low, found.high), n, model),
        nothing,
        teller.told("trial_gain", (whole.estimate, whole.low, whole.high), n, model),
        max(found.p, permutation_p or 0.0),
    )


def by_counts(found: Effect, metric: TrialMetric, treated: int, model: str, teller: Teller) -> Said:
    """The same of what is no money: a mean, a share, or a ratio, which comes to no sum."""
    n, name = round(sum(found.n)), EACH[metric]
    evidence = _SAYS[found.verdict]
    nothing = teller.unknown("trial_lift", NOT_OF_THIS_KIND, n)
    if evidence == "too_few":
        return Said(evidence, teller.unknown(name, FEW_BUYERS_AGAIN, n), nothing,
                    teller.unknown("trial_gain", FEW_BUYERS_AGAIN, n))  # fmt: skip
    gain = teller.unknown("trial_gain", NOT_OF_THIS_KIND, n)
    if metric in WHOLE:
        whole = found.scaled(treated)
        limits = (whole.estimate, whole.low, whole.high)
        gain = teller.told("trial_gain", limits, n, model, WHOLE[metric])
    each = teller.told(name, (found.estimate, found.low, found.high), n, model)
    return Said(evidence, each, nothing, gain, found.p)


def held_to_lot(
    said: Said, plan: TrialPlan, sides: tuple[TrialSide, TrialSide], drawn: tuple[int, int],
    teller: Teller,
) -> Said:  # fmt: skip
    """The same, unless the sides have not the sizes that the lot gave them (SRM): then somebody is
    missing on one of them, and what they differ by may be that alone."""
    sizes = sides[0].units, sides[1].units
    if not sum(sizes) or not all(drawn) or not sample_ratio(sizes, drawn).blocks:
        return said
    each, lift, gain = (
        teller.unknown(name, CUT_OTHERWISE, sum(sizes))
        for name in (EACH[plan.metric], "trial_lift", "trial_gain")
    )
    return Said("broken", each, lift, gain)


def by_periods(
    dealt: Sequence[Period], before: Sequence[float], amounts: Sequence[int], teller: Teller,
    metric: TrialMetric = "money",
) -> Said:  # fmt: skip
    """The lift of the stretches with the practice. ``before`` is what each would bring: its days,
    times what its store brought a day; of a ratio its orders."""
    found = cluster_lift(
        before, amounts, [one.treated for one in dealt], [one.block for one in dealt], level=LEVEL
    )
    n = len(dealt)
    nothing = teller.unknown("trial_each", NOT_OF_THIS_KIND, n)
    if not found.known:
        why = FEW_PERIODS if found.deals < fewest_deals(LEVEL) else NO_SALES
        return Said("too_few", nothing, teller.unknown("trial_lift", why, n),
                    teller.unknown("trial_gain", why, n))  # fmt: skip
    evidence: TrialEvidence = "not_proven"
    if found.low > 0:
        evidence = "proven_more"
    elif found.high < 0:
        evidence = "proven_less"
    gain = teller.unknown("trial_gain", NOT_OF_THIS_KIND, n)
    if metric not in RATIOS:
        gains = (found.gain, found.gain_low, found.gain_high)
        gain = teller.told("trial_gain", gains, n, BY_PERIODS, WHOLE.get(metric, ""))
    lift = teller.told("trial_lift", (found.lift, found.low, found.high), n, BY_PERIODS)
    return Said(evidence, nothing, lift, gain, found.p)


def among_all(found: Sequence[TrialResult], beside: Sequence[float] = ()) -> list[TrialResult]:
    """With q over all that were read, here and ``beside`` in other lists: what is proven by itself
    but not as one of so many is not proven."""
    every = discovered([one.p for one in found], beside)
    return [_among(one, q) for one, q in zip(found, every, strict=True)]


def _among(one: TrialResult, q: float | None) -> TrialResult:
    late = q is not None and q > FALSE_ONES and one.evidence in ("proven_more", "proven_less")
    return replace(one, q=q, evidence="not_proven" if late else one.evidence)


def net_of(gain: Figure, cost: int | None, teller: Teller) -> Figure:
    """The gain less what the practice cost."""
    if gain.value is None:
        return teller.unknown("trial_net", gain.why, gain.n)
    if cost is None:
        return teller.unknown("trial_net", NO_UNIT_COST, gain.n)
    low, high = (None if one is None else one - cost for one in (gain.low, gain.high))
    return Figure(
        "trial_net", gain.value - cost, gain.unit, gain.n, low, high, gain.level, gain.as_of,
        gain.model,
    )  # fmt: skip


def weeks_left(plan: TrialPlan, as_of: date) -> int | None:
    """Weeks until the trial can be read; None where it can be."""
    days = (plan.read_on - as_of).days
    return ceil(days / 7) if days > 0 else None
