"""The model of renewals that the shop's own past chooses, and its fit at the as-of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np

from joren.core.errors import Refused
from joren.science.clv.choosing import Choice
from joren.science.clv.renewal_choosing import (
    FITS,
    RenewalMark,
    RenewalOrigin,
    choose_renewals,
)
from joren.science.clv.renewals import Contracts
from joren.science.clv.renewals_ahead import Ahead
from joren.understand.ltv.contracts import reasons
from joren.understand.ltv.rules import contract_runs as runs
from joren.understand.ltv.rules import summary, thresholds
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.judging import SAMPLE, number_of
from joren.understand.ltv.services.subscribing import following
from joren.understand.ltv.services.subscribing.following import Followed


@dataclass(frozen=True, eq=False)
class Learned:
    """What the contracts of all days taught; ``ahead`` None with ``why`` where it is too little.

    ``cutoffs`` are the days on which candidates were judged, and the days they were judged by.
    """

    choice: Choice[str, RenewalMark]
    cutoffs: tuple[tuple[date, date], ...]
    observed: Contracts | None
    ahead: Ahead | None
    why: str

    @property
    def errors(self) -> list[float]:
        """How far the chosen model's totals were off."""
        return [abs(mark.window.error) for mark in self.choice.marks]


def learn(gathered: Gathered, followed: Followed, cutoffs: Sequence[date], days: int) -> Learned:
    """Choose by the cut-offs and the days after each, then fit on all that is decided."""
    origins = _origins(gathered, cutoffs, days)
    choice = choose_renewals(origins)
    judged = {mark.window.begin for mark in choice.marks}
    spans = tuple((one, one + timedelta(days=days)) for one in cutoffs if number_of(one) in judged)
    found = gathered.holding.hold(runs.decided(followed.rows))
    runs_at, today = following.decided_runs(gathered, found), gathered.as_of
    n = runs_at.get(today, 0)
    observed = following.renewals(gathered, found, runs_at)[today] if n else None
    if observed is None or n < thresholds.FIT_CONTRACTS:
        why = reasons.NEEDS_CONTRACTS.format(thresholds.FIT_CONTRACTS - n)
        return Learned(choice, spans, observed, None, why)
    try:
        fitted = FITS[choice.candidate](observed)
    except Refused as refused:
        return Learned(choice, spans, observed, None, refused.message)
    waits = following.waits(gathered, found, [today])[today]
    return Learned(choice, spans, observed, Ahead(fitted, waits), "")


def why(learned: Learned) -> str:
    """What the choice rests on, in a sentence."""
    if learned.ahead is None:
        return learned.why
    if len(learned.errors) < 2:
        return reasons.CONTRACTS_UNJUDGED
    mean = f"{np.mean(learned.errors):.1%}"
    return reasons.CONTRACT_RENEWALS.format(len(learned.errors), mean)


def _origins(gathered: Gathered, cutoffs: Sequence[date], days: int) -> list[RenewalOrigin]:
    """What was decided by each cut-off, and what in the days after it.

    Each by the intervals that were known at its end: no figure of the window is used before it.
    """
    if not cutoffs:
        return []
    ends = [cutoff + timedelta(days=days) for cutoff in cutoffs]
    followed = following.follow(gathered, _sampled(gathered), sorted({*cutoffs, *ends}))
    if followed is None:
        return []
    rows = followed.rows
    before = runs.decided(rows.filter(rows.at.isin(list(cutoffs))))
    after = runs.decided_within(rows.filter(rows.at.isin(ends)), days)
    n, m = (following.decided_runs(gathered, one) for one in (before, after))
    learned, came = (
        following.renewals(gathered, one, runs_at) for one, runs_at in ((before, n), (after, m))
    )
    return [
        RenewalOrigin(number_of(cutoff), float(days), learned[cutoff], came[end])
        for cutoff, end in zip(cutoffs, ends, strict=True)
        if n.get(cutoff, 0) >= thresholds.FIT_CONTRACTS and m.get(end)
    ]


def _sampled(gathered: Gathered) -> ir.Table:
    """The orders of contracts of at most SAMPLE customers with one."""
    purchases = gathered.purchases
    ours = purchases.filter(purchases.subscription_id.notnull())
    (row,) = gathered.warehouse.engine.rows(ours.agg(customers=ours.customer_id.nunique()))
    return summary.sampled(ours, customers=row["customers"], size=SAMPLE)
