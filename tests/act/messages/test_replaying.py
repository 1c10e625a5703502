"""What a policy would have made of past messages: the same as one message after the other."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.act.messages.contracts import Cap, Policy, Quiet
from joren.act.messages.rules.nights import awake
from joren.act.messages.rules.policies import counts
from joren.act.messages.rules.replaying import Wanted, replayed

BEGIN = datetime(2026, 10, 20, tzinfo=UTC)
WAYS = (("email", "brand"), ("email", "thanks"), ("line", "incentive"))
ZONES = ("Asia/Tokyo", "America/New_York")
HOUR = 3600.0

_rows = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(0, 40 * 24), st.integers(0, 2), st.integers(1, 200),
        st.booleans(),
    ),
    max_size=30,
)  # fmt: skip
_caps = st.lists(
    st.builds(
        Cap, st.integers(1, 3), st.integers(1, 31), st.sampled_from(["", "email", "line"]),
        st.sampled_from(["", "brand", "thanks"]),
    ),
    max_size=3,
)  # fmt: skip
_quiets = st.sampled_from([None, Quiet(time(21), time(8)), Quiet(time(1), time(5))])


def _wanted(rows: list[tuple[Any, ...]]) -> Wanted:
    at = np.array([BEGIN.timestamp() + hour * HOUR for _, hour, *_ in rows], float)
    return Wanted(
        person=np.array([who for who, *_ in rows], np.int64),
        at=at,
        expires=at + np.array([life * HOUR for *_, life, _ in rows], float),
        way=np.array([way for _, _, way, _, _ in rows], np.int64),
        zone=np.array([who % 2 for who, *_ in rows], np.int64),
        ghost=np.array([ghost for *_, ghost in rows], bool),
    )


def _one_by_one(rows: list[tuple[Any, ...]], policy: Policy) -> tuple[int, dict[str, int], int]:
    went: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    reasons: dict[str, int] = defaultdict(int)
    late = 0
    for who, hour, way, life, _ in sorted(rows, key=lambda row: row[1]):
        at = BEGIN + timedelta(hours=hour)
        goes, why = at, ""
        for cap in policy.caps:
            mine = [one for one, theirs in went[who] if counts(cap, *WAYS[theirs])]
            if counts(cap, *WAYS[way]) and len(mine) >= cap.most:
                goes = max(goes, mine[-cap.most] + timedelta(cap.days))
        why = "cap" if goes > at else ""
        rested = awake(policy.quiet, ZoneInfo(ZONES[who % 2]), goes)
        why = why or ("quiet_hours" if rested > goes else "")
        if why:
            reasons[why] += 1
        if rested < at + timedelta(hours=life):
            went[who].append((rested, way))
        elif why:
            late += 1
    return sum(reasons.values()), dict(reasons), late


@settings(max_examples=60)
@given(_rows, _caps, _quiets)
def test_all_at_once_is_one_after_the_other(
    rows: list[tuple[Any, ...]], caps: list[Cap], quiet: Quiet | None
) -> None:
    rows = list({(row[0], row[1]): row for row in rows}.values())  # one at a time to each
    policy = Policy(tuple(caps), quiet)

    found = replayed(_wanted(rows), policy, ways=WAYS, zones=ZONES, home="Asia/Tokyo", since=BEGIN)

    assert (found.put_off, found.reasons, found.too_late) == _one_by_one(rows, policy)
    assert found.asked == len(rows)


def test_a_month_s_budget_is_spent_in_order_and_by_nobody_who_is_left_out() -> None:
    rows = [(who, who, 0, 2000, who == 2) for who in range(1, 6)]
    endless = Policy((), None)

    by_number = replayed(
        _wanted(rows), Policy((), None, month_most=2),
        ways=WAYS, zones=ZONES, home="Asia/Tokyo", since=BEGIN,
    )  # fmt: skip
    by_money = replayed(
        _wanted(rows), Policy((), None, month_cost=9, costs={"email": 3}),
        ways=WAYS, zones=ZONES, home="Asia/Tokyo", since=BEGIN,
    )  # fmt: skip
    without = replayed(
        _wanted(rows), endless, ways=WAYS, zones=ZONES, home="Asia/Tokyo", since=BEGIN
    )

    assert by_number.reasons == {"budget": 2}  # 1 and 3 went, 2 is a ghost
    assert by_money.reasons == {"budget": 1}
    assert (without.put_off, without.hours) == (0, None)


def test_what_came_before_fills_the_caps_and_is_not_counted() -> None:
    rows = [(1, 0, 0, 2000, False), (1, 24 * 3, 0, 2000, False)]

    found = replayed(
        _wanted(rows), Policy((Cap(1, 7),), None), ways=WAYS, zones=ZONES, home="Asia/Tokyo",
        since=BEGIN + timedelta(1),
    )  # fmt: skip

    assert (found.asked, found.put_off, found.hours) == (1, 1, 96.0)
