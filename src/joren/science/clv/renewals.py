"""What subscriptions come down to: how many were renewed, and how many lost, at each renewal.

For any model in which a contract's chance of renewal depends on its running number alone, these
counts are sufficient: the likelihood is a product of renewals and losses, number by number. Cohorts
of different age, single contracts, and contracts that were already running when the record begins
all add up to the same table of a few hundred rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, Indices, column, refuse_rows, same_length

LONGEST = 100_000  # renewals; beyond it the unit of the period is surely a mistake


@dataclass(frozen=True, eq=False)
class Contracts:
    """Renewal number `period` (1 is the first) was made by `renewed` contracts, not by `lost`.

    `n` is how many contracts had at least one renewal due.
    """

    period: Floats
    renewed: Floats
    lost: Floats
    n: float

    def __post_init__(self) -> None:
        names = ("period", "renewed", "lost")
        columns = {name: column(name, getattr(self, name)) for name in names}
        same_length(**columns)
        period = columns["period"]
        wrong = (period < 1) | (period != np.floor(period))
        refuse_rows(wrong, "period is not a whole number from 1", period)
        for name in ("renewed", "lost"):
            refuse_rows(columns[name] < 0, f"{name} is negative", columns[name])
        if not self.n > 0:
            raise BadInput(
                f"{self.n:g} contracts had a renewal due", hint="wait for the first renewals"
            )
        for name, values in columns.items():
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return self.period.size

    def compressed(self) -> Contracts:
        """Itself: equal rows are already one."""
        return self

    @classmethod
    def of_cohorts(cls, active: Sequence[ArrayLike]) -> Contracts:
        """From one row per cohort: started, then still active after renewal 1, 2, …

        Rows may be of different length, or end in missing values (None or NaN), for the cohorts
        that are younger.
        """
        rows = [_known(number, row) for number, row in enumerate(active, start=1)]
        size = max((row.size for row in rows), default=1) - 1
        renewed, lost = np.zeros(size), np.zeros(size)
        for row in rows:
            renewed[: row.size - 1] += row[1:]
            lost[: row.size - 1] += row[:-1] - row[1:]
        return _counted(renewed, lost, sum(float(row[0]) for row in rows if row.size > 1))

    @classmethod
    def of_tenures(
        cls,
        renewals: ArrayLike,
        active: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        seen_from: ArrayLike | None = None,
    ) -> Contracts:
        """From one row per contract: renewals made so far, and whether it is still active.

        The running number of a delivery (定期回数) is one more than the renewals. A contract that
        was running before the record began has made `seen_from` renewals at that time; leaving it
        out would count only survivors among the old ones.
        """
        made = column("renewals", renewals)
        going = column("active", active)
        heads = column("weights", np.ones(made.size) if weights is None else weights)
        before = column("seen_from", np.zeros(made.size) if seen_from is None else seen_from)
        same_length(renewals=made, active=going, weights=heads, seen_from=before)
        refuse_rows((going != 0) & (going != 1), "active is neither true nor false", going)
        refuse_rows(heads < 0, "a weight is negative", heads)
        for name, values in (("renewals", made), ("seen_from", before)):
            wrong = (values < 0) | (values != np.floor(values)) | (values > LONGEST)
            refuse_rows(wrong, f"{name} is not a whole number from 0 to {LONGEST:,}", values)
        refuse_rows(before > made, "seen_from is above the renewals made", before)
        begun, ended = before.astype(np.intp), made.astype(np.intp)
        size = int(ended.max(initial=0)) + 1
        renewed = np.cumsum(_sums(begun, heads, size) - _sums(ended, heads, size))
        lost = _sums(ended, heads * (going == 0), size)
        due = (ended > begun) | (going == 0)
        return _counted(np.maximum(renewed, 0.0), lost, float(heads @ due))


def _sums(places: Indices, weights: Floats, size: int) -> Floats:
    return np.bincount(places, weights, minlength=size).astype(np.float64, copy=False)


def _counted(renewed: Floats, lost: Floats, n: float) -> Contracts:
    some = np.flatnonzero(renewed + lost > 0)
    period = some.astype(np.float64) + 1
    return Contracts(period, renewed[some], lost[some], n)


def _known(number: int, row: ArrayLike) -> Floats:
    """The counts of one cohort, without the missing ones at its end."""
    counts = np.atleast_1d(np.asarray(row, dtype=np.float64))
    known = np.flatnonzero(~np.isnan(counts))
    counts = counts[: known[-1] + 1 if known.size else 0]
    counts = column(f"cohort {number}", counts)
    if counts.size == 0:
        raise BadInput(f"cohort {number} has no count at all")
    refuse_rows(counts < 0, f"a count of cohort {number} is negative", counts)
    more = np.append(0.0, np.diff(counts))
    refuse_rows(more > 0, f"cohort {number} grows, though who left stays away", counts)
    return counts
