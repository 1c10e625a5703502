"""What the shop decided about how much it writes, and what is used of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from joren.act.messages import models
from joren.act.messages.contracts import Cap, Policy, Quiet


def policy() -> Policy:
    """As it is now; ours until somebody changes it."""
    row = models.Policy.objects.filter(pk=1).first()
    return Policy() if row is None else _policy(row.said, row.version)


def _policy(said: Mapping[str, Any], version: int) -> Policy:
    quiet = said["quiet"]
    return Policy(
        caps=tuple(Cap(**cap) for cap in said["caps"]),
        quiet=Quiet(*(time.fromisoformat(one) for one in quiet)) if quiet else None,
        month_most=said["month_most"],
        month_cost=said["month_cost"],
        costs=said["costs"],
        per_minute=said["per_minute"],
        version=version,
    )
