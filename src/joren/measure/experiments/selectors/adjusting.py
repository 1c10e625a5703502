"""Both arms with what was known of their customers before the first day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import stratum_of
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import AdjustedEffect
from joren.measure.experiments.rules.adjusting import (
    COVARIATES,
    Sharper,
    Stratified,
    sharper,
    stratified,
)
from joren.measure.experiments.selectors import costing
from joren.measure.experiments.selectors.asking import Told, told_by
from joren.measure.experiments.selectors.counting import (
    UNTIL_NOW,
    before_of,
    counted,
    dated,
    moments_by_arm,
    net_orders,
)
from joren.measure.experiments.selectors.people import (
    arms_in,
    drawn_people,
    last_day,
    too_many_in_both,
)
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Moments, Spend, Sums, pairs
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.sums import square_total, total

CAPPED_SHARE: Final = 0.001
"""So many customers of both arms together, those who spent most, count as the next one does."""
Strata = Mapping[str, Sequence[tuple[Sums, Sums]]]
_FIGURES: Final = {
    "bought": "effect_conversion", "revenue": "effect_per_customer",
    "capped": "effect_capped_per_customer", "profit": "effect_profit_per_customer",
}  # fmt: skip


def adjusted(number: int) -> list[AdjustedEffect]:
    """The difference per customer by several metrics, with and without what was known before, and
    with the highest spends capped. Empty where it cannot be told."""
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    sizes = arms_in(drawn)
    if not all(sizes) or holdouts.drawn_again(one.id) or too_many_in_both(in_both, drawn):
        return []
    both = counted(one, drawn, snapshot, (UNTIL_NOW,))[UNTIL_NOW]
    found, cap, capped, strata = _summed(drawn, snapshot, with_profit=both.costed)
    if found is None:
        return []
    told, action = told_by(snapshot), costing.actions([one])[one.id]
    days = (last_day(one, snapshot) - pc.min(drawn["start"]).as_py()).days + 1
    reads: list[tuple[str, rules.At, str]] = [
        ("bought", rules.buyers_at(both), "share"),
        ("revenue", rules.revenue_at(both), ""),
    ]
    if cap:
        treated, control = (
            replace(arm, revenue=spend)
            for arm, spend in zip((both.treated, both.control), capped, strict=True)
        )
        spends = rules.Compared(treated, control)
        reads.append(("capped", rules.revenue_at(spends), ""))
    if both.costed:
        reads.append(("profit", rules.profit_at(both), ""))
    return [
        _effect(name, at, found, unit, told, cap if name == "capped" else None,
                lambda read: rules.until_now(read, action.kind, days), sum(sizes),
                stratified(strata[name]))
        for name, at, unit in reads
    ]  # fmt: skip


def _effect(
    name: str, at: rules.At, found: Sharper, unit: str, told: Told, cap: int | None, read: Any,
    n: int, by_strata: Stratified | None,
) -> AdjustedEffect:  # fmt: skip
    figure = _FIGURES[name]
    return AdjustedEffect(
        name,  # type: ignore[arg-type]  # of those above
        told.figure(figure, read(at), n, unit),
        told.figure(figure, read(found.at(at, name)), n, unit),
        found.saved(name), cap,
        told.figure(figure, read(by_strata.at(at)), n, unit) if by_strata else None,
        by_strata.saved if by_strata else None,
    )  # fmt: skip


def sharper_money(drawn: pa.Table, snapshot: Snapshot, days: int, column: str) -> Sharper | None:
    """Revenue or profit of the first so many days, of everybody, with and without."""
    house = warehouse()
    with house.engine.session() as holding:
        each = _each(holding.take(drawn), snapshot, days)
        arms = _arms(each, (column,), arms_in(drawn))
    return sharper(*arms, (column,))


def _each(drawn: ir.Table, snapshot: Snapshot, days: int) -> ir.Table:
    """(unit, held_out, revenue, profit, COVARIATES) of every household that ever bought."""
    aged = dated(net_orders(snapshot), drawn)
    inside = (aged.age >= 0) & (aged.ordered_on <= aged["last"])
    if days != UNTIL_NOW:
        inside &= aged.age < days
    return aged.group_by("unit", "held_out").agg(
        revenue=total(inside.ifelse(aged.revenue, 0)),
        profit=total(inside.ifelse(aged.profit, 0)),
        **before_of(aged),
    )


def _summed(
    drawn: pa.Table, snapshot: Snapshot, *, with_profit: bool
) -> tuple[Sharper | None, int, tuple[Spend, Spend], Strata]:
    """With the cap, 0 where nobody is above it, what both arms spent below it (treated and left
    out), and each column by decile."""
    house, sizes = warehouse(), arms_in(drawn)
    with house.engine.session() as holding:
        each = holding.hold(_each(holding.take(drawn), snapshot, UNTIL_NOW))
        place = max(1, round(sum(sizes) * CAPPED_SHARE))
        most = each.select("revenue").order_by(ibis.desc("revenue")).limit(1, offset=place)
        found = house.engine.rows(most)
        cap = max(int(found[0]["revenue"]), 0) if found else 0
        wide = each.mutate(
            bought=(each.revenue > 0).ifelse(1, 0),
            capped=ibis.least(each.revenue, cap) if cap else each.revenue,
        )
        columns = ("bought", "revenue", "capped", *(("profit",) if with_profit else ()))
        control, treated = _arms(wide, columns, sizes)
        strata = _strata(drawn, wide, columns)
        counted_by = wide.group_by("held_out").agg(
            buyers=total(wide.bought), total=total(wide.capped), squares=square_total(wide.capped)
        )
        rows = {row["held_out"]: row for row in house.engine.rows(counted_by)}
    nobody = {"buyers": 0, "total": 0, "squares": 0.0}
    capped = []
    for held, size in zip((False, True), sizes, strict=True):
        sums = rows.get(held, nobody)
        capped.append(Spend(size, sums["buyers"], sums["total"], sums["squares"]))
    return sharper(control, treated, columns), cap, (capped[0], capped[1]), strata


def _strata(drawn: pa.Table, wide: ir.Table, columns: Sequence[str]) -> Strata:
    """By column, (left out, treated) of each decile in which the lot was drawn, in their order."""
    units, first = np.unique(drawn["unit"].to_numpy(), return_index=True)
    held = drawn["held_out"].to_numpy(zero_copy_only=False)[first].astype(np.bool_)
    strata = stratum_of(units)
    spread = wide.mutate(stratum=stratum_of(wide.unit))
    sums = {name: total(spread[name]) for name in columns}
    squares = {f"{name}*": square_total(spread[name]) for name in columns}
    rows = {
        (row["stratum"], row["held_out"]): row
        for row in warehouse().engine.rows(
            spread.group_by("stratum", "held_out").agg(**sums, **squares)
        )
    }

    def of(name: str, stratum: int, arm: bool) -> Sums:
        row = rows.get((stratum, arm), {})
        n = int(np.count_nonzero((strata == stratum) & (held == arm)))
        return Sums(n, row.get(name, 0), row.get(f"{name}*", 0.0))

    order = [int(one) for one in np.unique(strata)]
    return {
        name: [(of(name, each, True), of(name, each, False)) for each in order] for name in columns
    }


def _arms(
    each: ir.Table, columns: Sequence[str], sizes: tuple[int, int]
) -> tuple[Moments, Moments]:
    """Moments of those left out, and of the treated; who bought nothing adds 0 to every sum."""
    names = (*columns, *COVARIATES)
    nothing = dict.fromkeys((*names, *(f"{a}*{b}" for a, b in pairs(columns, COVARIATES))), 0)
    by_arm = moments_by_arm(each, columns, COVARIATES)
    control, treated = (
        Moments.of_row({**nothing, **by_arm.get(held, {}), "n": size}, names)
        for held, size in ((True, sizes[1]), (False, sizes[0]))
    )
    return control, treated
