"""A journey on a past that is made by hand: who enters, where each goes, what meets a cap."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.journeys.contracts import Document, Where
from joren.act.journeys.rules import salt, thresholds
from joren.act.journeys.rules.rehearsing import (
    Arrivals,
    Calendar,
    Happened,
    History,
    bound_by,
    entered,
    joined,
    near,
    over_cap,
    walk,
    worlds,
)
from joren.act.journeys.rules.rehearsing.walking import lots_of, seconds
from joren.act.journeys.rules.walking import lot_of
from joren.act.messages.contracts import Cap
from tests.act.journeys.cast import NOON, a_journey

DAY = 86_400
START = seconds(NOON)
NOTHING = History()
TOKYO = Calendar("Asia/Tokyo", date(2026, 11, 1), date(2026, 12, 31))
SEND: dict[str, Any] = {"id": "send", "do": "send", "template": 1, "then": "end"}


def some(*rows: tuple[int, float], **carried: list[Any]) -> Arrivals:
    """(customer, days after noon)."""
    customers = np.array([one for one, _ in rows], dtype=np.int64)
    at = np.array([START + int(day * DAY) for _, day in rows], dtype=np.int64)
    texts = {name: np.array(column, dtype=object) for name, column in carried.items()}
    return Arrivals(customers, at, texts)


def past(**named: Arrivals) -> History:
    return History({
        name.replace("_", " "): Happened(one.customer, one.at, one.carried)
        for name, one in named.items()
    })  # fmt: skip


def went(document: Document, entries: Arrivals, history: History = NOTHING) -> list[Any]:
    """Of each world (customer, node, days after noon) that was reached, in their order."""
    names = [node.id for node in document.nodes]
    found = []
    for world in worlds(document, history, frozenset(entries.carried))[0]:
        one = walk(
            document, entries, history, world=world, journey=1, until=START + 40 * DAY,
            calendar=TOKYO,
        )  # fmt: skip
        rows = zip(one.rows.tolist(), one.node.tolist(), one.at.tolist(), strict=True)
        found.append([
            (int(entries.customer[row]), names[node] if node >= 0 else node, (at - START) / DAY)
            for row, node, at in sorted(rows, key=lambda each: (each[0], each[2]))
        ])  # fmt: skip
    return found


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), max_size=30), st.integers(1, 20))
def test_nobody_enters_again_before_their_time(rows: list[tuple[int, int]], days: int) -> None:
    document = a_journey([SEND], reentry="after", reentry_days=days)
    last: dict[int, int] = {}
    wanted = []
    for customer, day in sorted(rows):
        if customer not in last or day - last[customer] >= days:
            last[customer] = day
            wanted.append((customer, day))

    found = entered(some(*rows), document)

    told = zip(found.customer.tolist(), (found.at - START) // DAY, strict=True)
    assert [(one, int(day)) for one, day in told] == wanted
    assert entered(some(*rows), a_journey([SEND])).customer.tolist() == sorted({*dict(rows)})


def test_each_goes_on_at_their_time_and_leaves_by_the_goal() -> None:
    document = a_journey(
        [
            {"id": "day", "do": "wait", "minutes": 1440, "then": "ten"},
            {"id": "ten", "do": "until", "at": "10:00", "weekdays": ["thu"], "then": "send"},
            SEND,
        ],
        goal=[{"kind": "event", "event": "Order Completed"}],
    )
    history = past(Order_Completed=some((1, 0), (2, 0), (2, 1.5)))

    ((one, two, three),) = [
        [[each for each in world if each[0] == who] for who in (1, 2, 3)]
        for world in went(document, some((1, 0), (2, 0), (3, 39.5)), history)
    ]

    # Noon on Monday; a day later Tuesday; then Thursday at ten.
    assert [node for _, node, _ in one] == ["day", "ten", "send", -1]
    assert one[2][2] == pytest.approx(2 + 22 / 24)
    assert two[-1][1:] == (-2, 1.5)  # ordered again: the goal, and no message
    assert three[-1][1:] == (-3, 40)  # still on the way


def test_what_nobody_can_know_is_a_range_and_what_is_known_is_none() -> None:
    document = a_journey([
        {"id": "wait", "do": "await", "minutes": 4320, "then": "send", "otherwise": "end",
         "of": [{"kind": "event", "event": "Order Completed", "same": ["order_number"]}]},
        SEND,
    ])  # fmt: skip
    entries = some((1, 0), (2, 0), order_number=["A", "B"])
    history = past(Order_Completed=some((1, 1), (2, 1), order_number=["A", "X"]))

    (known,) = went(document, entries, history)
    happened, not_happened = went(document, entries)

    assert [(who, node) for who, node, _ in known if node == "send"] == [(1, "send")]
    assert len([one for one in happened if one[1] == "send"]) == 2
    assert not [one for one in not_happened if one[1] == "send"]


def test_branches_ask_what_they_entered_by_and_lots_fall_as_on_the_way() -> None:
    big = {"when": {"kind": "event", "where": [
        {"property": "value", "op": "at_least", "values": [10_000]}]}, "then": "split"}  # fmt: skip
    document = a_journey([
        {"id": "big", "do": "branch", "ways": [big], "otherwise": "end"},
        {"id": "split", "do": "split", "arms": [{"name": "A", "share": 30, "then": "send"},
                                                {"name": "B", "share": 70, "then": "end"}]},
        SEND,
    ])  # fmt: skip
    numbers = list(range(1, 200))
    values = [str(one * 100) if one % 3 else None for one in numbers]

    (found,) = went(document, some(*((one, 0) for one in numbers), value=values))
    unknown = went(document, some(*((one, 0) for one in numbers)))

    salted = salt(1, "split")
    bound = thresholds(document.nodes[1])[0]  # type: ignore[arg-type]
    assert [who for who, node, _ in found if node == "send"] == [
        one for one in numbers if one % 3 and one >= 100 and lot_of(one, salted) < bound
    ]
    assert lots_of(np.array(numbers), salted).tolist() == [lot_of(one, salted) for one in numbers]
    assert len(unknown) == 2


def test_what_is_too_much_and_what_is_near() -> None:
    cap = Cap(2, 7)
    ours, theirs = some((1, 0), (1, 1), (1, 2), (2, 0), (3, 0)), some((2, -1), (2, -8), (9, 0))

    over = over_cap((ours.customer, ours.at), (theirs.customer, theirs.at), cap)
    close = near((ours.customer, ours.at), (theirs.customer, theirs.at), 2)

    assert over.tolist() == [False, False, True, False, False]
    assert close.tolist() == [False, False, False, True, False]
    assert not over_cap((theirs.customer, theirs.at), (ours.customer[:0], ours.at[:0]), cap).any()
    assert bound_by(cap, "email", "brand")
    assert not bound_by(cap, "email", "thanks")
    assert bound_by(Cap(1, 7, channel="email"), "email", "thanks")
    assert not bound_by(Cap(1, 7), "email", "transactional")


def test_properties_that_one_trigger_lacks_are_known_of_none() -> None:
    both = joined([some((1, 0), value=["5"]), some((2, 0))], ["value"])

    assert both.carried["value"].tolist() == ["5", None]
    assert both.fitting([Where("value", "known")]).customer.tolist() == [1]
    assert both.fitting([Where("value", "is_not", ("5",))]).customer.tolist() == [2]
    assert both.fitting([Where("value", "at_most", (5,))]).customer.tolist() == [1]
