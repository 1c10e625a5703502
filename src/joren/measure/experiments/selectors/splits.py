"""Arms of a journey's split beside each other: which of them brought more, if that is proven.

People come one after the other, so that anybody may look on any day: the intervals hold on all of
them together.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import SOURCE, STEPS, Journey, Split
from joren.act.messages import selectors as messages
from joren.collect.customers import selectors as customers
from joren.core.figures import Figure
from joren.measure.experiments.contracts import (
    SPLIT_DAYS,
    NoVariants,
    SplitArm,
    SplitTest,
    VariantEvidence,
    VariantMetric,
)
from joren.measure.experiments.rules import Arm, winning
from joren.measure.experiments.rules.comparing import At, reached
from joren.measure.experiments.selectors.asking import Told, told_by
from joren.measure.experiments.selectors.summing import arms_of
from joren.plumbing.moments import shop_days
from joren.science.inference import Effect, sample_ratio
from joren.science.inference.sequential import any_time
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot


def split_tests(number: int, *, days: int = SPLIT_DAYS[0]) -> list[SplitTest]:
    """Of every split of the version by which people enter a journey now."""
    kept, snapshot = journeys.journey(number), values.snapshot()
    if not 1 <= days <= 365:
        raise NoVariants(f"arms are not compared over {days} days", hint="1 to 365")
    return [_read(kept, node, days, snapshot) for node in journeys.splits(number).values()]


def _read(one: Journey, node: Split, days: int, snapshot: Snapshot) -> SplitTest:
    everybody = _dealt(one.id, node.id, days, snapshot)
    ripe = everybody.filter(
        pc.less_equal(everybody["last_on"], pa.scalar(snapshot.as_of, pa.date32()))
    )
    columns = ["customer_id", "variant", "first_on", "last_on", "since"]
    arms = arms_of(ripe.select(columns), len(node.arms), snapshot)
    spent = _spent(one.id, ripe, len(node.arms))
    costs = [winning.per_customer(cost, arm) for cost, arm in zip(spent, arms, strict=True)]
    metric, told = winning.metric_of(arms, costs), told_by(snapshot)
    sizes = [_number(everybody, place) for place in range(1, len(node.arms) + 1)]
    shown = tuple(
        _shown(node, place, sizes[place], arm, spent[place], metric, told)
        for place, arm in enumerate(arms)
    )
    bare = SplitTest(one.id, one.name, node.id, days, snapshot.as_of, metric, "not_yet", shown)
    found = winning.ranked(arms, costs, partial(_on_any_day, _age(everybody, snapshot)))
    if found is None:
        return bare
    n = sum(arm.customers for arm in arms)
    lead = "variant_lead" if metric == "profit" else f"variant_lead_{metric}"
    against = tuple((place + 1, told.figure(lead, effect, n)) for place, effect in found.against)
    uneven = sample_ratio(sizes, [arm.share for arm in node.arms]).blocks
    evidence: VariantEvidence = "broken" if uneven else found.evidence
    if evidence == "proven" and metric == "margin":  # one arm may have sent more than another
        evidence = "unpriced"
    return replace(bare, evidence=evidence, best=found.best + 1, against=against)


def _dealt(number: int, node: str, days: int, snapshot: Snapshot) -> pa.Table:
    """(customer_id as now, variant, first_on, last_on, since, enrolment_id, step): the first time
    that each came there, since the lot gives them the same arm each time."""
    rows = journeys.dealt(number, node).sort_by([("at", "ascending"), ("step", "ascending")])
    now, first = np.unique(customers.as_now(rows["customer_id"].to_numpy()), return_index=True)
    once = rows.take(pa.array(first))
    zone = str(snapshot.settings["zone"])
    began = shop_days(once["at"], zone)
    more = pa.scalar(days - 1, pa.int32())
    ends = pc.add(began.cast(pa.int32()), more).cast(pa.date32())
    return pa.table(
        {
            "customer_id": pa.array(now), "variant": once["arm"], "first_on": began,
            "last_on": ends, "since": once["at"], "enrolment_id": once["enrolment_id"],
            "step": once["step"],
        }
    )  # fmt: skip


def _spent(number: int, ripe: pa.Table, arms: int) -> list[int | None]:
    """What the messages of that journey cost that each arm's customers got after the split."""
    sent = messages.cost_by_occurrence(SOURCE, number)
    entry, step = (part.to_numpy() for part in _parts(sent["occurrence"]))
    order = np.argsort(ripe["enrolment_id"].to_numpy())
    known = ripe["enrolment_id"].to_numpy()[order]
    if not known.size:
        return [0] * arms
    place = order[np.minimum(np.searchsorted(known, entry), known.size - 1)]
    theirs = (ripe["enrolment_id"].to_numpy()[place] == entry) & (
        ripe["step"].to_numpy()[place] < step
    )
    variants = ripe["variant"].to_numpy()[place]
    found: list[int | None] = []
    for arm in range(1, arms + 1):
        costs = sent["cost"].filter(pa.array(theirs & (variants == arm)))
        found.append(None if costs.null_count else pc.sum(costs).as_py() or 0)
    return found


def _parts(occurrence: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """The entry and the step of each message."""
    entry = pc.divide(occurrence, STEPS)
    return entry, pc.subtract(occurrence, pc.multiply(entry, STEPS))


def _shown(
    node: Split, place: int, dealt: int, arm: Arm, spent: int | None, metric: VariantMetric,
    told: Told,
) -> SplitArm:  # fmt: skip
    mean = winning.each(arm, winning.per_customer(spent, arm), metric)
    figure = Figure(f"variant_{metric}", mean, told.unit, arm.customers, as_of=told.as_of)
    return SplitArm(
        place + 1, node.arms[place].name, node.arms[place].share, dealt, arm.customers,
        int(arm.revenue.buyers), int(arm.revenue.total), spent, figure,
    )  # fmt: skip


def _number(everybody: pa.Table, arm: int) -> int:
    return int(everybody.filter(pc.equal(everybody["variant"], arm)).num_rows)


def _age(everybody: pa.Table, snapshot: Snapshot) -> int:
    """Days since the first came there."""
    first = pc.min(everybody["first_on"]).as_py()
    return (snapshot.as_of - first).days + 1 if first else 0


def _on_any_day(age: int, at: At, level: float) -> Effect:
    return any_time(at, reached("journey", age), level)
