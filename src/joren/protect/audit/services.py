"""Write down what was done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from joren.core.clock import now
from joren.protect.audit import models, rules


def record(
    action: str, /, *, actor: str, subject_kind: str, subject_id: str | int = "", **detail: Any
) -> None:
    """Add an entry, in the transaction of the deed itself."""
    models.Entry.objects.create(
        at=now(),
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        detail=rules.plain_detail(detail),
    )


def customer_seen(number: int, *, actor: str) -> None:
    """Write down that somebody looked at one person."""
    record("customers.seen", actor=actor, subject_kind="customer", subject_id=number)


def customers_compared(numbers: Iterable[int], *, actor: str) -> None:
    """Write down that somebody saw these people side by side; of nobody there is nothing to say."""
    if seen := sorted({*numbers}):
        record("customers.compared", actor=actor, subject_kind="customers", customers=seen)


def hear(announcement: str, content: dict[str, Any]) -> None:
    """Write down an announcement of a lower room, which may not call up to this one."""
    rest = dict(content)
    record(
        announcement,
        actor=rest.pop("by"),
        subject_kind=rest.pop("kind"),
        subject_id=rest.pop("id"),
        **rest,
    )
