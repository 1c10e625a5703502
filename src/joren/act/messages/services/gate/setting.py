"""What the gate knows beside the rows; it is read while the budget is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.selectors.clocks import every_zone
from joren.act.messages.selectors.policies import policy
from joren.act.messages.services.gate.statement import Left, Own, Setting
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts

_EVER = ""


def hold() -> None:
    """Let nobody else through meanwhile, to the end of this transaction.

    Caps and budgets are sums over what others have let through. SQLite has one writer anyway.
    """
    row = models.Budget.objects.select_for_update().filter(scope=_EVER).first()
    if row is None:
        models.Budget.objects.bulk_create([models.Budget(scope=_EVER)], ignore_conflicts=True)
        models.Budget.objects.select_for_update().get(scope=_EVER)


def setting(now: datetime, errands: Iterable[int]) -> Setting:
    """All of it, for rows of these errands."""
    said, home = policy(), business().time_zone
    month = month_of(now, home)
    used = _used([month])
    return Setting(
        now=now,
        policy=said,
        zone=home,
        zones=every_zone(),
        month=_left(used.get(month), said.month_most, said.month_cost),
        own=_own(errands),
        postgresql=connection.vendor == "postgresql",
        left_out=holdouts.globally_left_out(clock.shop_day(now, home)),
    )


def month_of(now: datetime, zone: str) -> str:
    """Whose budget a message of that moment takes from."""
    return f"{clock.shop_day(now, zone):%Y-%m}"


def take(used: Mapping[int, tuple[int, int]], month: str) -> None:
    """Write down what was let through in a month: (messages, minor units) by errand; below zero it
    is back."""
    total = (sum(n for n, _ in used.values()), sum(cost for _, cost in used.values()))
    if total == (0, 0):
        return
    scopes = {_scope(number): one for number, one in used.items()}
    scopes |= {_EVER: total, month: total}
    models.Budget.objects.bulk_create(
        [models.Budget(scope=scope) for scope in sorted(scopes)], ignore_conflicts=True
    )
    for scope, (messages, cost) in sorted(scopes.items()):
        models.Budget.objects.filter(scope=scope).update(
            used=F("used") + messages, used_cost=F("used_cost") + cost
        )


def _own(errands: Iterable[int]) -> dict[int, Own]:
    """What is left of the budgets of these errands; whatever one source sends has one in common."""
    rows = models.Errand.objects.filter(pk__in=list(errands))
    bound = [row for row in rows if (row.most, row.most_cost) != (None, None)]
    if not bound:
        return {}
    beside = models.Errand.objects.filter(
        source__in={row.source for row in bound}, source_id__in={row.source_id for row in bound}
    )
    together: dict[tuple[str, int], list[int]] = {}
    for row in beside.order_by("pk"):
        together.setdefault((row.source, row.source_id), []).append(row.pk)
    used = _used([_scope(number) for numbers in together.values() for number in numbers])
    found = {}
    for row in bound:
        numbers = together[row.source, row.source_id]
        gone = [used.get(_scope(number), (0, 0)) for number in numbers]
        sums = (sum(n for n, _ in gone), sum(cost for _, cost in gone))
        found[row.pk] = Own(numbers[0], _left(sums, row.most, row.most_cost))
    return found


def _scope(errand: int) -> str:
    return f"errand:{errand}"


def _used(scopes: list[str]) -> dict[str, tuple[int, int]]:
    rows = models.Budget.objects.filter(scope__in=scopes)
    return {row.scope: (row.used, row.used_cost) for row in rows}


def _left(used: tuple[int, int] | None, messages: int | None, cost: int | None) -> Left:
    gone, gone_cost = used or (0, 0)
    return Left(
        None if messages is None else messages - gone, None if cost is None else cost - gone_cost
    )
