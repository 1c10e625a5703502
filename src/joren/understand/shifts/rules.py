"""Each customer's mix of a recent window against their own before it, in sets.

A draw is a day with a purchase, by the main category of its largest order: orders of one day are no
two decisions. What the exact test needs of it are four counts, which few rows of counts share.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import reduce

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from joren.core.tables import TableSpec
from joren.science.mix import rise
from joren.understand.shifts.contracts import (
    CUSTOMER_SHIFTS,
    EARLIER_DAYS,
    FEWEST_EARLIER,
    FEWEST_RECENT,
    KEPT_DAYS,
    RECENT_DAYS,
)
from joren.warehouse.sums import total

COUNTS = ("before", "of_before", "recent", "of_recent")
RISES = TableSpec("rises", {**dict.fromkeys(COUNTS, "int64"), "p": "float64"})


def in_windows(purchases: ir.Table, as_of: date) -> ir.Table:
    """The purchases of both windows, with ``late``: of the recent one."""
    start = as_of - timedelta(days=RECENT_DAYS + EARLIER_DAYS)
    kept = purchases.filter(purchases.ordered_on > start, purchases.ordered_on <= as_of)
    return kept.mutate(late=kept.ordered_on > as_of - timedelta(days=RECENT_DAYS))


def named(windows: ir.Table) -> ir.Table:
    """Those whose category is known."""
    return windows.filter(windows.main_category.notnull(), windows.main_category != "")


def buyers(windows: ir.Table) -> ir.Table:
    """Who bought something of a known category, with how many purchases of each window."""
    known = named(windows)
    return known.group_by("customer_id").agg(
        before=known.count(where=~known.late), recent=known.count(where=known.late)
    )


def counted(windows: ir.Table, buyers: ir.Table) -> ir.Table:
    """Per customer and category: days before and lately, beside those of all categories; of whom
    both windows say enough.

    Days are no more than purchases: of who has too few of these no day is looked at.
    """
    may = buyers.filter(buyers.before >= FEWEST_EARLIER, buyers.recent >= FEWEST_RECENT)
    known = named(windows).semi_join(may, "customer_id")
    place = ibis.row_number().over(
        group_by=[known.customer_id, known.ordered_on],
        order_by=[ibis.desc(known.revenue), known.order_id],
    )
    days = known.mutate(place=place)
    days = days.filter(days.place == 0)
    cells = days.group_by("customer_id", category=days.main_category).agg(
        before=days.count(where=~days.late),
        recent=days.count(where=days.late),
        first_on=days.ordered_on.min(where=days.late),
    )
    sums = cells.group_by("customer_id").agg(
        of_before=total(cells.before),
        of_recent=total(cells.recent),
        categories=cells.count(),
    )
    enough = sums.filter(sums.of_before >= FEWEST_EARLIER, sums.of_recent >= FEWEST_RECENT)
    return cells.inner_join(enough, "customer_id").select(
        "customer_id", "category", *COUNTS, "first_on", "categories"
    )


def alike(cells: ir.Table) -> ir.Table:
    """The combinations of counts that there are."""
    return cells.select(*COUNTS).distinct()


def risen(rows: pa.RecordBatch) -> pa.RecordBatch:
    """RISES of these combinations; each row stands alone."""
    p = rise(*(rows[name].to_numpy(zero_copy_only=False) for name in COUNTS))
    return pa.RecordBatch.from_arrays(
        [*(rows[name] for name in COUNTS), pa.array(p)], list(RISES.columns)
    )


def judged(cells: ir.Table, rises: ir.Table) -> ir.Table:
    """One row per customer: the category that rose most surely, and the one that fell most.

    ``p`` is bounded over the customer's categories (Bonferroni).
    """
    joined = cells.inner_join(rises, list(COUNTS)).select(cells, rises.p)
    share = joined.recent / joined.of_recent - joined.before / joined.of_before
    rows = joined.mutate(gain=share, part=_part(joined))
    up = [rows.p, ibis.desc(rows.gain), rows.category]
    down = [rows.gain, ibis.desc(rows.before), rows.category]
    placed = rows.mutate(
        rose=ibis.row_number().over(group_by=rows.customer_id, order_by=up),
        fell=ibis.row_number().over(group_by=rows.customer_id, order_by=down),
    )
    first, last = placed.rose == 0, placed.fell == 0
    whole = placed.group_by("customer_id").agg(
        shift_from=placed.category.max(where=last),
        shift_to=placed.category.max(where=first),
        first_on=placed.first_on.max(where=first),
        **{name: placed[name].max(where=first) for name in COUNTS},
        distance=placed.part.sum(),
        raw=placed.p.min(),
        categories=placed.categories.max(),
    )
    return whole.mutate(p=ibis.least(whole.raw * whole.categories, 1.0)).drop("raw", "categories")


def _part(cells: ir.Table) -> ir.FloatingValue:
    """What a category adds to the Jensen–Shannon divergence of both windows, in bits."""
    shares = (cells.before / cells.of_before, cells.recent / cells.of_recent)
    middle = (shares[0] + shares[1]) / 2
    parts = [ibis.ifelse(one > 0, one * (one / middle).log2(), 0.0) for one in shares]
    return reduce(lambda one, other: one + other, parts) / 2


def people_by_p(found: ir.Table) -> ir.Table:
    """How many customers have each p."""
    return found.group_by("p").agg(people=found.count())


def dated(found: ir.Table, before: ir.Table | None, bound: float, as_of: date) -> ir.Table:
    """CUSTOMER_SHIFTS: who is found shifted now and since when, and whose shift is remembered.

    ``before`` is the table of the snapshot of an earlier day.
    """
    standing = (found.p <= bound) & (found.shift_from != found.shift_to)
    now = found.mutate(standing=standing)
    if before is None:
        day = ibis.ifelse(now.standing, ibis.literal(as_of), ibis.null("date"))
        return _told(now.mutate(shifted_on=day))
    old = before.filter(before.shifted_on > as_of - timedelta(days=KEPT_DAYS))
    old = old.select(**{f"old_{name}": old[name] for name in CUSTOMER_SHIFTS.columns})
    both = now.left_join(old, now.customer_id == old.old_customer_id)
    kept = ~both.standing & both.old_shifted_on.notnull()
    again = both.standing & (both.old_shift_to == both.shift_to).fill_null(False)
    day = ibis.cases(
        (kept | again, both.old_shifted_on),
        (both.standing, ibis.literal(as_of)),
        else_=ibis.null("date"),
    )
    of_shift = {name: ibis.ifelse(kept, both[f"old_{name}"], both[name]) for name in _OF_SHIFT}
    told = _told(both.select("customer_id", "standing", **of_shift, shifted_on=day))
    gone = old.anti_join(now, old.old_customer_id == now.customer_id)
    left = gone.select(**{name: gone[f"old_{name}"] for name in CUSTOMER_SHIFTS.columns})
    return told.union(left.mutate(standing=ibis.literal(False)).select(*CUSTOMER_SHIFTS.columns))


_OF_SHIFT = ("shift_from", "shift_to", "first_on", *COUNTS, "distance", "p")


def _told(rows: ir.Table) -> ir.Table:
    """Without a shift no category is named."""
    none = rows.shifted_on.isnull()
    blank = {
        name: ibis.ifelse(none, ibis.null(CUSTOMER_SHIFTS.columns[name]), rows[name])
        for name in ("shift_from", "shift_to", "first_on")
    }
    return rows.mutate(**blank).select(*CUSTOMER_SHIFTS.columns)


def flows(shifts: ir.Table, as_of: date) -> ir.Table:
    """How many customers stand in each shift, those of most customers first."""
    now = shifts.filter(shifts.standing)
    summed = now.group_by("shift_from", "shift_to").agg(
        customers=now.count(),
        new=now.count(where=now.shifted_on == as_of),
        distance=now.distance.mean(),
    )
    return summed.order_by([ibis.desc("customers"), "shift_from", "shift_to"])
