"""What a policy would have made of messages that were asked for: the gate, for all people at once.

Each person's messages are taken in the order in which they were asked for. One that finds no room
goes when there is some, or when the night is over, and counts from then on; one whose time is over
by then counts nowhere. Round ``n`` decides the ``n``-th message of every person together. The
month's budget is looked at last, in the order in which all would have gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from joren.act.messages.contracts import LONGEST_WINDOW, Cap, Policy, Replayed
from joren.act.messages.rules.nights import month_after, nights
from joren.act.messages.rules.policies import counts

Ints = NDArray[np.int64]
Moments = NDArray[np.float64]

_DAY: Final = 86_400.0
_WHYS: Final = ("", "cap", "quiet_hours", "budget")


@dataclass(frozen=True)
class Wanted:
    """Messages in any order. Moments are seconds since 1970; ``way`` and ``zone`` are places in
    lists beside them. ``ghost``: it takes nothing from a budget."""

    person: Ints
    at: Moments
    expires: Moments
    way: Ints
    zone: Ints
    ghost: NDArray[np.bool_]


def replayed(
    wanted: Wanted,
    policy: Policy,
    *,
    ways: Sequence[tuple[str, str]],
    zones: Sequence[str],
    home: str,
    since: datetime,
) -> Replayed:
    """Of those asked for from ``since`` on; what came before fills the caps. ``ways`` are (channel,
    kind)."""
    went, why = _decided(wanted, policy, ways, zones)
    _spend(wanted, policy, ways, home, went, why)
    told = wanted.at >= since.timestamp()
    off = told & (why > 0)
    waits = went[off] - wanted.at[off]
    reasons = Counter(_WHYS[code] for code in why[off].tolist())
    return Replayed(
        asked=int(told.sum()),
        put_off=int(off.sum()),
        reasons=dict(reasons),
        too_late=int((off & (went >= wanted.expires)).sum()),
        hours=float(np.median(waits)) / 3600 if len(waits) else None,
    )


class _Full:
    """A cap: when each person's last messages that count in it went, the oldest of them first."""

    def __init__(self, cap: Cap, ways: Sequence[tuple[str, str]], people: int) -> None:
        self.most, self.seconds = cap.most, cap.days * _DAY
        self.counted = np.array([counts(cap, *way) for way in ways], bool)
        self.went = np.full((people, cap.most), -np.inf)
        self.place = np.zeros(people, np.int64)

    def free_at(self, who: Ints) -> Moments:
        free: Moments = self.went[who, self.place[who] % self.most] + self.seconds
        return free

    def take(self, who: Ints, at: Moments) -> None:
        self.went[who, self.place[who] % self.most] = at
        self.place[who] += 1


def _decided(
    wanted: Wanted, policy: Policy, ways: Sequence[tuple[str, str]], zones: Sequence[str]
) -> tuple[Moments, Ints]:
    """When each would have gone, and what kept it: a place in ``_WHYS``."""
    went, why = wanted.at.copy(), np.zeros(len(wanted.at), np.int64)
    if not len(went):
        return went, why
    _, who = np.unique(wanted.person, return_inverse=True)
    order = np.lexsort((wanted.at, who))
    first = np.r_[True, who[order][1:] != who[order][:-1]]
    begun = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    round_of = np.arange(len(order)) - begun
    rounds = int(round_of.max()) + 1
    caps = [_Full(cap, ways, int(who.max()) + 1) for cap in policy.caps if cap.most < rounds]
    dark = _dark(wanted, policy, zones)
    by_round = order[np.argsort(round_of, kind="stable")]
    for some in np.split(by_round, np.cumsum(np.bincount(round_of))[:-1]):
        _pass(some, wanted, who, caps, dark, went, why)
    return went, why


def _pass(
    some: Ints, wanted: Wanted, who: Ints, caps: Sequence[_Full],
    dark: Sequence[tuple[Moments, Moments]], went: Moments, why: Ints,
) -> None:  # fmt: skip
    """One message of each of some people."""
    for cap in caps:
        mine = some[cap.counted[wanted.way[some]]]
        free = cap.free_at(who[mine])
        late = free > went[mine]
        went[mine] = np.maximum(went[mine], free)
        why[mine[late]] = 1
    for place, (begins, ends) in enumerate(dark):
        mine = some[wanted.zone[some] == place]
        if not len(begins) or not len(mine):
            continue
        night = np.searchsorted(begins, went[mine], "right") - 1
        asleep = (night >= 0) & (went[mine] < ends[night])
        went[mine[asleep]] = ends[night[asleep]]
        tired = mine[asleep]
        why[tired[why[tired] == 0]] = 2
    left = some[went[some] < wanted.expires[some]]
    for cap in caps:
        mine = left[cap.counted[wanted.way[left]]]
        cap.take(who[mine], went[mine])


def _dark(wanted: Wanted, policy: Policy, zones: Sequence[str]) -> list[tuple[Moments, Moments]]:
    """The quiet times of each zone, from the first message to when the last would be free."""
    first = datetime.fromtimestamp(float(wanted.at.min()), UTC)
    last = datetime.fromtimestamp(float(wanted.at.max()), UTC) + timedelta(2 * LONGEST_WINDOW)
    found = []
    for name in zones:
        spans = nights(policy.quiet, ZoneInfo(name), first, last)
        found.append(
            (
                np.array([begin.timestamp() for begin, _ in spans], float),
                np.array([end.timestamp() for _, end in spans], float),
            )
        )
    return found


def _spend(
    wanted: Wanted, policy: Policy, ways: Sequence[tuple[str, str]], home: str,
    went: Moments, why: Ints,
) -> None:  # fmt: skip
    """Put off what the month has no budget for; it goes with the next month."""
    if (policy.month_most is None and policy.month_cost is None) or not len(went):
        return
    costs = np.array([policy.costs.get(channel, 0) for channel, _ in ways], np.int64)
    paid = np.flatnonzero(~wanted.ghost & (went < wanted.expires))
    paid = paid[np.argsort(went[paid], kind="stable")]
    ends = _months(went[paid], home)
    month = np.searchsorted(ends, went[paid], "right")
    for number in range(len(ends)):
        mine = paid[month == number]
        over = np.zeros(len(mine), bool)
        if policy.month_most is not None:
            over |= np.arange(1, len(mine) + 1) > policy.month_most
        if policy.month_cost is not None:
            over |= np.cumsum(costs[wanted.way[mine]]) > policy.month_cost
        late = mine[over]
        why[late[why[late] == 0]] = 3
        went[late] = ends[number]


def _months(went: Moments, home: str) -> Moments:
    """The ends of the months in which they went, in order."""
    if not len(went):
        return np.array([], float)
    last = datetime.fromtimestamp(float(went.max()), UTC)
    at = month_after(datetime.fromtimestamp(float(went.min()), UTC), ZoneInfo(home))
    found = [at]
    while found[-1] <= last:
        found.append(month_after(found[-1], ZoneInfo(home)))
    return np.array([one.timestamp() for one in found], float)
