"""The step of a refresh that says of every contract what it may still bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import ibis.expr.types as ir

from joren.science.shrinkage import Prior, RatioSums, estimated_prior
from joren.understand.ltv.rules import contract_runs as runs
from joren.understand.ltv.rules import contract_scoring as scoring
from joren.understand.ltv.rules import values
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.judging import Judged
from joren.understand.ltv.services.subscribing import following, judging
from joren.understand.ltv.services.subscribing.following import Followed
from joren.understand.ltv.services.subscribing.judging import Learned


@dataclass(frozen=True)
class Subscribed:
    """All contracts at the as-of day, with what they may bring, by contract and by customer."""

    followed: Followed
    learned: Learned
    found: ir.Table  # the same before any prediction
    price: Prior | None  # of a renewal
    contracts: ir.Table  # SUBSCRIPTIONS
    customers: ir.Table  # CUSTOMER_SUBSCRIPTIONS


def subscribe(gathered: Gathered, margins: ir.Table, judged: Judged) -> Subscribed | None:
    """None where no order belongs to a contract; ``margins`` by customer."""
    followed = following.follow(gathered, gathered.purchases, [gathered.as_of])
    if followed is None:
        return None
    hold = gathered.holding.hold
    learned = judging.learn(gathered, followed, judged.plan.cutoffs, judged.plan.days)
    words = words_of(gathered, [gathered.as_of])
    found = hold(runs.contracts(followed.rows, words))
    scores = None
    if learned.ahead is not None:
        by = partial(scoring.scored, ahead=learned.ahead)
        scores = gathered.holding.reckon(runs.alike(found), by, scoring.SCORES)
    prior = price_of(gathered, found)
    price = None if prior is None else (prior.ratio, prior.strength)
    contracts = hold(scoring.valued(found, scores, margins, price=price))
    customers = hold(scoring.by_customer(contracts))
    return Subscribed(followed, learned, found, prior, contracts, customers)


def words_of(gathered: Gathered, ends: Sequence[date]) -> ir.Table | None:
    """What the sources had said of contracts by each day; None where no event is known."""
    if gathered.events is None:
        return None
    return runs.newest_words(gathered.events, ends)


def price_of(gathered: Gathered, contracts: ir.Table) -> Prior | None:
    """What a renewal brings in this shop, and how far contracts differ by it."""
    sums = gathered.warehouse.engine.rows(values.margin_sums(scoring.price_sums(contracts)))[0]
    if not sums["n"]:
        return None
    return estimated_prior(RatioSums(**{name: float(value) for name, value in sums.items()}))
