"""What the customers of both arms are still expected to bring, until each has had a year."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from joren.measure.experiments import models, rules
from joren.measure.experiments.contracts import LEVEL, BoardRow, Metric
from joren.measure.experiments.rules.adjusting import COVARIATES
from joren.measure.experiments.selectors.counting import bought_by, moments_by_arm
from joren.plumbing.warehouse import warehouse
from joren.science.inference import IncrementalValue, Moments
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.warehouse import Snapshot
from joren.warehouse.sums import total

HORIZON: Final = 365
_SUMMED: Final = ("realised", "projected", *COVARIATES)
EARLIEST: Final = 28
"""Days after which a projection is held against what came: of earlier ones too little is seen."""


def expected(
    drawn: pa.Table, snapshot: Snapshot, realised: rules.At, metric: Metric,
    known: rules.projecting.Learned,
) -> IncrementalValue | None:  # fmt: skip
    """Per customer, over the first year of each, adjusted by what was known of them before; None
    where nothing is realised to add to."""
    if realised(LEVEL).too_small:
        return None
    house = warehouse()
    with house.engine.session() as holding:
        every = _every(holding.take(drawn), snapshot, metric)
        rows = moments_by_arm(every, (), _SUMMED, n=every.count())
        arms = {held: Moments.of_row(row, _SUMMED) for held, row in rows.items()}
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
            row.holdout_id, row.as_of, row.age or 0, came.metric,  # type: ignore[arg-type]  # the constraint keeps it to the metrics
            row.projected or 0.0, row.projected_low or 0.0, row.projected_high or 0.0,
            row.projected or 0.0 if row.uncorrected is None else row.uncorrected,
            row.projected_error or 0.0, came.on, came.each, came.error,
        )  # fmt: skip
    return sorted(found.values(), key=lambda one: one.told_on, reverse=True)


def _every(drawn: ir.Table, snapshot: Snapshot, metric: Metric) -> ir.Table:
    house = warehouse()
    money = "revenue" if metric == "revenue" else "profit"
    each = bought_by(drawn, snapshot)
    columns = [money, *COVARIATES]
    worth = house.snapshots.table(snapshot.id, CUSTOMER_VALUES)
    ahead = worth.select("customer_id", ahead=worth[f"{money}_365d"])
    lived = drawn["last"].delta(drawn.start, unit="day").cast("int64") + 1
    every = drawn.mutate(left=ibis.greatest(HORIZON - lived, 0)).left_join(each, "customer_id")
    every = every.drop("customer_id_right").left_join(ahead, "customer_id")
    every = every.mutate(**{name: every[name].fill_null(0) for name in columns})
    projected = (every.ahead.fill_null(0.0) * every.left / HORIZON).round().cast("int64")
    return every.group_by("unit", "held_out").agg(
        realised=total(every[money]), projected=total(projected),
        **{name: total(every[name]) for name in COVARIATES},
    )  # fmt: skip
