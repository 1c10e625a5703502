"""What one order is like in both arms. The warehouse adds up products, science concludes."""

from __future__ import annotations

from math import isfinite
from typing import Final

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments import rules
from joren.measure.experiments.contracts import COST_UNKNOWN, LEVEL, TOO_FEW_BUYERS, ActionKind
from joren.measure.experiments.contracts.ratios import RatioEffect, RatioMetric
from joren.measure.experiments.rules.ratios import COLUMNS, RATIOS, difference_at, lift_at, of_arm
from joren.measure.experiments.selectors import costing
from joren.measure.experiments.selectors.asking import Told, told_by
from joren.measure.experiments.selectors.counting import (
    dated,
    moments_by_arm,
    net_orders,
    profit_is_known,
)
from joren.measure.experiments.selectors.people import (
    arms_in,
    drawn_people,
    last_day,
    too_many_in_both,
)
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Moments, pairs, ratio_limits_of
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.sums import number_of, total

_UNITS: Final[dict[RatioMetric, str]] = {
    "order_value": "", "margin_rate": "share", "coupon_share": "share", "orders_each": "ratio",
}  # fmt: skip


def ratios(number: int) -> list[RatioEffect]:
    """Of every order from each customer's first day to the newest figures. Empty where the arms are
    none, or are not those that were drawn."""
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    sizes = arms_in(drawn)
    if not all(sizes) or holdouts.drawn_again(one.id) or too_many_in_both(in_both, drawn):
        return []
    control, treated, costed = _arms(drawn, sizes, snapshot)
    told, kind = told_by(snapshot), costing.actions([one])[one.id].kind
    days = (last_day(one, snapshot) - pc.min(drawn["start"]).as_py()).days + 1
    return [
        _unknown(metric, told) if metric == "margin_rate" and not costed
        else _read(metric, control, treated, told, kind, days)
        for metric in RATIOS
    ]  # fmt: skip


def _read(
    metric: RatioMetric, control: Moments, treated: Moments, told: Told, kind: ActionKind, days: int
) -> RatioEffect:
    name, unit = f"ratio_{metric}", _UNITS[metric]
    n = int(control.total("buyers") + treated.total("buyers"))
    apart, lift = (
        rules.until_now(at(control, treated, metric), kind, days, among=len(RATIOS))
        for at in (difference_at, lift_at)
    )
    return RatioEffect(
        metric, str(apart.verdict),  # type: ignore[arg-type]  # science says the same four words
        _of_arm(name, treated, metric, told), _of_arm(name, control, metric, told),
        told.figure(f"{name}_difference", apart, n, unit),
        told.figure("ratio_lift", lift, n, "share"),
    )  # fmt: skip


def _of_arm(name: str, arm: Moments, metric: RatioMetric, told: Told) -> Figure:
    one = of_arm(arm, metric)
    found, n, unit = ratio_limits_of(one, LEVEL), int(one.n), _UNITS[metric]
    if n < 2 or not all(map(isfinite, (found.value, found.low, found.high))):
        return told.unknown(name, n, TOO_FEW_BUYERS, unit)
    return Figure(name, found.value, unit or told.unit, n, found.low, found.high, LEVEL,
                  told.as_of, "delta")  # fmt: skip


def _unknown(metric: RatioMetric, told: Told) -> RatioEffect:
    name, unit = f"ratio_{metric}", _UNITS[metric]
    arm = told.unknown(name, None, COST_UNKNOWN, unit)
    return RatioEffect(
        metric, "too_small", arm, arm, told.unknown(f"{name}_difference", None, COST_UNKNOWN, unit),
        told.unknown("ratio_lift", None, COST_UNKNOWN, "share"),
    )  # fmt: skip


def _arms(
    drawn: pa.Table, sizes: tuple[int, int], snapshot: Snapshot
) -> tuple[Moments, Moments, bool]:
    """Sums and products of those left out and of the treated, and whether profit is known of
    enough of their revenue; who bought nothing adds 0 to every sum."""
    house = warehouse()
    with house.engine.session() as holding:
        each = holding.hold(_each(holding.take(drawn), snapshot))
        rows = moments_by_arm(each, (), COLUMNS)
        (known,) = house.engine.rows(
            each.aggregate(known=total(each.known), revenue=total(each.revenue))
        )
    nothing = dict.fromkeys((*COLUMNS, *(f"{a}*{b}" for a, b in pairs((), COLUMNS))), 0)
    control, treated = (
        Moments.of_row({**nothing, **rows.get(held, {}), "n": size}, COLUMNS)
        for held, size in ((True, sizes[1]), (False, sizes[0]))
    )
    return control, treated, profit_is_known(known["known"], known["revenue"])


def _each(drawn: ir.Table, snapshot: Snapshot) -> ir.Table:
    """COLUMNS of every household that bought anything in its days, and the revenue of orders whose
    cost is known."""
    theirs = dated(net_orders(snapshot), drawn)
    since = theirs.filter((theirs.age >= 0) & (theirs.ordered_on <= theirs.last))
    each = since.group_by("unit", "held_out").agg(
        orders=total(since.orders), revenue=total(since.revenue), profit=total(since.profit),
        coupons=number_of(since.with_coupon), known=total(since.costed.ifelse(since.revenue, 0)),
    )  # fmt: skip
    return each.mutate(buyers=(each.orders > 0).ifelse(1, 0))
