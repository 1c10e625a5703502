"""Has somebody's mix of categories changed? Exact for few purchases, and honest for many people.

Given how often a category was bought in all and how many purchases fall into each of two windows,
a mix that did not change lets the number in the later window be hypergeometric (Fisher's exact
test): nothing is approximated, so that five purchases are judged as rightly as five hundred. Fisher
(1935), The Logic of Inductive Inference, JRSS 98; Holm (1979) for the bound over categories;
Benjamini & Hochberg (1995) over people, see ``inference.many``; Lin (1991), Divergence Measures
Based on the Shannon Entropy, IEEE Trans. Inf. Theory 37.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, refuse_rows, same_length


def rise(
    before: ArrayLike, of_before: ArrayLike, recent: ArrayLike, of_recent: ArrayLike
) -> Floats:
    """The chance of so many in the recent window, or more, if the share had not risen (p)."""
    from scipy.stats import hypergeom  # late: it loads for long

    x, n = column("before", before), column("of_before", of_before)
    y, m = column("recent", recent), column("of_recent", of_recent)
    same_length(before=x, of_before=n, recent=y, of_recent=m)
    refuse_rows((x < 0) | (x > n) | (y < 0) | (y > m), "a part is larger than its whole", x)
    found = hypergeom.sf(y - 1, n + m, x + y, m)
    return np.where(y > 0, np.clip(found, 0.0, 1.0), 1.0)  # none or more is certain


def bound(p: ArrayLike, people: ArrayLike, *, level: float) -> float:
    """Up to which p people are found changed, so that ``level`` of them are wrongly so at most.

    Benjamini & Hochberg's rule of distinct ``p`` and how many ``people`` have each; below zero
    where nobody is.
    """
    if not 0 < level < 1:
        raise BadInput(f"level is {level}", hint="between 0 and 1, such as 0.1")
    values, counts = column("p", p), column("people", people)
    same_length(p=values, people=counts)
    refuse_rows(~((values >= 0) & (values <= 1)), "p is not between 0 and 1", values)
    order = np.argsort(values, kind="stable")
    ranks = np.cumsum(counts[order])
    if not ranks.size:
        return -1.0
    fits = values[order] <= level * ranks / ranks[-1]
    return float(values[order][fits].max()) if fits.any() else -1.0


def divergence(before: ArrayLike, recent: ArrayLike) -> float:
    """Jensen–Shannon divergence of two mixes, as counts, in bits: 0 equal, 1 nothing shared."""
    p, q = column("before", before), column("recent", recent)
    same_length(before=p, recent=q)
    if p.sum() <= 0 or q.sum() <= 0:
        raise BadInput("a mix of nothing", hint="one purchase at least in each window")
    some = p + q > 0
    p, q = p[some] / p.sum(), q[some] / q.sum()
    middle = (p + q) / 2
    parts = [one * np.log2(np.where(one > 0, one / middle, 1.0)) for one in (p, q)]
    return float(sum(part.sum() for part in parts) / 2)
