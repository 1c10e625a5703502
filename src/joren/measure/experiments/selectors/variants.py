"""Messages of a campaign that were tried beside each other, and what each of them brought.

Everybody who was to get a message counts, whether or not the gate let it through: the lot decided
that alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns.contracts import SOURCE, Campaign
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.core.figures import Figure
from joren.measure.experiments import models
from joren.measure.experiments.contracts import (
    NoVariants,
    VariantArm,
    VariantEvidence,
    VariantMetric,
    VariantTest,
)
from joren.measure.experiments.rules import Arm, winning
from joren.measure.experiments.selectors.asking import Told, told_by
from joren.measure.experiments.selectors.summing import arms_of
from joren.science.inference import sample_ratio
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

_DOCUMENT = TypeAdapter(VariantTest)


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
    spent = _spent(one)
    costs = [winning.per_customer(cost, arm) for cost, arm in zip(spent, arms, strict=True)]
    metric, told = winning.metric_of(arms, costs), told_by(snapshot)
    shown = tuple(
        _shown(place, one, arm, spent[place], metric, told) for place, arm in enumerate(arms)
    )
    n, shares = sum(arm.customers for arm in arms), [each.weight for each in one.plan.variants]
    if ripe and sample_ratio([arm.customers for arm in arms], shares).blocks:
        return VariantTest(
            one.id, one.plan.name, one.state, one.plan.look_days, look_on, snapshot.as_of, metric,
            "broken", shown,
        )  # fmt: skip
    found = winning.ranked(arms, costs) if ripe else None
    if found is None:
        left = max(1, ceil((look_on - snapshot.as_of).days / 7)) if not ripe else None
        return VariantTest(
            one.id, one.plan.name, one.state, one.plan.look_days, look_on, None, metric, "not_yet",
            shown, weeks=left,
        )  # fmt: skip
    evidence: VariantEvidence = found.evidence
    if evidence == "proven" and metric == "margin" and _by_several(one):
        evidence = "unpriced"
    name = "variant_lead" if metric == "profit" else f"variant_lead_{metric}"
    against = tuple((place + 1, told.figure(name, effect, n)) for place, effect in found.against)
    return VariantTest(
        one.id, one.plan.name, one.state, one.plan.look_days, look_on, snapshot.as_of, metric,
        evidence, shown, found.best + 1, against,
    )  # fmt: skip


def _ripe(one: Campaign, snapshot: Snapshot) -> bool:
    """Has everybody of the test had its days by the newest figures?"""
    return snapshot.as_of >= _first_day(one, snapshot) + timedelta(one.plan.look_days - 1)


def _first_day(one: Campaign, snapshot: Snapshot) -> date:
    begun = one.begun_at or clock.now()
    return clock.shop_day(begun, str(snapshot.settings["zone"]))


def _spent(one: Campaign) -> list[int | None]:
    """What the messages of each cost that left for the test, by the ledger; None: not known."""
    found = messages.cost_by_step(SOURCE, one.id, until=one.rest_begun_at)
    places = range(1, len(one.plan.variants) + 1)
    return [found.get(str(place), (0, 0))[1] for place in places]


def _by_several(one: Campaign) -> bool:
    """Do the messages go by several channels, so that none is known to cost what another does?"""
    channels = {messages.template(each.template).content.channel for each in one.plan.variants}
    return len(channels) > 1


def _shown(
    place: int, one: Campaign, arm: Arm, spent: int | None, metric: VariantMetric, told: Told
) -> VariantArm:
    mean = winning.each(arm, winning.per_customer(spent, arm), metric)
    figure = Figure(f"variant_{metric}", mean, told.unit, arm.customers, as_of=told.as_of)
    return VariantArm(
        place + 1, one.plan.variants[place].template, arm.customers, int(arm.revenue.buyers),
        int(arm.revenue.total), figure, spent,
    )  # fmt: skip


def _arms(one: Campaign, snapshot: Snapshot, first: date, last: date) -> list[Arm]:
    drawn = campaigns.tried(one.id)
    first_on, last_on = (
        pa.repeat(pa.scalar(day, pa.date32()), drawn.num_rows) for day in (first, last)
    )
    dated = drawn.append_column("first_on", first_on).append_column("last_on", last_on)
    return arms_of(dated, len(one.plan.variants), snapshot)
