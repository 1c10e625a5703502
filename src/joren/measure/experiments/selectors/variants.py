"""Messages of a campaign that were tried beside each other, and what each of them brought.

Everybody who was to get a message counts, whether or not the gate let it through: the lot decided
that alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns.contracts import Campaign
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.core.figures import Figure
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import models
from joren.measure.experiments.contracts import (
    NoVariants,
    VariantArm,
    VariantMetric,
    VariantTest,
)
from joren.measure.experiments.rules import Arm, winning
from joren.measure.experiments.selectors.asking import Told, told_by
from joren.measure.experiments.selectors.counting import with_margin
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Spend
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.sums import number_of, square_total, total

_DOCUMENT = TypeAdapter(VariantTest)
_SUMS = ("ordered", "buyers", "orders", "revenue", "revenue_squares", "profit", "profit_squares",
         "uncosted", "uncosted_revenue")  # fmt: skip


def variant_test(number: int) -> VariantTest:
    """Of one campaign, as it was read on its day, or as far as it is now."""
    one = campaigns.campaign(number)
    if one.begun_at is None or len(one.plan.variants) < 2:
        raise NoVariants(
            f"“{one.plan.name}” has nothing to compare", hint="two messages, and a moment that came"
        )
    row = models.VariantLook.objects.filter(campaign_id=number).first()
    return told_of(row, one) if row else read_variants(one, values.snapshot())


def told_of(row: models.VariantLook, one: Campaign) -> VariantTest:
    """What was read then, of a campaign as it stands now."""
    return _DOCUMENT.validate_python({**row.document, "state": one.state})


def document_of(test: VariantTest) -> Any:
    """As it is kept."""
    return _DOCUMENT.dump_python(test, mode="json")


def due_variants(snapshot: Snapshot) -> list[VariantTest]:
    """Those whose day has come and that nobody read yet."""
    known = set(models.VariantLook.objects.values_list("campaign_id", flat=True))
    found = [
        read_variants(one, snapshot)
        for one in campaigns.compared()
        if one.id not in known and one.state != "cancelled" and _ripe(one, snapshot)
    ]
    return [one for one in found if one.taken_on is not None]


def read_variants(one: Campaign, snapshot: Snapshot) -> VariantTest:
    """By the figures of that snapshot."""
    first = _first_day(one, snapshot)
    look_on = first + timedelta(one.plan.look_days)
    ripe = _ripe(one, snapshot)
    last = look_on - timedelta(1) if ripe else snapshot.as_of
    arms = _arms(one, snapshot, first, last)
    costs = _costs(one)
    metric, told = winning.metric_of(arms), told_by(snapshot)
    shown = tuple(
        _shown(place, one, arm, costs[place], metric, told) for place, arm in enumerate(arms)
    )
    found = winning.ranked(arms, costs) if ripe else None
    if found is None:
        left = max(1, ceil((look_on - snapshot.as_of).days / 7)) if not ripe else None
        return VariantTest(
            one.id, one.plan.name, one.state, one.plan.look_days, look_on, None, metric, "not_yet",
            shown, weeks=left,
        )  # fmt: skip
    n = sum(arm.customers for arm in arms)
    name = "variant_lead" if metric == "profit" else "variant_lead_revenue"
    against = tuple((place + 1, told.figure(name, effect, n)) for place, effect in found.against)
    return VariantTest(
        one.id, one.plan.name, one.state, one.plan.look_days, look_on, snapshot.as_of, metric,
        found.evidence, shown, found.best + 1, against,
    )  # fmt: skip


def _ripe(one: Campaign, snapshot: Snapshot) -> bool:
    """Has everybody of the test had its days by the newest figures?"""
    return snapshot.as_of >= _first_day(one, snapshot) + timedelta(one.plan.look_days - 1)


def _first_day(one: Campaign, snapshot: Snapshot) -> date:
    begun = one.begun_at or clock.now()
    return clock.shop_day(begun, str(snapshot.settings["zone"]))


def _costs(one: Campaign) -> list[float]:
    """What one message of each costs, as far as the shop says it."""
    costs = messages.policy().costs
    channels = [messages.template(each.template).content.channel for each in one.plan.variants]
    return [float(costs.get(channel, 0)) for channel in channels]


def _shown(
    place: int, one: Campaign, arm: Arm, cost: float, metric: VariantMetric, told: Told
) -> VariantArm:
    name = "variant_profit" if metric == "profit" else "variant_revenue"
    mean = winning.each(arm, cost, metric)
    figure = Figure(name, mean, told.unit, arm.customers, as_of=told.as_of)
    return VariantArm(
        place + 1, one.plan.variants[place].template, arm.customers, int(arm.revenue.buyers),
        int(arm.revenue.total), figure,
    )  # fmt: skip


def _arms(one: Campaign, snapshot: Snapshot, first: date, last: date) -> list[Arm]:
    drawn = campaigns.tried(one.id)
    sizes = [
        drawn.filter(pc.equal(drawn["variant"], place + 1)).num_rows
        for place in range(len(one.plan.variants))
    ]
    rows = _sums(drawn, snapshot, first, last) if drawn.num_rows and last >= first else {}
    return [_arm(size, rows.get(place + 1, {})) for place, size in enumerate(sizes)]


def _sums(
    drawn: pa.Table, snapshot: Snapshot, first: date, last: date
) -> dict[int, dict[str, Any]]:
    house = warehouse()
    with house.engine.session() as holding:
        bought = with_margin(house.snapshots.table(snapshot.id, PURCHASED))
        within = bought.filter((bought.ordered_on >= first) & (bought.ordered_on <= last))
        theirs = within.inner_join(holding.take(drawn), "customer_id")
        each = theirs.group_by("customer_id", "variant").agg(
            orders=theirs.count(),
            revenue=total(theirs.revenue),
            profit=total(theirs.profit),
            uncosted=number_of(~theirs.costed),
            uncosted_revenue=total(theirs.costed.ifelse(0, theirs.revenue)),
        )
        summed = each.group_by("variant").agg(
            ordered=each.count(),
            buyers=number_of(each.revenue > 0),
            orders=total(each.orders),
            revenue=total(each.revenue),
            revenue_squares=square_total(each.revenue),
            profit=total(each.profit),
            profit_squares=square_total(each.profit),
            uncosted=total(each.uncosted),
            uncosted_revenue=total(each.uncosted_revenue),
        )
        return {row["variant"]: dict(row) for row in house.engine.rows(summed)}


def _arm(customers: int, sums: dict[str, Any]) -> Arm:
    said = dict.fromkeys(_SUMS, 0) | sums
    return Arm(
        customers, said["orders"], said["uncosted"], said["uncosted_revenue"],
        Spend(customers, said["buyers"], said["revenue"], said["revenue_squares"]),
        Spend(customers, said["ordered"], said["profit"], said["profit_squares"]),
    )  # fmt: skip
