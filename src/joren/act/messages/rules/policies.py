"""What a policy may say, and how it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import time
from typing import Any, Final

from joren.act.messages.contracts import (
    KINDS,
    LONGEST_WINDOW,
    THANKS,
    TRANSACTIONAL,
    BadPolicy,
    Cap,
    Policy,
    Quiet,
)

_MOST: Final = 2**53


def as_said(policy: Policy) -> dict[str, Any]:
    """As it is kept."""
    return {
        "caps": [asdict(cap) for cap in policy.caps],
        "quiet": policy.quiet and [f"{policy.quiet.since:%H:%M}", f"{policy.quiet.until:%H:%M}"],
        "month_most": policy.month_most,
        "month_cost": policy.month_cost,
        "costs": dict(policy.costs),
    }


def as_meant(said: Mapping[str, Any], version: int) -> Policy:
    """What was kept, as a policy."""
    quiet = said["quiet"]
    return Policy(
        caps=tuple(Cap(**cap) for cap in said["caps"]),
        quiet=Quiet(*(time.fromisoformat(one) for one in quiet)) if quiet else None,
        month_most=said["month_most"],
        month_cost=said["month_cost"],
        costs=said["costs"],
        version=version,
    )


def counts(cap: Cap, channel: str, kind: str) -> bool:
    """Does a message of that channel and kind count in the cap, and is bound by it?"""
    if kind == TRANSACTIONAL or cap.channel not in ("", channel):
        return False
    return cap.kind == kind or (not cap.kind and (bool(cap.channel) or kind != THANKS))


def check_policy(policy: Policy, channels: Sequence[str]) -> None:
    """Refuse what cannot be kept, with the way out."""
    for cap in policy.caps:
        _check_cap(cap, channels)
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
    if unknown := sorted(policy.costs.keys() - {*channels}):
        raise BadPolicy(f"no channel {unknown[0]!r}", hint="a cost is of a channel")


def _check_cap(cap: Cap, channels: Sequence[str]) -> None:
    if not (1 <= cap.most <= 1000 and 1 <= cap.days <= LONGEST_WINDOW):
        raise BadPolicy(
            f"{cap.most} messages in {cap.days} days",
            hint=f"1 to 1000 messages in 1 to {LONGEST_WINDOW} days",
        )
    if cap.kind not in ("", *KINDS) or cap.kind == TRANSACTIONAL:
        raise BadPolicy(f"no cap is of the kind {cap.kind!r}", hint=f"known: {', '.join(KINDS)}")
    if cap.channel not in ("", *channels):
        raise BadPolicy(f"no channel {cap.channel!r}", hint=f"known: {', '.join(channels)}")
