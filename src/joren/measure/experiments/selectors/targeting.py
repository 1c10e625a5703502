"""Who should get it: of one holdout, with what was known of its customers before the first day."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments import selectors as segments
from joren.measure.experiments.contracts import (
    USUAL_HORIZON,
    CostNotSaid,
    NotYetTargeted,
    Policy,
    RacedPolicy,
    Targeting,
    TargetingEvidence,
)
from joren.measure.experiments.rules import targeting
from joren.measure.experiments.rules.comparing import ENOUGH_KNOWN, NOWHERE
from joren.measure.experiments.rules.targeting import Audience
from joren.measure.experiments.selectors.asking import Told, asked_of, told_by
from joren.measure.experiments.selectors.counting import dated, net_orders
from joren.measure.experiments.selectors.people import drawn_people, too_many_in_both
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Effect
from joren.science.inference.targeting import Entry
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.sums import total

FEWEST: Final = 200
"""Customers below whom no policy is raced: each fold has to have some of both arms."""
MOST: Final = 200_000
"""Customers of whom more tell nothing that these do not; beyond it a part is taken by lot."""
THOUSAND: Final = 1000


def who(number: int, *, cost: float | None = None) -> Targeting:
    """The race, at a cost per customer treated in minor units: where none is given, what the action
    is known to have cost."""
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    if cost is not None and not 0 <= cost < NOWHERE:
        raise CostNotSaid(f"a cost of {cost}", hint="0 or more, in minor units")
    (asked,) = asked_of([one])
    drawn, in_both = drawn_people(one, snapshot)
    if holdouts.drawn_again(one.id) or too_many_in_both(in_both, drawn):
        raise NotYetTargeted("the arms are not those that were drawn", hint="nothing is learned")
    each = cost if cost is not None else _known_cost(asked.cost.total, drawn)
    ripe = _ripe(drawn)
    if ripe.num_rows < FEWEST or len(pc.unique(ripe["held_out"])) < 2:
        raise NotYetTargeted(
            f"{ripe.num_rows:,} customers of both arms have had their first {USUAL_HORIZON} days",
            hint=f"{FEWEST} are needed",
        )
    audience, buyers, margin, known = _audience(ripe, snapshot)
    if not (audience.spent > 0).any():
        raise NotYetTargeted("nobody bought anything", hint="there is nothing to learn from")
    raced = targeting.raced(
        audience, chance=1 - one.design.share, margin=1.0, cost=each,
        rng=np.random.default_rng(one.lot),
    )  # fmt: skip
    told, found = told_by(snapshot), raced.race
    use: Policy = found.use  # type: ignore[assignment]  # science names policies by text
    entries = {one.name: one for one in found.entries}
    rule = targeting.rule_of(raced.cells[use], raced.thirds, one.segment_id)
    return Targeting(
        one.id, one.name, USUAL_HORIZON, ripe.num_rows, int(audience.treated.sum()),
        buyers, known, margin if known else 1.0, each,
        tuple(_policy(entry, ripe.num_rows, told) for entry in found.entries),
        found.plain,  # type: ignore[arg-type]  # science names policies by text
        use, _figure("targeting_gain", found.gain, ripe.num_rows, told),
        _evidence(found.proven, entries["uplift"].over_plain),
        None if use == "nobody" else segments.written(rule),
    )  # fmt: skip


def _known_cost(total_cost: int | None, drawn: pa.Table) -> float:
    treated = drawn.num_rows - (pc.sum(drawn["held_out"]).as_py() or 0)
    if total_cost is None or not treated:
        raise CostNotSaid(
            "nobody has said what treating a customer costs", hint="say it, if 0: cost=20"
        )
    return float(total_cost / treated)


def _ripe(drawn: pa.Table) -> pa.Table:
    """Those who have had their first days; of very many a part, whom the lot of their number
    chose."""
    lasts, starts = (drawn[name].cast(pa.int32()).to_numpy() for name in ("last", "start"))
    ripe = drawn.filter(pa.array(lasts - starts + 1 >= USUAL_HORIZON))
    if ripe.num_rows <= MOST:
        return ripe
    some = np.random.default_rng(ripe.num_rows).permutation(ripe.num_rows)[:MOST]
    return ripe.take(pa.array(np.sort(some)))


def _audience(ripe: pa.Table, snapshot: Snapshot) -> tuple[Audience, int, float, bool]:
    """Their columns, how many bought in the days, at which margin, and whether it is known.

    What counts is the profit of each one's own orders: at a margin that is the same for all, a
    discount would look as if it cost nothing.
    """
    house = warehouse()
    with house.engine.session() as holding:
        people = holding.take(ripe)
        aged = dated(net_orders(snapshot), people)
        before, within = aged.age < 0, (aged.age >= 0) & (aged.age < USUAL_HORIZON)
        counted = aged.group_by("customer_id").agg(
            orders=total(before.ifelse(aged.orders, 0)),
            revenue=total(before.ifelse(aged.revenue, 0)),
            silent=(before & (aged.orders > 0)).ifelse(-aged.age - 1, None).min(),
            spent=total(within.ifelse(aged.revenue, 0)),
            profit=total(within.ifelse(aged.profit, 0)),
            uncosted=total((within & ~aged.costed).ifelse(aged.revenue, 0)),
        )
        found = house.engine.arrow(counted.order_by("customer_id"))
    place = np.searchsorted(ripe["customer_id"].to_numpy(), found["customer_id"].to_numpy())

    def column(name: str) -> Any:
        every = np.full(ripe.num_rows, np.nan if name == "silent" else 0.0)
        every[place] = pc.cast(found[name], pa.float64()).to_numpy()
        return every

    spent, held = column("spent"), ripe["held_out"].to_numpy(zero_copy_only=False).astype(np.bool_)
    whole = float(spent.sum())
    known = whole > 0 and 1 - float(column("uncosted").sum()) / whole >= ENOUGH_KNOWN
    margin = float(column("profit").sum()) / whole if whole > 0 else 0.0
    in_profit = known and margin > 0
    left = column("profit") if in_profit else spent
    audience = Audience(
        ~held, np.maximum(left, 0.0), column("silent"), column("orders"), column("revenue")
    )
    return audience, int((spent > 0).sum()), margin, in_profit


def _evidence(proven: bool, learned: Effect) -> TargetingEvidence:
    """Of the one to use, against every other one."""
    if proven:
        return "proven"
    return "too_small" if learned.too_small else "not_proven"


def _policy(entry: Entry, n: int, told: Told) -> RacedPolicy:
    return RacedPolicy(
        entry.name,  # type: ignore[arg-type]  # science names policies by text
        entry.share,
        told.figure("targeting_over_nobody", entry.over_nobody.scaled(THOUSAND), n),
        told.figure("targeting_over_plain", entry.over_plain.scaled(THOUSAND), n),
        _figure("targeting_expected", THOUSAND * entry.shrunk, n, told),
    )


def _figure(name: str, value: float, n: int, told: Told) -> Figure:
    return Figure(name, value, told.unit, n, as_of=told.as_of)
