"""Sample ratio mismatch: which stage, decile, day, store or source the customers are missing of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from joren.collect.customers import selectors as customers
from joren.collect.customers.contracts import TRAITS
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import ON_ARRIVAL, stratum_of
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments.contracts.checks import (
    STAGES,
    ArmsCheck,
    ArmsCount,
    ArmsGroup,
    ArmsLikely,
)
from joren.measure.experiments.rules.comparing import ratio
from joren.measure.experiments.selectors.counting import dated
from joren.measure.experiments.selectors.people import (
    drawn_people,
    persons_in,
    planned_arms,
    too_many_in_both,
)
from joren.plumbing.warehouse import warehouse
from joren.science.inference import SampleRatio, sample_ratio
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

MOST: Final = 12
"""Groups of a kind that are told apart; the smaller ones count together."""
Arms = tuple[int, int]


def arms_check(number: int) -> ArmsCheck:
    """Both arms against how many were drawn, at each stage and in each group."""
    one, snapshot = holdouts.effects_holdout(number), values.snapshot()
    drawn, in_both = drawn_people(one, snapshot)
    held = drawn["held_out"].to_numpy(zero_copy_only=False).astype(np.bool_)
    sizes, planned = persons_in(drawn), planned_arms(one, snapshot)
    strata = holdouts.strata(number)
    logged = (
        sum(row.treated for row in strata) - (one.treated - planned[0]),
        sum(row.held_out for row in strata) - (one.held_out - planned[1]),
    )
    if not all((*sizes, *planned)):
        return ArmsCheck(None, blocks=False, in_both=in_both, counts=(), likely=())
    stages = dict(zip(STAGES, (planned, logged, sizes), strict=True))
    by_group: dict[ArmsGroup, dict[str, Arms]] = {
        "stage": stages,
        **{
            group: _largest(names, held)
            for group, names in _names(drawn, snapshot, daily=one.kind in ON_ARRIVAL).items()
        },
    }
    many = too_many_in_both(in_both, drawn)
    found = sample_ratio(sizes, planned, stages=stages, in_two_arms=in_both if many else 0)
    p, uneven = ratio(sizes, planned)
    likely = [
        ArmsLikely(str(each.cause), "stage", each.where)  # type: ignore[arg-type]  # science tells the place by text
        for each in found.likely
    ]
    if found.blocks:
        likely += _by_groups(sizes, planned, by_group)
    elif uneven:
        lossy = next(name for name, arms in stages.items() if ratio(arms, planned)[1])
        likely.append(ArmsLikely("lost_on_the_way", "stage", (lossy,)))
    return ArmsCheck(
        p, found.blocks or uneven, in_both,
        tuple(
            ArmsCount(group, name, *arms, _p(group, arms, planned))
            for group, every in by_group.items()
            for name, arms in every.items()
        ),
        tuple(likely),
    )  # fmt: skip


def _p(group: ArmsGroup, arms: Arms, planned: Arms) -> float:
    """A stage has all of them but those who were lost; a group is a part."""
    p = ratio(arms, planned)[0] if group == "stage" else None
    return sample_ratio(arms, planned).p if p is None else p


def _by_groups(
    sizes: Arms, planned: Arms, by_group: Mapping[ArmsGroup, Mapping[str, Arms]]
) -> list[ArmsLikely]:
    found = []
    for group, every in by_group.items():
        if group == "stage" or len(every) < 2:
            continue
        seen: SampleRatio = sample_ratio(sizes, planned, groups=every)
        found += [
            ArmsLikely(str(each.cause), group, each.where)  # type: ignore[arg-type]  # science tells the place by text
            for each in seen.likely
        ]
    some = [one for one in found if one.cause == "in_some_groups"]
    return some or found[:1]  # what is alike everywhere is so by every kind


def _names(drawn: pa.Table, snapshot: Snapshot, *, daily: bool) -> dict[ArmsGroup, list[str]]:
    """Of each customer the name of the group, in the order of ``drawn``; "" is not known."""
    strata = stratum_of(drawn["unit"].to_numpy()).tolist()
    known: dict[ArmsGroup, list[str]] = {"stratum": [str(one) if one else "" for one in strata]}
    if daily:
        known["day"] = [one.isoformat() for one in drawn["start"].to_pylist()]
    house = warehouse()
    with house.engine.session() as holding:
        people = holding.take(drawn.select(["customer_id", "start", "since"]))
        bought = house.snapshots.table(snapshot.id, PURCHASED)
        firsts = dated(bought.filter(bought.nth == 1), people)
        before = firsts.filter(firsts.age < 0).select("customer_id", "store_id")
        stores = {row["customer_id"]: row["store_id"] for row in house.engine.rows(before)}
        traits = house.snapshots.table(snapshot.id, TRAITS)
        theirs = traits.semi_join(people, "customer_id").select("customer_id", "acquisition_source")
        sources = {
            row["customer_id"]: row["acquisition_source"] for row in house.engine.rows(theirs)
        }
    called: dict[Any, str] = {int(one.id): one.name for one in customers.stores()}
    ids = drawn["customer_id"].to_pylist()
    known["store"] = [called.get(stores.get(one), "") for one in ids]
    known["source"] = [sources.get(one) or "" for one in ids]
    return known


def _largest(names: Iterable[str], held: np.ndarray) -> dict[str, Arms]:
    """Both arms of the largest groups, by name, and of all others together."""
    every, which = np.unique(np.array(list(names), dtype=np.str_), return_inverse=True)
    left_out = np.bincount(which, weights=held, minlength=every.size).astype(np.int64)
    treated = np.bincount(which, minlength=every.size) - left_out
    order = np.argsort(-(treated + left_out), kind="stable")
    # "2" before "10": deciles are numbers.
    shown = sorted(order[:MOST].tolist(), key=lambda one: (str(every[one]).zfill(3), one))
    found = {str(every[one]): (int(treated[one]), int(left_out[one])) for one in shown}
    rest = order[MOST:]
    if rest.size:
        found["…"] = (int(treated[rest].sum()), int(left_out[rest].sum()))
    return found
