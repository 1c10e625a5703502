"""Of which content the messages were that left: by month, by decile of value, and by segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Case, Count, IntegerField, Value, When
from numpy.typing import NDArray

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.contracts import KINDS, LeftToPeople, MessageShares
from joren.act.messages.selectors.ledger import begin_of
from joren.core import clock
from joren.core.errors import JorenError
from joren.core.people import moved
from joren.decide.segments import selectors as segments
from joren.plumbing.bulk import columns_of
from joren.plumbing.warehouse import warehouse
from joren.understand.ranks.contracts import CUSTOMER_RANKS

Ints = NDArray[np.int64]

MONTHS: Final = 12
DAYS: Final = 90
MOST_SEGMENTS: Final = 30


def shares_by_month(months: int = MONTHS) -> list[MessageShares]:
    """Messages that left, by the month in which they were asked for; the newest first."""
    firsts = _firsts(clock.shop_day(clock.now(), business().time_zone), months)
    kinds = dict(models.Errand.objects.values_list("pk", "kind"))
    month = Case(
        *(
            When(asked_at__gte=begin_of(first), then=Value(place))
            for place, first in enumerate(firsts)
        ),
        output_field=IntegerField(),
    )
    rows = models.Send.objects.filter(state="sent", asked_at__gte=begin_of(firsts[-1]))
    counted = rows.annotate(month=month).order_by().values_list("month", "errand_id")
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(KINDS, 0))
    for place, errand, n in counted.annotate(n=Count("pk")):
        found[place][kinds[errand]] += n
    return [
        MessageShares(f"{first:%Y-%m}", found[place])
        for place, first in enumerate(firsts)
        if place in found
    ]


def shares_by_decile(days: int = DAYS) -> list[MessageShares]:
    """Of the last days, by where the newest figures rank each; whom they do not rank comes last.

    Nothing before the first refresh.
    """
    house = warehouse()
    snapshot = house.snapshots.latest()
    if snapshot is None:
        return []
    ranks = house.snapshots.table(snapshot.id, CUSTOMER_RANKS).filter(ibis._.decile.notnull())
    who, kind = _left(days)
    with house.engine.session() as holding:
        left = holding.take(pa.table({"place": np.arange(len(who)), "customer_id": who}))
        theirs = house.engine.arrow(
            left.left_join(ranks, "customer_id")
            .select("place", decile=ibis._.decile.fill_null(0).cast("int64"))
            .order_by("place")
        )["decile"].to_numpy()
    sizes = house.snapshots.once(
        snapshot.id, (CUSTOMER_RANKS,), "sizes of deciles",
        lambda: house.engine.rows(ranks.group_by("decile").agg(n=ibis._.count())),
    )  # fmt: skip
    found = [
        _share(f"{decile}", who, kind, theirs == decile, people)
        for decile, people in sorted((row["decile"], row["n"]) for row in sizes)
    ]
    rest = _share("", who, kind, theirs == 0, None)
    return [*found, rest] if rest.n else found


def shares_by_segment(days: int = DAYS) -> list[MessageShares]:
    """Of the last days, by who belongs to each segment now; somebody may belong to several."""
    if warehouse().snapshots.latest() is None:
        return []
    who, kind = _left(days)
    found = []
    for one in segments.segments()[:MOST_SEGMENTS]:
        try:
            members = segments.ids_of(segments.rule_of(one))
        except JorenError:
            continue  # its rule asks for what the facts are not enough for; its page says so
        found.append(
            _share(one.name, who, kind, np.isin(who, members), len(members), number=one.id)
        )
    return found


def _share(
    group: str, who: Ints, kind: Ints, mine: NDArray[np.bool_], people: int | None,
    *, number: int = 0,
) -> MessageShares:  # fmt: skip
    counts = np.bincount(kind[mine], minlength=len(KINDS))
    by_kind: dict[str, int] = {name: int(counts[place]) for place, name in enumerate(KINDS)}
    return MessageShares(group, by_kind, len(np.unique(who[mine])), people, number)


def left_to_people(days: int) -> LeftToPeople:
    """Messages that left in the last days, whosever they turned out to be; kinds are places in
    KINDS. One that was asked for in its time and waited counts by the moment it was asked for."""
    now = clock.now()
    kinds = {pk: KINDS.index(kind) for pk, kind in models.Errand.objects.values_list("pk", "kind")}
    names = ["errand_id", "customer_id", "asked_at"]
    where = _sent_since(now - timedelta(days))
    parts = list(columns_of(models.Send, names, where=where))
    if not parts:
        none = np.zeros(0, np.int64)
        return LeftToPeople(none, none, none.astype(float))
    table = pa.concat_tables(parts)
    errands, place = np.unique(table["errand_id"].to_numpy(), return_inverse=True)
    kind = np.array([kinds[int(one)] for one in errands], np.int64)[place]
    asked = pc.cast(pc.cast(table["asked_at"], pa.int64()), pa.float64()).to_numpy()
    ago = (now.timestamp() - asked / 1e6) / 86_400
    return LeftToPeople(as_now_column(table["customer_id"].to_numpy()), kind, ago)


def _left(days: int) -> tuple[Ints, Ints]:
    """(customer as they are known now, place of the kind) of each message that left."""
    since = clock.now() - timedelta(days)
    kinds = {pk: KINDS.index(kind) for pk, kind in models.Errand.objects.values_list("pk", "kind")}
    parts = list(columns_of(models.Send, ["errand_id", "customer_id"], where=_sent_since(since)))
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    table = pa.concat_tables(parts)
    errands, place = np.unique(table["errand_id"].to_numpy(), return_inverse=True)
    kind = np.array([kinds[int(one)] for one in errands], np.int64)[place]
    return as_now_column(table["customer_id"].to_numpy()), kind


def _sent_since(since: datetime) -> str:
    begin = f"{since.astimezone(UTC).replace(tzinfo=None, microsecond=0)}"
    mark = "+00" if connection.vendor == "postgresql" else ""
    return f"state = 'sent' AND asked_at >= '{begin}{mark}'"


def as_now(customers: Sequence[int]) -> dict[int, int]:
    """Each with whom they were found to be by now."""
    numbers = np.array(customers, np.int64)
    return dict(zip(numbers.tolist(), as_now_column(numbers).tolist(), strict=True))


def as_now_column(numbers: Ints) -> Ints:
    """Whoever was found to be somebody else counts as them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id, person_id FROM ({moved()}) AS m")
        pairs: list[tuple[Any, ...]] = cursor.fetchall()
    if not pairs:
        return numbers
    pairs.sort()
    old, new = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    place = np.minimum(np.searchsorted(old, numbers), len(old) - 1)
    found: Ints = np.where(old[place] == numbers, new[place], numbers)
    return found


def _firsts(today: date, months: int) -> Sequence[date]:
    """The first days of so many months, the newest first."""
    found = [today.replace(day=1)]
    while len(found) < months:
        found.append((found[-1] - timedelta(1)).replace(day=1))
    return found
