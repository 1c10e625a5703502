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

from joren.accounts.selectors import business
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
"""What somebody is expected to bring, what their message costs (-1: not known), and which of
``_WOULD_LEAVE`` the gate said of it."""

_NONE: Final[Rows] = np.zeros((0, 3), np.int64)
_NOW: Final = ("waiting", "")
_CUT: Final = ("deferred", "own_budget")
_NEXT_MONTH: Final = ("deferred", "budget")
_NIGHT: Final = ("deferred", "quiet_hours")
_WOULD_LEAVE: Final = (_NOW, _NEXT_MONTH, _NIGHT)
_MORNINGS: Final = (2, 3)
"""A message of the night leaves in the morning, and takes from the budgets as another does; where
the morning is of the next month (the last of these), from that month's. Each part is asked as if
nobody had used the month's budget before it, so what that is enough for is counted over all."""

Month = tuple[int | None, int | None]


def rehearse(number: int, *, tried: int = AT_ONCE) -> Rehearsal:
    """What the gate would say now of so many of the audience, those with most to expect first.

    Where it has a budget of its own, the next so many are asked, too, until it or the month's is
    used up. The gate is asked without the first, and both are counted over all that was asked, for
    nobody is drawn who is left out and takes nothing from them.
    """
    one, now = selectors.campaign(number), clock.now().replace(microsecond=0)
    plan = one.plan
    one = replace(one, plan=replace(plan, send_at=now, most=None, most_cost=None))
    segment = segments.segment(plan.segment)
    rule = segments.rule_of(segment)
    members = segments.members_table(rule).select("customer_id")
    pinned, salt = values.snapshot().id, models.Campaign.objects.get(pk=number).salt
    reasons: Counter[tuple[str, str]] = Counter()
    asked, would, months = 0, [_NONE], _months()
    place: tuple[int | None, int] = (None, 0)
    for _ in range(PARTS if plan.bound else 1):
        some = worth_of(members, pinned, *place, tried)
        with transaction.atomic():
            reasons.update(ask(one, asks(one, salt, some, None, now)).reasons)
            would.append(_would_leave(one, some) if plan.bound else _NONE)
            transaction.set_rollback(True)
        asked += some.num_rows
        own, both = _fit(plan, would, months)
        if some.num_rows < tried or not both[-1:].all():
            break
        place = some["worth"][-1].as_py(), some["customer_id"][-1].as_py()
    audience, cautions = segments.size(rule), segments.cautions_of(segment.rule)
    if not plan.bound:
        return Rehearsal(audience, asked, reasons, cautions)
    told = np.concatenate(would)[:, 2]
    at_once = ~np.isin(told, _MORNINGS)
    for nth, said in enumerate((_NOW, _NEXT_MONTH)):
        reasons[said] -= int((told == nth).sum())
    for said, which in ((_NOW, both), (_CUT, ~own), (_NEXT_MONTH, own & ~both)):
        reasons[said] += int((at_once & which).sum())
    enough = _enough(plan, np.concatenate(would), own, both, audience - asked)
    return Rehearsal(audience, asked, +reasons, cautions, enough)


def _would_leave(one: Campaign, some: pa.Table) -> Rows:
    """Those of these for whom only the budget is left to ask, in their order."""
    costs = messages.policy().costs
    channels = [messages.template(each.template).content.channel for each in one.plan.variants]
    told = messages.became_of(SOURCE, one.id, some["customer_id"].to_pylist())
    by_customer = {
        customer: (costs.get(channels[int(step) - 1], -1), _WOULD_LEAVE.index((state, reason)))
        for step, customer, occurrence, state, reason, lot in told
        if occurrence == one.id and lot is None and (state, reason) in _WOULD_LEAVE
    }
    asleep = [who for who, (_, place) in by_customer.items() if place in _MORNINGS]
    now, home = clock.now(), business().time_zone
    month = clock.shop_day(now, home).replace(day=1)
    for who, morning in messages.mornings(asleep, now).items():
        if clock.shop_day(morning, home).replace(day=1) > month:
            by_customer[who] = by_customer[who][0], _MORNINGS[-1]
    both = zip(some["worth"].to_pylist(), some["customer_id"].to_pylist(), strict=True)
    rows = [(worth, *by_customer[who]) for worth, who in both if who in by_customer]
    return np.array(rows, np.int64).reshape(-1, 3)


def _months() -> tuple[Month, Month]:
    """What is left of the budgets of this month and the next: messages, and minor units; None has
    no end."""
    policy, spent = messages.policy(), messages.month_spent()
    left = (
        None if policy.month_most is None else policy.month_most - spent.messages,
        None if policy.month_cost is None else policy.month_cost - spent.cost,
    )
    return left, (policy.month_most, policy.month_cost)


def _fit(
    plan: Plan, would: Sequence[Rows], months: tuple[Month, Month]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For which the campaign's own budget is enough, and for which of these the month's, too."""
    _, costs, told = np.concatenate(would).T
    own = rules.fits(costs.clip(0), share=plan.share, most=plan.most, most_cost=plan.most_cost)
    both, next_one = own.copy(), told == _MORNINGS[-1]
    for mine, (most, cost) in zip((~next_one, next_one), months, strict=True):
        # Whoever the first cuts is counted in the second, but only behind all whom it is about.
        both[mine] &= rules.fits(costs[mine].clip(0), share=plan.share, most=most, most_cost=cost)
    return own, both


def _enough(
    plan: Plan, would: Rows, own: NDArray[np.bool_], both: NDArray[np.bool_], beyond: int
) -> Enough:
    worth, costs, _ = would.T
    gets, known = 1 - plan.share, bool((costs[both] >= 0).all())
    return Enough(
        leave=round(int(both.sum()) * gets),
        cost=round(int(costs[both].sum()) * gets) if known else None,
        cut=round(int((~own).sum()) * gets),
        least_worth=int(worth[both][-1]) if both.any() and not both.all() else None,
        beyond=beyond,
        put_off=round(int((own & ~both).sum()) * gets),
    )
