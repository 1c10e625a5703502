"""Who those in hand are by now, and whom a global holdout leaves out of everything.

The number that somebody entered by stays on the entry, for the ledger and the lot know it; what is
asked about them and done for them is of the person whom they turned out to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from joren.act.journeys.contracts import Node, Until, Version
from joren.act.journeys.rules import arrives
from joren.act.journeys.services.hands import moment
from joren.act.messages import selectors as messages
from joren.core import clock
from joren.core.people import moved, numbers_known
from joren.decide.holdouts import selectors as holdouts


def as_they_are_now(cursor: Any) -> None:
    """Write down of each in hand the person whom they were found to be."""
    cursor.execute(
        f"UPDATE journeys_hand AS h SET person_id = m.person_id FROM ({moved()}) AS m "
        "WHERE m.customer_id = h.customer_id"
    )


def persons_in_hand(cursor: Any, where: str = "TRUE") -> dict[int, list[int]]:
    """The customers in hand, by the person whom each is now."""
    cursor.execute(
        "SELECT DISTINCT customer_id, coalesce(person_id, customer_id) FROM journeys_hand "
        f"WHERE {where}"
    )
    found: dict[int, list[int]] = {}
    for customer, person in cursor.fetchall():
        found.setdefault(person, []).append(customer)
    return found


def by_their_clock(
    cursor: Any, persons: Mapping[int, Sequence[int]], nodes: Mapping[int, Node], now: datetime
) -> bool:
    """Write down until when each waits whose own clock a node goes by, by the way that leads to it;
    whether there is anybody. The customers are given by the person whom each is now."""
    theirs = {
        way: node
        for way, node in nodes.items()
        if isinstance(node, Until) and node.clock == "theirs"
    }
    if not theirs or not persons:
        return False
    zones = messages.zones_of([*persons])
    until = {
        (way, zone): moment(arrives(node, now, zone))
        for way, node in theirs.items()
        for zone in {*zones.values()}
    }
    rows = [
        (customer, way, until[way, zone])
        for person, zone in zones.items()
        for customer in persons[person]
        for way in theirs
    ]
    cursor.execute("DELETE FROM journeys_clock")
    cursor.executemany(
        "INSERT INTO journeys_clock (customer_id, way, due_at) VALUES (%s, %s, %s)", rows
    )
    return bool(rows)


def leave_out(cursor: Any, now: datetime, zone: str) -> None:
    """Those whom a global holdout leaves out on this day are ghosts in hand, also where they
    entered before they were drawn for it. Their entry stays as it is: when the cohort ends, what
    comes then is theirs again, as for the gate."""
    cursor.execute(
        f"""
        UPDATE journeys_hand AS h SET lot = g.lot
        FROM ({holdouts.globally_left_out(clock.shop_day(now, zone))}) AS g
        WHERE g.customer_id = coalesce(h.person_id, h.customer_id) AND h.lot IS NULL
        """
    )


def left_out_among_arms(cursor: Any, now: datetime, zone: str) -> None:
    """The same for those who enter, and for the whole of their entry."""
    cursor.execute(
        f"""
        UPDATE journeys_arm AS a SET lot = g.lot
        FROM ({holdouts.globally_left_out(clock.shop_day(now, zone))}) AS g
        WHERE g.customer_id = a.customer_id
        """
    )


def second_entries(cursor: Any, version: Version) -> list[int]:
    """Entries in hand of whom somebody else's older one turned out to be the same person's, where
    the rule of re-entry would not have let them in beside it."""
    if version.document.reentry == "always":
        return []
    # Of "never" also one that came to its end; of "after" one that is on the way.
    beside = "TRUE" if version.document.reentry == "never" else "e.due_at IS NOT NULL"
    cursor.execute(
        f"""
        WITH {numbers_known()}
        SELECT DISTINCT h.id FROM journeys_hand AS h
        JOIN known AS mine ON mine.customer_id = h.customer_id
        JOIN known AS other ON other.person_id = mine.person_id
            AND other.customer_id <> mine.customer_id
        JOIN journeys_enrolment AS e ON e.customer_id = other.customer_id
        WHERE e.journey_id = {version.journey:d} AND e.id < h.id AND {beside}
        """
    )
    return [entry for (entry,) in cursor.fetchall()]
