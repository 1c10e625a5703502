"""What happened to people, acted on in the order in which it happened to each of them.

A layer is the first signal of each person who has any; within it everybody stands for themselves,
so that a layer is as many statements as there are nodes that listen; what happened once moves each
entry once. First whoever reached the
goal leaves, then whoever waited for it goes on, then whoever enters does.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection, transaction

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import AT_ONCE, Await, Ticked, Version
from joren.act.journeys.rules import names_of
from joren.act.journeys.rules.walking import move_name
from joren.act.journeys.services.entering import enter
from joren.act.journeys.services.hands import Sql, empty_hands, is_one_of, waited_for
from joren.act.journeys.services.leaving import AWAY, leave, take_back
from joren.act.journeys.services.stepping import move_on
from joren.core import clock
from joren.core.errors import JorenError
from joren.core.people import moved, numbers_known
from joren.plumbing.bulk import given

MOVE: Final = "segment:"
_READER: Final = "signals"
_LONGEST_FAULT: Final = 200
_log = logging.getLogger(__name__)
_WHOSE: Final = """(
            SELECT id, customer_id FROM journeys_said UNION ALL
            SELECT s.id, c.other_id FROM journeys_said AS s
            JOIN journeys_circle AS c ON c.customer_id = s.customer_id
        ) AS who
        JOIN journeys_enrolment AS e ON e.customer_id = who.customer_id
        JOIN journeys_said AS s ON s.id = who.id"""
"""Every entry of those of whom something is said, under whichever number of theirs."""


def listen(now: datetime, zone: str) -> Ticked:
    """Act on one layer of signals; nothing is done where another worker does it.

    Where joren fails at one of them it is looked for by halves, and stands aside with the reason:
    the others go on.
    """
    many = AT_ONCE
    while True:
        first = [0]
        try:
            return _listen(now, zone, many, first)
        except (OperationalError, InterfaceError, JorenError):
            raise  # nothing is wrong with any of them: they wait until that is put right
        except Exception as fault:
            if not first[0]:
                raise
            if many > 1:
                many //= 2
                continue
            _log.exception("signal %s is put aside", first[0])
            models.Signal.objects.filter(pk=first[0]).update(fault=said_of(fault))
            many = AT_ONCE


def said_of(fault: Exception) -> str:
    """What is kept of a failure: no values, which may be somebody's."""
    return type(fault).__name__[:_LONGEST_FAULT]


@transaction.atomic
def _listen(now: datetime, zone: str, many: int, first: list[int]) -> Ticked:
    if not models.Signal.objects.filter(fault="").exists():
        return Ticked()
    models.Mark.objects.get_or_create(name=_READER, defaults={"at": clock.now()})
    mine = models.Mark.objects.select_for_update(skip_locked=True).filter(name=_READER).first()
    if mine is None:
        return Ticked()
    with connection.cursor() as cursor:
        empty_hands(cursor)
        said = _take_layer(cursor, many)
        if not said:
            return Ticked()
        cursor.execute("SELECT min(id) FROM journeys_said")
        (first[0],) = cursor.fetchone()
        _draw_circles(cursor)
        _doubt_moves(cursor)
        cursor.execute("SELECT DISTINCT name FROM journeys_said")
        names = {name for (name,) in cursor.fetchall()}
        done = Ticked(signals=said) + _act(cursor, names, now, zone)
        cursor.execute("DELETE FROM journeys_signal WHERE id IN (SELECT id FROM journeys_said)")
    return done


def _take_layer(cursor: Any, many: int) -> int:
    """The first signal of each person, as who they are now; returns how many. Most often nobody of
    whom something is said has moved, and then nobody is looked up."""
    cursor.execute(
        f"SELECT EXISTS (SELECT 1 FROM ({moved()}) AS m "
        "JOIN journeys_signal AS s ON s.customer_id = m.customer_id)"
    )
    (some_moved,) = cursor.fetchone()
    every = "SELECT id, customer_id AS person_id FROM journeys_signal WHERE fault = ''"
    if some_moved:
        every = (
            "SELECT s.id, coalesce(m.person_id, s.customer_id) AS person_id FROM journeys_signal "
            f"AS s LEFT JOIN ({moved()}) AS m ON m.customer_id = s.customer_id WHERE s.fault = ''"
        )
    cursor.execute(
        f"""
        INSERT INTO journeys_said (id, name, customer_id, at, properties)
        SELECT s.id, s.name, layer.person_id, s.at, s.properties
        FROM (
            SELECT min(id) AS id, person_id FROM ({every}) AS every
            GROUP BY person_id ORDER BY 1 LIMIT {many:d}
        ) AS layer
        JOIN journeys_signal AS s ON s.id = layer.id
        """
    )
    return int(cursor.rowcount)


def _draw_circles(cursor: Any) -> None:
    """Under which other numbers those of whom something is said were ever known. What is said is
    of the person whom they are now; entries may be of any number of theirs."""
    cursor.execute(
        f"""
        INSERT INTO journeys_circle (customer_id, other_id)
        WITH {numbers_known()}
        SELECT DISTINCT s.customer_id, other.customer_id
        FROM journeys_said AS s JOIN known ON known.customer_id = s.customer_id
        JOIN known AS other ON other.person_id = known.person_id
        WHERE other.customer_id <> s.customer_id
        """
    )


def _doubt_moves(cursor: Any) -> None:
    """A number that was found to be somebody else's leaves its segments by that alone: such a move
    is one of the person only where they stand so themselves, and else it is nothing."""
    cursor.execute(
        "SELECT s.id, s.name, s.customer_id FROM journeys_said AS s "
        "JOIN journeys_signal AS told ON told.id = s.id "
        f"WHERE told.customer_id <> s.customer_id AND s.name LIKE '{MOVE}%%'"
    )
    by_move: dict[str, dict[int, int]] = {}
    for number, name, person in cursor.fetchall():
        by_move.setdefault(name, {})[person] = number
    for name, persons in by_move.items():
        segment = int(name.split(":")[1])
        there = {*selectors.belonging(segment, [*persons])}
        entered = name == move_name(segment, entered=True)
        untrue = [number for one, number in persons.items() if (one in there) != entered]
        if untrue:
            asked, value = given(untrue)
            cursor.execute(f"UPDATE journeys_said SET name = '' WHERE id IN ({asked})", [value])


def _act(cursor: Any, names: set[str], now: datetime, zone: str) -> Ticked:
    done = Ticked()
    live = selectors.versions_in(["running", "paused"])
    for version, _ in live:
        if names & names_of(version.document.goal):
            condition = is_one_of(version.document.goal, entered=True)
            done += Ticked(left=_reached(cursor, version, condition, now))
    running = selectors.versions_in(["running"])
    going = {version.id for version, _ in running}
    for version, _ in live:
        for place, node in enumerate(version.document.nodes):
            if not isinstance(node, Await) or not names & names_of(node.of):
                continue
            condition = is_one_of(node.of, entered=True)
            if version.id not in going:
                _remember(cursor, version, condition, place)
            elif found := _take(cursor, version, condition, 0, place=place):
                cursor.execute("INSERT INTO journeys_moved SELECT id FROM journeys_hand")
                move_on(cursor, version, place, now, zone)
                done += Ticked(passed=found)
    for version, newest in running:
        if newest:
            done += Ticked(entered=enter(cursor, version, names, now, zone))
    return done


def _take(
    cursor: Any, version: Version, condition: Sql, way: int, *, place: int | None = None
) -> int:
    """Take those in hand of whom the signal is so. It waits for those whom another worker has."""
    where, values = condition
    at = "" if place is None else f"AND e.node = {place:d}"
    cursor.execute("DELETE FROM journeys_hand")
    cursor.execute(
        f"""
        INSERT INTO journeys_hand (id, customer_id, step, way, lot, muted)
        SELECT e.id, e.customer_id, e.steps + 1, {way:d}, e.lot, e.muted
        FROM {_WHOSE}
        WHERE e.version_id = %s AND e.due_at IS NOT NULL {at} AND {where}
            AND e.id NOT IN (SELECT id FROM journeys_moved) {waited_for("e")}
        """,
        [version.id, *values],
    )
    return int(cursor.rowcount)


def _remember(cursor: Any, version: Version, condition: Sql, place: int) -> None:
    """Whoever waits on a journey that is paused stands still; what they waited for is theirs when
    it goes on."""
    where, values = condition
    cursor.execute(
        f"""
        UPDATE journeys_enrolment AS waits SET answered_at = found.at FROM (
            SELECT e.id, s.at FROM {_WHOSE}
            WHERE e.version_id = %s AND e.due_at IS NOT NULL AND e.node = {place:d} AND {where}
        ) AS found
        WHERE waits.id = found.id AND (waits.answered_at IS NULL OR waits.answered_at > found.at)
        """,
        [version.id, *values],
    )


def _reached(cursor: Any, version: Version, condition: Sql, now: datetime) -> int:
    found = _take(cursor, version, condition, AWAY)
    if found:
        leave(cursor, version, now, standing="goal")
    take_back(version.journey, _through(cursor, version, condition))
    return found


def _through(cursor: Any, version: Version, condition: Sql) -> list[tuple[int, int]]:
    """Entries at their end of whom the signal is so, with their customers: what they were sent
    last may have been put off."""
    where, values = condition
    cursor.execute(
        f"SELECT DISTINCT e.id, e.customer_id FROM {_WHOSE} "
        f"WHERE e.version_id = %s AND e.standing = 'done' AND {where}",
        [version.id, *values],
    )
    return [(entry, customer) for entry, customer in cursor.fetchall()]
