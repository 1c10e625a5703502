"""What Home says: the worth of the base, how it moved, what to do next, how fresh the data is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from joren.collect.quality import selectors as quality
from joren.collect.quality.contracts import Verdict
from joren.core.figures import Figure
from joren.plumbing.warehouse import warehouse
from joren.project.freshness import Freshness, freshness
from joren.project.next_steps import Step, next_steps
from joren.project.profile import kpis
from joren.understand.cohorts import selectors as cohorts
from joren.understand.economics import selectors as economics
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import Movement
from joren.understand.ranks import selectors as ranks
from joren.warehouse import Snapshot


@dataclass(frozen=True)
class Home:
    """``next_steps`` are all there is to do, the most pressing first; ``verdicts`` say what the
    facts are enough for."""

    as_of: date
    currency: str
    totals: Sequence[Figure]
    movement: Movement
    profile: str | None
    kpis: Sequence[Figure]
    next_steps: Sequence[Step]
    verdicts: Sequence[Verdict]
    freshness: Freshness | None


def home_of(snapshot: Snapshot) -> Home:
    """As of that snapshot; how fresh the data is, and what is late, as of now."""
    worth, paying = values.value_report(snapshot), economics.economics_report(snapshot)
    report = quality.report_in(warehouse(), snapshot)
    return Home(
        as_of=snapshot.as_of,
        currency=worth.currency,
        totals=worth.totals,
        movement=worth.movement,
        profile=paying.profile.kind,
        kpis=kpis(
            paying,
            worth,
            ranks.rank_report(snapshot),
            cohorts.cohort_report(snapshot),
            values.contract_report(snapshot),
        ),
        next_steps=next_steps(snapshot),
        verdicts=report.verdicts if report else (),
        freshness=freshness(),
    )
