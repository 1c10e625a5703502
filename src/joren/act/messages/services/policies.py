"""Decide how much is written to anybody, and when; and say where somebody's clock is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.db import transaction

from joren.act.messages import channels, models, selectors
from joren.act.messages.contracts import KINDS, LONGEST_WINDOW, BadPolicy, Cap, Policy
from joren.core import clock
from joren.protect.audit import services as audit

_MOST: Final = 2**53


@transaction.atomic
def set_policy(policy: Policy, *, by: str) -> Policy:
    """Decide it anew. What was put off is asked again by the new one, when its time comes."""
    _check(policy)
    row, made = models.Policy.objects.select_for_update().get_or_create(
        pk=1,
        defaults={"version": 1, "said": as_said(policy), "changed_at": clock.now(),
                  "changed_by": by},
    )  # fmt: skip
    if not made:
        row.version += 1
        row.said, row.changed_at, row.changed_by = as_said(policy), clock.now(), by
        row.save()
    audit.record(
        "messages.policy_set", actor=by, subject_kind="policy", subject_id=row.version,
        caps=[_in_words(cap) for cap in policy.caps], quiet=row.said["quiet"] or [],
        month_most=policy.month_most, month_cost=policy.month_cost, per_minute=policy.per_minute,
        costs=[f"{name}={cost}" for name, cost in policy.costs.items()],
    )  # fmt: skip
    return selectors.policy()


def set_zone(customer: int, zone: str, *, by: str) -> None:
    """Say where a customer's clock is, an IANA name; empty says that it is where the shop's is."""
    if zone:
        clock.zone(zone)
        models.LocalZone.objects.update_or_create(customer_id=customer, defaults={"zone": zone})
    else:
        models.LocalZone.objects.filter(customer_id=customer).delete()
    audit.record(
        "messages.zone_set", actor=by, subject_kind="customer", subject_id=customer, zone=zone
    )


def as_said(policy: Policy) -> dict[str, Any]:
    """As it is kept."""
    return {
        "caps": [asdict(cap) for cap in policy.caps],
        "quiet": policy.quiet and [f"{policy.quiet.since:%H:%M}", f"{policy.quiet.until:%H:%M}"],
        "month_most": policy.month_most,
        "month_cost": policy.month_cost,
        "costs": dict(policy.costs),
        "per_minute": policy.per_minute,
    }


def _in_words(cap: Cap) -> str:
    return f"{cap.channel or '*'}/{cap.kind or '*'}: {cap.most} in {cap.days}"


def _check(policy: Policy) -> None:
    for cap in policy.caps:
        if not (1 <= cap.most <= 1000 and 1 <= cap.days <= LONGEST_WINDOW):
            raise BadPolicy(
                f"{cap.most} messages in {cap.days} days",
                hint=f"1 to 1000 messages in 1 to {LONGEST_WINDOW} days",
            )
        if cap.kind not in ("", *KINDS) or cap.kind == "transactional":
            raise BadPolicy(
                f"no cap is of the kind {cap.kind!r}", hint=f"known: {', '.join(KINDS)}"
            )
        if cap.channel not in ("", *channels.names()):
            raise BadPolicy(
                f"no channel {cap.channel!r}", hint=f"known: {', '.join(channels.names())}"
            )
    if policy.quiet and policy.quiet.since == policy.quiet.until:
        raise BadPolicy("the quiet time begins when it ends", hint="two times, or none")
    if len({(cap.channel, cap.kind, cap.days) for cap in policy.caps}) < len(policy.caps):
        raise BadPolicy("two caps are of the same messages and days", hint="keep the lower one")
    numbers = {
        "month_most": policy.month_most, "month_cost": policy.month_cost,
        **{f"cost of {name}": cost for name, cost in policy.costs.items()},
    }  # fmt: skip
    for name, number in numbers.items():
        if number is not None and not 0 <= number <= _MOST:
            raise BadPolicy(f"{name} is {number}", hint="0 or more, or nothing for no end")
    if unknown := sorted(policy.costs.keys() - {*channels.names()}):
        raise BadPolicy(f"no channel {unknown[0]!r}", hint="a cost is of a channel")
    if policy.per_minute is not None and policy.per_minute < 1:
        raise BadPolicy(f"{policy.per_minute} messages a minute", hint="1 or more, or nothing")
