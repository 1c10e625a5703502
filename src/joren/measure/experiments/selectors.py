"""Questions about effects. The warehouse adds up each arm, science concludes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isnan
from typing import Any, Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.collect.customers import selectors as people
from joren.core.figures import Figure
from joren.core.outcomes import Outcome
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import ARMS, Holdout
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments.contracts import (
    ARMS_BROKEN,
    COST_UNKNOWN,
    FIGURES_END_BEFORE,
    HORIZONS,
    LEVEL,
    MOST_IN_BOTH,
    NOBODY_REACHED,
    NOBODY_RIPE,
    TOO_FEW_BUYERS,
    TOO_UNEVEN,
    ArmResult,
    Evidence,
    Horizon,
    Result,
)
from joren.plumbing.warehouse import warehouse
from joren.science.inference import (
    Effect,
    Spend,
    Sums,
    Verdict,
    newcombe,
    permutation,
    sample_ratio,
    spend_effect,
    wants_permutation,
    welch,
)
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.sums import number_of, square_total, total

_SAYS: Final[Mapping[Verdict, Evidence]] = {
    Verdict.HIGHER: "proven_more",
    Verdict.LOWER: "proven_less",
    Verdict.UNCLEAR: "not_proven",
    Verdict.TOO_SMALL: "too_small",
}


def result(number: int) -> Result:
    """What the treated of one holdout did more than those left out, until the newest figures."""
    return _result(holdouts.holdout(number), values.snapshot())


def horizons(number: int) -> list[Horizon]:
    """The same over a fixed number of days from each customer's own beginning.

    Only who has had so many days counts, in both arms alike, so that a figure does not change any
    more once everybody has.
    """
    one, snapshot = holdouts.holdout(number), values.snapshot()
    currency = str(snapshot.settings.get("currency") or "")
    drawn, in_both = _people(one, snapshot)
    broken = bool(holdouts.drawn_again(one.id)) or _too_many(in_both, drawn)
    return [_horizon(one, drawn, days, snapshot, currency, broken) for days in HORIZONS]


def _horizon(
    one: Holdout, drawn: pa.Table, days: int, snapshot: Snapshot, currency: str, broken: bool
) -> Horizon:
    last = pc.add(drawn["start"].cast(pa.int32()), pa.scalar(days - 1, pa.int32())).cast(
        pa.date32()
    )
    ripe = drawn.set_column(drawn.column_names.index("last"), "last", last)
    ripe = ripe.filter(pc.less_equal(last, pa.scalar(snapshot.as_of)))
    n, as_of = ripe.num_rows, snapshot.as_of.isoformat()
    names = ("effect_per_customer", "effect_together")
    sides = set(ripe["held_out"].to_pylist())
    if len(sides) < 2 or broken:
        why = ARMS_BROKEN if broken else NOBODY_RIPE
        unknown = [Figure(name, None, currency, n, as_of=as_of, why=why) for name in names]
        return Horizon(days, n, drawn.num_rows, "broken" if broken else "not_yet", *unknown)
    _, control, other, dealt = _compared(one, ripe, snapshot)
    spend = spend_effect(control, other, level=LEVEL, permutation_p=dealt)
    told = [
        _figure(name, effect, currency, n, as_of)
        for name, effect in zip(names, (spend, spend.scaled(other.n)), strict=True)
    ]
    return Horizon(days, n, drawn.num_rows, _SAYS[spend.verdict], *told)


def results() -> list[Result]:
    """Of every holdout, newest first."""
    snapshot = values.snapshot()
    return [_result(one, snapshot) for one in holdouts.holdouts()]


def outcomes_of(segment: int) -> list[Outcome]:
    """What the holdouts of one segment say, newest first."""
    drawn = holdouts.of_segment(segment)
    snapshot = values.snapshot() if drawn else None
    found = [_result(one, snapshot) for one in drawn] if snapshot else []
    return [
        Outcome(one.holdout_id, one.name, one.evidence, one.first, one.last, one.together)
        for one in found
    ]


def _result(one: Holdout, snapshot: Snapshot) -> Result:
    currency = str(snapshot.settings.get("currency") or "")
    drawn, in_both = _people(one, snapshot)
    first = pc.min(drawn["start"]).as_py()
    if first is None:
        return _not_yet(one, currency, snapshot)
    sums, control, other, dealt = _compared(one, drawn, snapshot)
    treated, held_out = (sums[arm] for arm in ARMS)
    ratio = sample_ratio((other.n, control.n), (one.treated, one.held_out))
    spend = spend_effect(control, other, level=LEVEL, permutation_p=dealt)
    share = newcombe(
        (held_out["buyers"], held_out["customers"]), (treated["buyers"], treated["customers"]),
        level=LEVEL,
    )  # fmt: skip
    unlike = holdouts.drawn_again(one.id)
    broken = ratio.blocks or bool(unlike) or _too_many(in_both, drawn)
    evidence: Evidence = "broken" if broken else _SAYS[spend.verdict]
    n, as_of = one.customers, snapshot.as_of.isoformat()
    per_customer = _figure("effect_per_customer", spend, currency, n, as_of)
    together = _figure("effect_together", spend.scaled(one.treated), currency, n, as_of)
    return Result(
        one.id, one.name, evidence, first, _last(one, snapshot),
        (_last(one, snapshot) - first).days + 1,
        tuple(_told(arm, sums[arm]) for arm in ARMS),
        _figure("effect_conversion", share, "share", n, as_of), per_customer, together,
        _profit(treated, held_out, spend, currency, as_of),
        spend.method, ratio.p, in_both, unlike,
    )  # fmt: skip


def _compared(
    one: Holdout, drawn: pa.Table, snapshot: Snapshot
) -> tuple[dict[str, dict[str, Any]], Spend, Spend, float | None]:
    """Both arms' sums, those left out and the treated, and p of the lot where it has to agree."""
    with warehouse().engine.session() as holding:
        every = _bought(holding.take(drawn), snapshot)
        sums = _arms(every)
        treated, control = _spend(sums["treated"]), _spend(sums["held_out"])
        sizes = (control.n, treated.n)
        dealt = _dealt_anew(one, every, sizes) if wants_permutation(control, treated) else None
    return sums, control, treated, dealt


def _too_many(in_both: int, drawn: pa.Table) -> bool:
    held = pc.sum(drawn["held_out"]).as_py() or 0
    return bool(in_both > MOST_IN_BOTH * min(held, drawn.num_rows - held))


def _last(one: Holdout, snapshot: Snapshot) -> date:
    """What was left out for a time is not looked at beyond it."""
    return min(snapshot.as_of, one.until) if one.until else snapshot.as_of


def _people(one: Holdout, snapshot: Snapshot) -> tuple[pa.Table, int]:
    """Who was drawn, as who they are now, each once, from their first to their last day; and how
    many stand in both arms. Whose first day has not come is left out, which is nobody's choice.

    Whoever was merged since is looked for under whom they are now: to be treated makes people
    known, and what they buy then would be missing of one arm alone. Who was drawn into both arms
    stands in that of the older number.
    """
    drawn = _begun(one, snapshot)
    ids, held = drawn["customer_id"].to_numpy(), drawn["held_out"].to_numpy(zero_copy_only=False)
    merged = people.merged()
    if merged.num_rows:
        before, now = merged["customer_id"].to_numpy(), merged["now"].to_numpy()
        places = np.minimum(np.searchsorted(before, ids), before.size - 1)
        ids = np.where(before[places] == ids, now[places], ids)
    now, first, which = np.unique(ids, return_index=True, return_inverse=True)
    in_both = np.unique(which[held != held[first][which]]).size
    one_each = drawn.take(pa.array(first)).set_column(0, "customer_id", pa.array(now))
    return one_each, int(in_both)


def _begun(one: Holdout, snapshot: Snapshot) -> pa.Table:
    """(customer_id, held_out, start, last) of those whose first day has come, by number."""
    every = holdouts.assigned(one.id)
    if one.kind == "standing":
        found = warehouse().engine.arrow(
            every.select("customer_id", "held_out", "drawn_at").order_by("customer_id")
        )
        zone = str(snapshot.settings["zone"])
        local = pc.local_timestamp(found["drawn_at"].cast(pa.timestamp("us", zone)))
        starts = local.cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False)
    else:
        found = warehouse().engine.arrow(
            every.select("customer_id", "held_out").order_by("customer_id")
        )
        starts = pa.repeat(pa.scalar(one.treated_on, pa.date32()), found.num_rows)
    lasts = pa.repeat(pa.scalar(_last(one, snapshot), pa.date32()), found.num_rows)
    told = found.select(["customer_id", "held_out"])
    told = told.append_column("start", starts).append_column("last", lasts)
    return told.filter(pc.less_equal(told["start"], told["last"]))


def _bought(drawn: ir.Table, snapshot: Snapshot) -> ir.Table:
    """Everybody who was drawn, with what they bought from their first to their last day."""
    house = warehouse()
    bought = house.snapshots.table(snapshot.id, PURCHASED)
    theirs = bought.inner_join(drawn.select("customer_id", "start", "last"), "customer_id")
    since = theirs.filter((theirs.ordered_on >= theirs.start) & (theirs.ordered_on <= theirs.last))
    each = since.group_by("customer_id").agg(
        orders=since.count(),
        revenue=total(since.revenue),
        profit=total(since.profit),
        uncosted=number_of(since.profit.isnull()),
    )
    every = drawn.left_join(each, "customer_id")
    return every.mutate(
        bought=(every.revenue > 0).fill_null(False),
        **{name: every[name].fill_null(0) for name in ("orders", "revenue", "profit", "uncosted")},
    )


def _arms(every: ir.Table) -> dict[str, dict[str, Any]]:
    """Each arm's sums over all who were drawn: one statement."""
    counted = every.group_by("held_out").agg(
        customers=every.count(),
        buyers=number_of(every.bought),
        orders=total(every.orders),
        revenue=total(every.revenue),
        revenue_squares=square_total(every.revenue),
        profit=total(every.profit),
        profit_squares=square_total(every.profit),
        uncosted=total(every.uncosted),
    )
    rows = {row["held_out"]: row for row in _rows(counted)}
    none = dict.fromkeys(counted.columns, 0)
    return {"treated": rows.get(False, none), "held_out": rows.get(True, none)}


def _dealt_anew(one: Holdout, every: ir.Table, sizes: tuple[float, float]) -> float:
    """p of "it changed nobody" with the arms dealt anew; the same each time, as the lot is."""
    buyers = every.filter(every.bought).order_by("customer_id").select("held_out", "revenue")
    found = warehouse().engine.arrow(buyers)
    held = found["held_out"].to_numpy(zero_copy_only=False)
    spent = found["revenue"].to_numpy()
    return permutation(spent[held], spent[~held], sizes, np.random.default_rng(one.lot))


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    return warehouse().engine.rows(table)


def _spend(arm: Mapping[str, Any]) -> Spend:
    return Spend(arm["customers"], arm["buyers"], arm["revenue"], arm["revenue_squares"])


def _profit(
    treated: Mapping[str, Any], held_out: Mapping[str, Any], spend: Effect, unit: str, as_of: str
) -> Figure:
    """Welch's difference, where its tails are even: then revenue is read by it too."""
    name, n = "effect_profit_per_customer", treated["customers"] + held_out["customers"]
    why = ""
    if treated["uncosted"] or held_out["uncosted"]:
        why = COST_UNKNOWN
    elif spend.too_small:
        why = TOO_FEW_BUYERS
    elif spend.method != "welch":
        why = TOO_UNEVEN  # profits may be losses, of which two parts make no sense
    if why:
        return Figure(name, None, unit, n, as_of=as_of, why=why)
    control, other = (
        Sums(arm["customers"], arm["profit"], arm["profit_squares"]) for arm in (held_out, treated)
    )
    return _figure(name, welch(control, other, level=LEVEL), unit, n, as_of)


def _told(arm: str, sums: Mapping[str, Any]) -> ArmResult:
    return ArmResult(
        arm=arm,
        customers=sums["customers"],
        buyers=sums["buyers"],
        orders=sums["orders"],
        revenue=sums["revenue"],
        profit=None if sums["uncosted"] else sums["profit"],
    )


def _figure(name: str, effect: Effect, unit: str, n: int, as_of: str) -> Figure:
    if effect.too_small or isnan(effect.estimate):
        return Figure(name, None, unit, n, as_of=as_of, why=TOO_FEW_BUYERS)
    return Figure(
        name, effect.estimate, unit, n, effect.low, effect.high, effect.level, as_of, effect.method
    )


def _not_yet(one: Holdout, currency: str, snapshot: Snapshot) -> Result:
    why = FIGURES_END_BEFORE if one.treated_on else NOBODY_REACHED

    def unknown(name: str, unit: str) -> Figure:
        return Figure(name, None, unit, as_of=snapshot.as_of.isoformat(), why=why)

    return Result(
        holdout_id=one.id,
        name=one.name,
        evidence="not_yet",
        first=one.treated_on,
        last=snapshot.as_of,
        days=0,
        arms=(),
        conversion=unknown("effect_conversion", "share"),
        per_customer=unknown("effect_per_customer", currency),
        together=unknown("effect_together", currency),
        profit_per_customer=unknown("effect_profit_per_customer", currency),
        method="",
        ratio_p=None,
        in_both=0,
        unlike_the_lot=0,
    )
