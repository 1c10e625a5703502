"""What is sent to many, by those who have it sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Sum

from joren.act.messages import models
from joren.act.messages.contracts import LEFT, TRANSACTIONAL
from joren.act.messages.selectors.shares import as_now_column
from joren.plumbing.bulk import columns_of


def errands_of(source: str, source_id: int) -> list[int]:
    """The numbers of all that one campaign or journey sends."""
    return list(_steps(source, source_id))


def errands_by_step(source: str, source_id: int) -> dict[int, str]:
    """The same, each with the step that sends it."""
    return _steps(source, source_id)


def stoppable(source: str, source_id: int) -> list[int]:
    """The numbers of all that it sends, or is to send, but for word of orders."""
    rows = models.Errand.objects.filter(source=source, source_id=source_id)
    return list(rows.exclude(kind=TRANSACTIONAL).order_by("pk").values_list("pk", flat=True))


def channels_of(source: str, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """By which channels the messages of each of these campaigns or journeys leave."""
    rows = models.Errand.objects.filter(source=source, source_id__in=list(numbers))
    found: dict[int, tuple[str, ...]] = {}
    for number, channel in sorted(rows.values_list("source_id", "channel").distinct()):
        found[number] = (*found.get(number, ()), channel)
    return found


def counts_of(source: str, source_id: int) -> dict[tuple[str, str, str], int]:
    """(step, state, reason) of the rows that the ledger has of it, with how many."""
    steps = _steps(source, source_id)
    rows = models.Send.objects.filter(errand_id__in=steps)
    counted = rows.values_list("errand_id", "state", "reason").annotate(n=Count("pk"))
    ordered = counted.order_by("errand_id", "state", "reason")
    return {(steps[errand], state, reason): n for errand, state, reason, n in ordered}


def counted(
    since: datetime, until: datetime, *, parts: int = 1, part: int = 0
) -> dict[tuple[str, str], pa.Table]:
    """(customer_id, counted_at) of what counted in caps then, by channel and kind; ``part`` of
    ``parts`` are the customers whose number leaves it when it is divided."""
    begin, end = (f"'{one:%Y-%m-%d %H:%M:%S}'" for one in (since, until))
    where = (
        f"counted_at IS NOT NULL AND coalesce(sent_at, counted_at) > {begin} "
        f"AND coalesce(sent_at, counted_at) <= {end} "
        f"AND customer_id - (customer_id / {parts:d}) * {parts:d} = {part:d}"
    )
    names = ["customer_id", "counted_at", "errand_id", "sent_at"]
    rows = [*columns_of(models.Send, names, where=where)]
    if not rows:
        return {}
    every = pa.concat_tables(rows)
    left = pc.coalesce(every["sent_at"], every["counted_at"])
    every = every.set_column(1, "counted_at", left).drop_columns(["sent_at"])
    kinds = {pk: (channel, kind) for pk, channel, kind in _kinds(every["errand_id"])}
    found: dict[tuple[str, str], list[pa.Table]] = {}
    for errand, key in kinds.items():
        theirs = every.filter(pc.equal(every["errand_id"], errand)).drop_columns(["errand_id"])
        found.setdefault(key, []).append(theirs)
    return {key: pa.concat_tables(tables) for key, tables in found.items()}


def _kinds(errands: pa.ChunkedArray) -> list[tuple[int, str, str]]:
    asked = models.Errand.objects.filter(pk__in=pc.unique(errands).to_pylist())
    return list(asked.values_list("pk", "channel", "kind"))


def asked_by_step(source: str, source_id: int) -> pa.Table:
    """(customer_id as they are now, asked_as: the number by which they were asked for, step as a
    number) of all rows that no lot left out, each customer once; of steps that are numbered."""
    steps = {pk: int(step) for pk, step in _steps(source, source_id).items() if step.isdecimal()}
    numbers = ", ".join(str(pk) for pk in steps) or "0"
    names = ["customer_id", "errand_id"]
    rows = [*columns_of(models.Send, names, where=f"errand_id IN ({numbers}) AND lot IS NULL")]
    if not rows:
        none = pa.array([], pa.int64())
        return pa.table({"customer_id": none, "asked_as": none, "step": none})
    every = pa.concat_tables(rows)
    then = every["customer_id"].to_numpy()
    who, first = np.unique(as_now_column(then), return_index=True)
    step = np.array([steps[one] for one in every["errand_id"].to_numpy()[first].tolist()], np.int64)
    columns = {"customer_id": who, "asked_as": then[first], "step": step}
    return pa.table({name: pa.array(column) for name, column in columns.items()})


def cost_of(
    source: str, source_id: int, *, since: datetime | None = None, until: datetime | None = None
) -> tuple[int, int | None]:
    """How many of its messages left, and what they cost in minor units: None where the cost of one
    is not known. Those asked for from ``since`` on and before ``until``, where these are given."""
    told = cost_by_step(source, source_id, since=since, until=until).values()
    costs = [cost for _, cost in told]
    known = [cost for cost in costs if cost is not None]
    return sum(n for n, _ in told), sum(known) if len(known) == len(costs) else None


def cost_by_step(
    source: str, source_id: int, *, since: datetime | None = None, until: datetime | None = None
) -> dict[str, tuple[int, int | None]]:
    """The same of each step that sent anything."""
    steps = _steps(source, source_id)
    rows = models.Send.objects.filter(errand_id__in=steps, state__in=LEFT)
    if since is not None:
        rows = rows.filter(asked_at__gte=since)
    if until is not None:
        rows = rows.filter(asked_at__lt=until)
    told = rows.values_list("errand_id").annotate(n=Count("pk"), known=Count("cost"), s=Sum("cost"))
    return {
        steps[errand]: (n, (cost or 0) if n == known else None) for errand, n, known, cost in told
    }


def cost_by_occurrence(source: str, source_id: int) -> pa.Table:
    """(occurrence, cost) of its messages that left; null where the cost is not known."""
    numbers = ", ".join(str(pk) for pk in _steps(source, source_id)) or "0"
    left = ", ".join(f"'{state}'" for state in LEFT)
    where = f"errand_id IN ({numbers}) AND state IN ({left})"
    rows = [*columns_of(models.Send, ["occurrence", "cost"], where=where)]
    none = pa.array([], pa.int64())
    return pa.concat_tables(rows) if rows else pa.table({"occurrence": none, "cost": none})


def became_of(
    source: str, source_id: int, customers: Sequence[int]
) -> list[tuple[str, int, int, str, str, int | None]]:
    """(step, customer, occurrence, state, reason, lot) of all rows that some customers have of it;
    the lot is that of whom a holdout leaves out."""
    steps = _steps(source, source_id)
    rows = models.Send.objects.filter(errand_id__in=steps, customer_id__in=list(customers))
    told = rows.order_by("pk").values_list(
        "errand_id", "customer_id", "occurrence", "state", "reason", "lot"
    )
    return [
        (steps[errand], customer, occurrence, state, reason, lot)
        for errand, customer, occurrence, state, reason, lot in told
    ]


def _steps(source: str, source_id: int) -> dict[int, str]:
    rows = models.Errand.objects.filter(source=source, source_id=source_id).order_by("pk")
    return dict(rows.values_list("pk", "step"))
