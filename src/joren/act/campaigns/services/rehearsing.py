"""What would become of a campaign now: asked in earnest, a part at a time, and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
from django.db import transaction
from numpy.typing import NDArray

from joren.act.campaigns import models, rules, selectors
from joren.act.campaigns.contracts import SOURCE, Campaign, Enough, Plan, Rehearsal
from joren.act.campaigns.services.asking import ask, asks, worth_of
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.decide.segments import selectors as segments
from joren.understand.ltv import selectors as values

AT_ONCE: Final = 20_000
PARTS: Final = 10
"""So many at most are tried to find where a budget ends."""

Rows = NDArray[np.int64]
"""What somebody is expected to bring, what their message costs (-1: not known), and whether it
would leave at once (1)."""

_NONE: Final[Rows] = np.zeros((0, 3), np.int64)
_NOW: Final = ("waiting", "")
_CUT: Final = ("deferred", "own_budget")
_WOULD_LEAVE: Final = (_NOW, ("deferred", "quiet_hours"))
"""A message of the night leaves in the morning, and takes from the budget as another does."""


def rehearse(number: int, *, tried: int = AT_ONCE) -> Rehearsal:
    """What the gate would say now of so many of the audience, those with most to expect first.

    Where it has a budget of its own, the next so many are asked, too, until it is used up. The gate
    is asked without that budget, for nobody is drawn who is left out and takes nothing from it.
    """
    one, now = selectors.campaign(number), clock.now().replace(microsecond=0)
    plan = one.plan
    one = replace(one, plan=replace(plan, send_at=now, most=None, most_cost=None))
    segment = segments.segment(plan.segment)
    rule = segments.rule_of(segment)
    members = segments.members_table(rule).select("customer_id")
    pinned, salt = values.snapshot().id, models.Campaign.objects.get(pk=number).salt
    reasons: Counter[tuple[str, str]] = Counter()
    asked, would = 0, [_NONE]
    place: tuple[int | None, int] = (None, 0)
    for _ in range(PARTS if plan.bound else 1):
        some = worth_of(members, pinned, *place, tried)
        with transaction.atomic():
            reasons.update(ask(one, asks(one, salt, some, None, now)).reasons)
            would.append(_would_leave(one, some) if plan.bound else _NONE)
            transaction.set_rollback(True)
        asked += some.num_rows
        if some.num_rows < tried or not _fits(plan, would)[-1:].all():
            break
        place = some["worth"][-1].as_py(), some["customer_id"][-1].as_py()
    audience, cautions = segments.size(rule), segments.cautions_of(segment.rule)
    enough = _enough(plan, would, audience - asked) if plan.bound else None
    if enough is not None and enough.cut:
        at_once = np.concatenate(would)[:, 2][~_fits(plan, would)]
        reasons.update({_NOW: -int(at_once.sum()), _CUT: int(at_once.sum())})
        reasons = +reasons
    return Rehearsal(audience, asked, reasons, cautions, enough)


def _would_leave(one: Campaign, some: pa.Table) -> Rows:
    """Those of these for whom only the budget is left to ask, in their order."""
    costs = messages.policy().costs
    channels = [messages.template(each.template).content.channel for each in one.plan.variants]
    told = messages.became_of(SOURCE, one.id, some["customer_id"].to_pylist())
    by_customer = {
        customer: (costs.get(channels[int(step) - 1], -1), (state, reason) == _NOW)
        for step, customer, occurrence, state, reason in told
        if occurrence == one.id and (state, reason) in _WOULD_LEAVE
    }
    both = zip(some["worth"].to_pylist(), some["customer_id"].to_pylist(), strict=True)
    rows = [(worth, *by_customer[who]) for worth, who in both if who in by_customer]
    return np.array(rows, np.int64).reshape(-1, 3)


def _fits(plan: Plan, would: Sequence[Rows]) -> NDArray[np.bool_]:
    costs = np.concatenate(would)[:, 1].clip(0)
    return rules.fits(costs, share=plan.share, most=plan.most, most_cost=plan.most_cost)


def _enough(plan: Plan, would: Sequence[Rows], beyond: int) -> Enough:
    worth, costs, _ = np.concatenate(would).T
    fits = _fits(plan, would)
    gets, known = 1 - plan.share, bool((costs[fits] >= 0).all())
    return Enough(
        leave=round(int(fits.sum()) * gets),
        cost=round(int(costs[fits].sum()) * gets) if known else None,
        cut=round(int((~fits).sum()) * gets),
        least_worth=int(worth[fits][-1]) if fits.any() and not fits.all() else None,
        beyond=beyond,
    )
