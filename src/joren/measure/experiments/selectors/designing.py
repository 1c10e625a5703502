"""What an audience can tell, before it is divided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Final

import ibis.expr.types as ir
import pyarrow.compute as pc

from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import (
    LONGEST_HORIZON,
    NOBODY_BOUGHT,
    USUAL_HORIZON,
    USUAL_LIFT,
    BadPlan,
    EffectDesign,
)
from joren.measure.experiments.selectors.people import drawn_people
from joren.measure.experiments.selectors.planned import plans
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Spend
from joren.science.inference.power import enough, foreseen
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.sums import number_of, square_total, total

_SHORTEST: Final = 7
"""Days below which nobody knows how many come."""


def design(
    segment: int, *, share: float, days: int = USUAL_HORIZON, lift: float = USUAL_LIFT
) -> EffectDesign:
    """What leaving that share of a segment out would show over so many days, by its own past."""
    _check(share, days, lift)
    snapshot = values.snapshot()
    members = segments.members_table(segments.rule_of(segments.segment(segment)))
    past = _past(members, days, snapshot)
    return _design(past, round(past.n), snapshot, share=share, days=days, lift=lift)


def standing_design(
    number: int, *, days: int = USUAL_HORIZON, lift: float = USUAL_LIFT
) -> EffectDesign | None:
    """The same of whoever comes to a standing holdout: as many as came so far in as long, and by
    what those who came bought lately. None while nobody has come."""
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    _check(one.design.share, days, lift)
    drawn, _ = drawn_people(one, snapshot)
    if not drawn.num_rows:
        return None
    lived = (snapshot.as_of - pc.min(drawn["start"]).as_py()).days + 1
    a_day = drawn.num_rows / max(lived, _SHORTEST)
    with warehouse().engine.session() as holding:
        past = _past(holding.take(drawn.select(["customer_id"])), days, snapshot)
    found = _design(
        past, round(a_day * days), snapshot, share=one.design.share, days=days, lift=lift,
        inflation=rules.planning.inflation(plans([number]).get(number)),
    )  # fmt: skip
    # The last of them counts when their own days are over.
    weeks = ceil((found.needed / a_day + days) / 7) if found.needed else None
    return replace(found, weeks=weeks)


def _check(share: float, days: int, lift: float) -> None:
    if not (0 < lift <= 1 and 7 <= days <= LONGEST_HORIZON and 0 < share <= 0.5):
        raise BadPlan(
            f"{share:g} left out, a lift of {lift:g}, {days} days",
            hint=f"a share up to 0.5, a lift up to 1, 7 to {LONGEST_HORIZON} days",
        )


def _design(
    past: Spend, n: int, snapshot: Snapshot, *, share: float, days: int, lift: float,
    inflation: float = 1.0,
) -> EffectDesign:  # fmt: skip
    """Of ``n`` customers who buy as these did; ``inflation`` is what is read before the end."""
    held = round(n * share)
    seen = foreseen(past, held, n - held, inflation=inflation)
    unit, as_of = str(snapshot.settings.get("currency") or ""), snapshot.as_of.isoformat()

    def figure(name: str, value: float | None, kind: str = "") -> Figure:
        why = NOBODY_BOUGHT if value is None else ""
        return Figure(name, value, kind or unit, n, as_of=as_of, why=why)

    each = past.total / past.n if past.n else None
    return EffectDesign(
        n, share, days, round(past.buyers),
        figure("effect_design_spend", each),
        figure("effect_design_smallest", seen.per_customer if seen else None),
        figure("effect_design_together", seen.over_all if seen else None),
        figure("effect_design_lift", seen.lift if seen else None, "share"),
        lift, enough(past, share, lift, inflation=inflation),
        figure("effect_design_held_back", each * lift * held * 30 / days if each else None),
        inflation=inflation,
    )  # fmt: skip


def _past(members: ir.Table, days: int, snapshot: Snapshot) -> Spend:
    """What they bought in so many days up to the figures."""
    house = warehouse()
    since = snapshot.as_of - timedelta(days=days)
    bought = house.snapshots.table(snapshot.id, PURCHASED)
    each = (
        bought.filter(bought.ordered_on > since)
        .group_by("customer_id")
        .agg(revenue=lambda rows: total(rows.revenue))
    )
    every = members.select("customer_id").left_join(each, "customer_id")
    counted = every.aggregate(
        n=every.count(), buyers=number_of(every.revenue > 0), revenue=total(every.revenue),
        squares=square_total(every.revenue),
    )  # fmt: skip
    (row,) = house.engine.rows(counted)
    return Spend(row["n"], row["buyers"], row["revenue"], row["squares"])
