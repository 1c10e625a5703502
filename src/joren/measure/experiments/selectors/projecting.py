"""What the customers of both arms are still expected to bring, until each has had a year."""

from __future__ import annotations

from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import models, rules
from joren.measure.experiments.contracts import BoardRow, Metric
from joren.measure.experiments.selectors.counting import bought_by
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Effect, IncrementalValue, Moments
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.warehouse import Snapshot
from joren.warehouse.sums import square_total, total

HORIZON: Final = 365
EARLIEST: Final = 28
"""Days after which a projection is held against what came: of earlier ones too little is seen."""


def expected(
    drawn: pa.Table, snapshot: Snapshot, realised: Effect, metric: Metric,
    known: rules.projecting.Learned,
) -> IncrementalValue | None:  # fmt: skip
    """Per customer, over the first year of each; None where nothing is realised to add to."""
    if realised.too_small:
        return None
    house = warehouse()
    with house.engine.session() as holding:
        every = _every(holding.take(drawn), snapshot, metric)
        sums = every.group_by("held_out").agg(
            n=every.count(), realised=total(every.realised), projected=total(every.projected),
            rr=square_total(every.realised), pp=square_total(every.projected),
            rp=_products(every.realised, every.projected),
        )  # fmt: skip
        arms = {row["held_out"]: _moments(row) for row in house.engine.rows(sums)}
    if len(arms) < 2 or min(arm.n for arm in arms.values()) < 2:
        return None
    return rules.projecting.expected(realised, arms[True], arms[False], known)


def board() -> list[BoardRow]:
    """Every early projection beside what came in the year, the newest first."""
    outcomes = {row.holdout_id: row for row in models.Outcome.objects.all()}
    early = models.Reading.objects.filter(
        holdout_id__in=list(outcomes), projected__isnull=False, age__gte=EARLIEST, age__lt=HORIZON
    )
    found: dict[int, BoardRow] = {}
    for row in early.order_by("age"):
        came = outcomes[row.holdout_id]
        if row.holdout_id in found or row.metric != came.metric:
            continue
        found[row.holdout_id] = BoardRow(
            row.holdout_id, row.as_of, row.age or 0, came.metric,  # type: ignore[arg-type]
            row.projected or 0.0, row.projected_low or 0.0, row.projected_high or 0.0,
            row.projected or 0.0 if row.uncorrected is None else row.uncorrected,
            row.projected_error or 0.0, came.on, came.each, came.error,
        )  # fmt: skip
    return sorted(found.values(), key=lambda one: one.told_on, reverse=True)


def _every(drawn: ir.Table, snapshot: Snapshot, metric: Metric) -> ir.Table:
    house = warehouse()
    money = "revenue" if metric == "revenue" else "profit"
    each = bought_by(drawn, house.snapshots.table(snapshot.id, PURCHASED))
    worth = house.snapshots.table(snapshot.id, CUSTOMER_VALUES)
    ahead = worth.select("customer_id", ahead=worth[f"{money}_365d"])
    lived = drawn["last"].delta(drawn.start, unit="day").cast("int64") + 1
    every = drawn.mutate(left=ibis.greatest(HORIZON - lived, 0)).left_join(each, "customer_id")
    every = every.drop("customer_id_right").left_join(ahead, "customer_id")
    projected = (every.ahead.fill_null(0.0) * every.left / HORIZON).round().cast("int64")
    return every.group_by("unit", "held_out").agg(
        realised=total(every[money].fill_null(0)), projected=total(projected)
    )


def _products(one: Any, other: Any) -> ir.FloatingScalar:
    exact = one.cast("decimal(19, 0)") * other.cast("decimal(19, 0)")
    return ibis.coalesce(exact.sum().cast("float64"), ibis.literal(0.0))


def _moments(row: dict[str, Any]) -> Moments:
    told = {
        "n": row["n"], "realised": row["realised"], "projected": row["projected"],
        "realised*realised": row["rr"], "projected*projected": row["pp"],
        "realised*projected": row["rp"],
    }  # fmt: skip
    return Moments.of_row(told, ("realised", "projected"))
