"""How far what is sent came to each: who was asked for, let through, and first got it.

It is told in sets, a part of the ledger at a time, for whoever keeps it longer than the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Max, Min

from joren.act.messages import models
from joren.act.messages.contracts import TRANSACTIONAL
from joren.act.messages.selectors.costs import AT_ONCE
from joren.plumbing.bulk import columns_of

# What is not known yet is settled by what a provider tells, or by a person: until then it waits.
# Whatever was let through has the version that it was let through with: also where something came
# between that and leaving, of which those who are left out have nothing.
_PASSED: Final = """(state IN ('waiting', 'sending', 'sent', 'refused', 'unknown', 'held_out')
    OR version IS NOT NULL OR (state = 'expired' AND reason = 'queue'))"""
_GOT: Final = "state = 'sent'"
_NAMES: Final = ["customer_id", "asked_at", "counted_at", "sent_at"]
_UNSETTLED: Final = ("deferred", "waiting", "sending", "unknown")


def errands_to_persuade() -> list[int]:
    """All that is sent but word of people's own orders: what a holdout from everything is of."""
    rows = models.Errand.objects.exclude(kind=TRANSACTIONAL).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def ledger_ends(errands: Sequence[int]) -> tuple[int, int]:
    """(settled, newest): up to the first nothing becomes of any row any more, and the last row.

    The gate gives rows their numbers in the order of its transactions, which wait for one another,
    so that none of a lower number is still to come. What comes between these two questions does.
    """
    rows = models.Send.objects.filter(errand_id__in=errands)
    newest = rows.aggregate(newest=Max("pk"))["newest"] or 0
    first = rows.filter(state__in=_UNSETTLED).aggregate(first=Min("pk"))["first"]
    return (min(first - 1, newest) if first else newest), newest


def first_reached(
    errands: Sequence[int], *, since: datetime, until: datetime | None, after: int, newest: int
) -> Iterator[pa.Table]:
    """Parts of (customer_id, step, at) of rows asked for from ``since`` on and before ``until``:
    when each was asked for first, let through first (if only as a ghost), and got it first."""
    if not errands:
        return
    listed = ", ".join(str(one) for one in errands)
    about = f"errand_id IN ({listed}) AND asked_at >= {_moment(since)}"
    if until is not None:
        about += f" AND asked_at < {_moment(until)}"
    steps = {"passed": _one_if(_PASSED), "got": _one_if(_GOT)}
    for first in range(after + 1, newest + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, newest)
        where = f"id BETWEEN {first} AND {last} AND {about}"
        for part in columns_of(models.Send, _NAMES, where=where, numbers=steps):
            yield from _firsts(part)


def _firsts(part: pa.Table) -> Iterator[pa.Table]:
    passed = pc.coalesce(part["counted_at"], part["asked_at"])  # what ended later lost its moment
    for step, at, held in (
        ("asked", part["asked_at"], None),
        ("passed", passed, part["passed"]),
        ("got", pc.coalesce(part["sent_at"], passed), part["got"]),
    ):
        told = pa.table({"customer_id": part["customer_id"], "at": at})
        if held is not None:
            told = told.filter(pc.equal(held, 1))
        each = told.group_by("customer_id").aggregate([("at", "min")])
        yield pa.table(
            {
                "customer_id": each["customer_id"],
                "step": pa.repeat(step, each.num_rows),
                "at": each["at_min"].cast(pa.timestamp("us", "UTC")),
            }
        )


def _one_if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _moment(at: datetime) -> str:
    plain = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return f"'{plain}+00'" if connection.vendor == "postgresql" else f"'{plain}'"
