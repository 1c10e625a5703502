"""What kind of business this is (A7): one-off, repeat, subscription, or a mixture."""

from __future__ import annotations

from collections.abc import Iterable

from joren.understand.economics.contracts import Kind

ENOUGH = 30
MOSTLY_SUBSCRIBED = 0.5
PARTLY_SUBSCRIBED = 0.15
HARDLY_REPEATED = 0.10
A_PART = 0.2
"""A kind counts in a mixture when its categories have at least this share of the customers."""


def kind_of(
    *, customers: int, repeat_rate: float | None, subscription: float | None
) -> Kind | None:
    """The kind that the orders show; None where too few customers have been here for a year."""
    if subscription is not None and subscription >= MOSTLY_SUBSCRIBED:
        return "subscription"
    if subscription is not None and subscription >= PARTLY_SUBSCRIBED:
        return "mixed"
    if repeat_rate is None or customers < ENOUGH:
        return None
    return "one_off" if repeat_rate < HARDLY_REPEATED else "repeat"


def kind_of_whole(whole: Kind | None, parts: Iterable[tuple[Kind | None, int]]) -> Kind | None:
    """Mixed, where two kinds of category each have a real part of the customers."""
    counted: dict[Kind, int] = {}
    for kind, customers in parts:
        if kind is not None:
            counted[kind] = counted.get(kind, 0) + customers
    everyone = sum(counted.values())
    large = [kind for kind, customers in counted.items() if customers >= A_PART * everyone]
    return "mixed" if len(large) > 1 else whole
