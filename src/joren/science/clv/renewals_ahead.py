"""What running contracts may still bring: renewals within a span, given age and silence.

A model of renewals says with what chance the next delivery is made at all. The longer it is
overdue, the less likely: of the renewals that come, the share F(s) has come after s intervals of
silence, so by Bayes' rule the next one still comes with

    r (1 - F(s)) / (r (1 - F(s)) + 1 - r),    r the model's retention at this running number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joren.science.arrays import Floats
from joren.science.clv.renewal_choosing import Fitted

TENTH = 10.0


@dataclass(frozen=True, eq=False)
class Waits:
    """When renewals come: `counts[i]` of them after i tenths of an interval up to the next.

    `pace` is how long they take on average, in intervals.
    """

    counts: Floats
    pace: float

    @classmethod
    def of(
        cls, tenths: Sequence[int], counts: Sequence[int], *, size: int, days: int, intervals: int
    ) -> Waits:
        """From counts by tenth; one more at the end, so that what is late may always still come."""
        numbers = np.zeros(size + 1)
        np.add.at(numbers, np.clip(np.asarray(tenths, dtype=np.intp), 0, size), counts)
        numbers[-1] += 1
        return cls(numbers, days / intervals if intervals else 1.0)

    def still_to_come(self, silence: Floats) -> Floats:
        """1 - F: of renewals that come, those later than so many intervals of silence."""
        beyond = np.append(np.cumsum(self.counts[::-1])[::-1], 0.0) / self.counts.sum()
        edges = np.arange(beyond.size) / TENTH
        # What lies in the last class comes at its end: it may come however late it is.
        share: Floats = np.interp(silence, edges[:-1], beyond[:-1])
        return share


@dataclass(frozen=True, eq=False)
class Ahead:
    """A model of renewals, and when they come."""

    fitted: Fitted
    waits: Waits

    def renews(self, number: Floats, interval: Floats, silent: Floats) -> Floats:
        """The chance that the delivery after number `number` is made; days since that one."""
        rate = self.fitted.retention(number)
        late = rate * self.waits.still_to_come(silent / interval)
        chance: Floats = late / (late + 1 - rate)
        return chance

    def due_in(self, interval: Floats, silent: Floats) -> Floats:
        """Days until the next delivery is due; 1 where it is overdue."""
        return np.maximum(np.round(interval * self.waits.pace) - silent, 1.0)

    def renewals(self, number: Floats, interval: Floats, silent: Floats, days: float) -> Floats:
        """Renewals that a contract makes in the coming days, on average."""
        step = interval * self.waits.pace
        due = np.floor((days - self.due_in(interval, silent)) / step) + 1
        expected = np.zeros(number.size)
        for count in np.unique(due[due > 0]):
            here = due == count
            expected[here] = 1 + self.fitted.expected_renewals(number[here], float(count) - 1)
        found: Floats = self.renews(number, interval, silent) * expected
        return found

    def lifetime(self, number: Floats, interval: Floats, silent: Floats, days: float) -> Floats:
        """Days from now to the last delivery within the coming days, on average."""
        made = self.renewals(number, interval, silent, days)
        first = self.renews(number, interval, silent)
        step = interval * self.waits.pace
        span: Floats = first * self.due_in(interval, silent) + np.maximum(made - first, 0) * step
        return np.minimum(span, days)
