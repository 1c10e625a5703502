"""What a plan needs, and who gets which message. No Django."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from joren.act.campaigns.contracts import LEAST_OWN_HOURS, BadCampaign, Plan
from joren.core.numbers import DIGITS

MOST_VARIANTS: Final = 5
LONGEST_NAME: Final = 80
_TICKETS: Final = 1_000_000
LONGEST_LOOK: Final = 180
LONGEST_HOURS: Final = 24 * 30
MOST: Final = 10**DIGITS - 1
_ROUNDING: Final = 1e-6


def check(plan: Plan) -> None:
    """Refuse a plan that nobody could carry out."""
    if not plan.name or len(plan.name) > LONGEST_NAME:
        raise BadCampaign("a campaign needs a name", hint=f"at most {LONGEST_NAME} characters")
    if not 1 <= len(plan.variants) <= MOST_VARIANTS:
        raise BadCampaign(
            f"{len(plan.variants)} messages to try", hint=f"one, or up to {MOST_VARIANTS}"
        )
    if any(not 1 <= one.weight <= 100 for one in plan.variants):
        raise BadCampaign("a message has no weight", hint="whole numbers from 1 to 100")
    if len({one.template for one in plan.variants}) < len(plan.variants):
        raise BadCampaign("a message is tried against itself", hint="choose another template")
    if not 1 <= plan.expires_hours <= LONGEST_HOURS:
        raise BadCampaign(
            f"{plan.expires_hours} hours to send it in", hint=f"from 1 to {LONGEST_HOURS}"
        )
    _check_test(plan)
    _check_hours(plan)
    _check_budget(plan)
    if not 0 <= plan.share <= 0.5:
        raise BadCampaign(f"{plan.share:g} of the audience left out", hint="from 0 to 0.5")
    if not plan.share and not plan.reason.strip():
        raise BadCampaign(
            "nobody is left out, and nobody said why",
            hint="without a holdout nobody can say what it earned; leave 10 % out or give a reason",
        )


def _check_test(plan: Plan) -> None:
    if not 0.05 <= plan.test_share <= 1:
        raise BadCampaign(f"{plan.test_share:g} of the audience in the test", hint="0.05 to 1")
    if plan.test_share < 1 and len(plan.variants) < 2:
        raise BadCampaign(
            "a part of the audience waits for a comparison of one message",
            hint="try another message beside it, or send it to everybody",
        )
    if not 7 <= plan.look_days <= LONGEST_LOOK:
        raise BadCampaign(f"compared after {plan.look_days} days", hint=f"7 to {LONGEST_LOOK}")
    if plan.sends_winner and plan.test_share == 1:
        raise BadCampaign("nobody is left to get the winner", hint="let a part of them wait")


def _check_hours(plan: Plan) -> None:
    if not plan.own_hour and not plan.their_clock:
        return
    if plan.own_hour and not 0.05 <= plan.usual_part <= 0.95:
        raise BadCampaign(
            f"{plan.usual_part:g} at the usual hour",
            hint="0.05 to 0.95: without both nobody can say what an hour of their own brings",
        )
    if plan.expires_hours < LEAST_OWN_HOURS:
        raise BadCampaign(
            f"{plan.expires_hours} hours are too few for an hour of their own",
            hint=f"{LEAST_OWN_HOURS} or more",
        )


def _check_budget(plan: Plan) -> None:
    for what, most in (("messages", plan.most), ("minor units", plan.most_cost)):
        if most is not None and not 1 <= most <= MOST:
            raise BadCampaign(f"{most} {what} at most", hint="1 or more, or nothing for no end")
    if plan.bound and (plan.own_hour or plan.their_clock):
        raise BadCampaign(
            "a budget of its own, and hours of their own",
            hint="the first hours would use it up, whoever comes later: send it at one moment",
        )


def fits(
    costs: NDArray[np.int64], *, share: float, most: int | None, most_cost: int | None
) -> NDArray[np.bool_]:
    """For which of these messages the budget is enough, in the order in which they are asked for;
    ``share`` of them is left out by lot and takes nothing from it."""
    found = np.ones(len(costs), np.bool_)
    for each, bound in ((np.ones_like(costs), most), (costs, most_cost)):
        if bound is not None:
            found &= np.cumsum(each) * (1 - share) <= bound + _ROUNDING
    return found


def at_usual_hour(customers: Sequence[int], part: float, salt: str) -> list[bool]:
    """Who gets it at the usual hour, by number and salt alone, whatever message they get."""
    bound = round(part * _TICKETS)
    return [_ticket(one, f"{salt}/hour") % _TICKETS < bound for one in customers]


def next_at(shows: time, after: datetime, zone: ZoneInfo) -> datetime:
    """The first time that a clock there shows that is not before the moment. Where the clock leaves
    it out, the moment at which it would have come."""
    local = after.astimezone(zone)
    at = datetime.combine(local.date(), shows, zone)
    return at if at >= after else datetime.combine(local.date() + timedelta(1), shows, zone)


def in_test(customers: Sequence[int], share: float, salt: str) -> list[bool]:
    """Who gets the messages that are tried beside each other; by number and salt alone, and
    whichever message they would get."""
    bound = round(share * _TICKETS)
    return [_ticket(one, f"{salt}/test") % _TICKETS < bound for one in customers]


def variants_of(customers: Sequence[int], weights: Sequence[int], salt: str) -> list[int]:
    """Which of the messages each customer gets, by number and salt alone: the same each time."""
    bounds, everything = list(accumulate(weights)), sum(weights)
    return [
        next(place for place, bound in enumerate(bounds) if _ticket(one, salt) % everything < bound)
        for one in customers
    ]


def _ticket(customer: int, salt: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{salt}/{customer}".encode(), digest_size=8).digest())
