"""One node, one chunk: whoever is due goes on, in a few statements of one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from joren.act.journeys import selectors
from joren.act.journeys.contracts import (
    AT_ONCE,
    PAUSES,
    Await,
    Belongs,
    Branch,
    Entered,
    Give,
    Kept,
    Node,
    Note,
    Send,
    Split,
    Task,
    Tell,
    Version,
)
from joren.act.journeys.rules import arrives, salt, targets, thresholds
from joren.act.journeys.rules.walking import lot_sql
from joren.act.journeys.services.doing import do
from joren.act.journeys.services.hands import Sql, empty_hands, fits, locked, log, moment
from joren.act.journeys.services.leaving import leave, take
from joren.act.journeys.services.overtaking import not_answered
from joren.act.journeys.services.persons import (
    as_they_are_now,
    by_their_clock,
    leave_out,
    persons_in_hand,
    second_entries,
)
from joren.core.errors import JorenError
from joren.plumbing.bulk import given

_PAIRS: Final = 200
_log = logging.getLogger(__name__)


def walk(versions: Sequence[Version], now: datetime, zone: str) -> int:
    """Let all go on who are due, until nobody is; returns how many steps that was."""
    passed = 0
    while due := due_nodes(versions, now):
        before = passed
        for version, node in due:
            passed += _all_at(version, node, now, zone)
        if passed == before:
            break  # what is left is in another worker's hands
    return passed


def _all_at(version: Version, node: int, now: datetime, zone: str) -> int:
    passed = 0
    try:
        while found := step(version, node, now, zone):
            passed += found
            if found < AT_ONCE:
                break
    except JorenError as refused:  # they stand where they are; other nodes go on
        _log.error("journey %s, node %s: %s", version.journey, node, refused.message)
    except Exception:  # a fault of ours at one node, which may stop no other journey
        _log.exception("journey %s, node %s", version.journey, node)
    return passed


def due_nodes(versions: Sequence[Version], now: datetime) -> list[tuple[Version, int]]:
    """The nodes at which somebody is due. Each is one look into the index."""
    pairs = iter([(one, place) for one in versions for place in range(len(one.document.nodes))])
    found = []
    while some := list(islice(pairs, _PAIRS)):
        asked = " UNION ALL ".join(
            f"SELECT {place} AS place WHERE EXISTS (SELECT 1 FROM journeys_enrolment WHERE "
            f"version_id = {one.id:d} AND node = {node:d} AND due_at <= %s)"
            for place, (one, node) in enumerate(some)
        )
        with connection.cursor() as cursor:
            cursor.execute(asked, [moment(now)] * len(some))
            found += [some[place] for (place,) in sorted(cursor.fetchall())]
    return found


@transaction.atomic
def step(version: Version, place: int, now: datetime, zone: str) -> int:
    """Let a chunk of those who are due at a node pass it; returns how many."""
    if not _runs(version.journey):
        return 0
    node = version.document.nodes[place]
    with connection.cursor() as cursor:
        empty_hands(cursor)
        way, values = _way(version, node)
        free, more = not_answered(node) if isinstance(node, Await) else ("TRUE", [])
        cursor.execute(
            f"""
            INSERT INTO journeys_hand (id, customer_id, step, way, lot, muted)
            SELECT e.id, e.customer_id, e.steps + 1, {way}, e.lot, e.muted
            FROM journeys_enrolment AS e
            WHERE e.version_id = %s AND e.node = %s AND e.due_at <= %s AND {free}
            ORDER BY e.due_at, e.id LIMIT {AT_ONCE} {locked("e")}
            """,
            [*values, version.id, place, moment(now), *more],
        )
        found = int(cursor.rowcount)
        if not found:
            return 0
        as_they_are_now(cursor)
        second = _put_aside(cursor, version, node)
        if isinstance(node, Branch):
            _choose(cursor, node)
        if isinstance(node, (Task, Note, Tell, Give)):  # of messages the gate asks it
            leave_out(cursor, now, zone)
        do(cursor, version, node, now)
        move_on(cursor, version, place, now, zone)
        if second:
            take(cursor, second)
            leave(cursor, version, now, standing="left")
    return found


def _put_aside(cursor: Any, version: Version, node: Node) -> list[int]:
    """Whoever is to get something a second time, for they were found to be one person with
    somebody who is on the way, is in hand no more."""
    if not isinstance(node, (Send, Task, Note, Tell, Give)):
        return []
    second = second_entries(cursor, version)
    if second:
        asked, value = given(second)
        cursor.execute(f"DELETE FROM journeys_hand WHERE id IN ({asked})", [value])
    return second


def _runs(journey: int) -> bool:
    """Whether it runs still, and does to the end of this transaction: whoever pauses it waits for
    this chunk and takes back what it asked for, or this chunk sees the pause."""
    with connection.cursor() as cursor:
        share = " FOR SHARE" if connection.vendor == "postgresql" else ""
        cursor.execute(f"SELECT state FROM journeys_journey WHERE id = %s{share}", [journey])
        return bool(cursor.fetchone() == ("running",))


def move_on(cursor: Any, version: Version, place: int, now: datetime, zone: str) -> None:
    """Write down that those in hand passed the node, and put them where their way leads."""
    log(cursor, now)
    document = version.document
    node, due, muted, standing = [], [], [], []
    values: dict[str, list[Any]] = {"due": []}
    for way, target in enumerate(targets(document.nodes[place])):
        there = document.number_of(target)
        if there is None:
            node.append(f"WHEN {way} THEN {place}")
            due.append(f"WHEN {way} THEN NULL")
            standing.append(f"WHEN {way} THEN 'done'")
            continue
        node.append(f"WHEN {way} THEN {there}")
        due.append(f"WHEN {way} THEN %s")
        values["due"].append(moment(arrives(document.nodes[there], now, zone)))
        if isinstance(document.nodes[there], PAUSES):
            muted.append(f"WHEN {way} THEN FALSE")
    until = f"CASE h.way {' '.join(due)} END" if values["due"] else "NULL"
    cursor.execute(
        f"""
        UPDATE journeys_enrolment AS e SET
            steps = h.step,
            node = CASE h.way {" ".join(node)} END,
            due_at = {until},
            answered_at = NULL,
            standing = {_case(standing, "'active'")},
            muted = {_case(muted, "h.muted")}
        FROM journeys_hand AS h WHERE e.id = h.id
        """,
        values["due"],
    )
    if by_their_clock(
        cursor, persons_in_hand(cursor),
        {
            way: document.nodes[there]
            for way, target in enumerate(targets(document.nodes[place]))
            if (there := document.number_of(target)) is not None
        },
        now,
    ):  # fmt: skip
        cursor.execute(
            "UPDATE journeys_enrolment AS e SET due_at = c.due_at FROM journeys_hand AS h "
            "JOIN journeys_clock AS c ON c.customer_id = h.customer_id AND c.way = h.way "
            "WHERE e.id = h.id"
        )


def _case(whens: Sequence[str], otherwise: str) -> str:
    return f"CASE h.way {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise


def _way(version: Version, node: Node) -> Sql:
    """The number of the way, where it can be said at once."""
    if isinstance(node, Await):
        # In time it was taken by what they waited for, unless that was during a pause.
        return "CASE WHEN e.answered_at IS NULL THEN 1 ELSE 0 END", []
    if isinstance(node, Split):
        lot = lot_sql("e.customer_id", salt(version.journey, node.id))
        whens = " ".join(
            f"WHEN w.lot < {bound} THEN {arm}" for arm, bound in enumerate(thresholds(node))
        )
        return f"(SELECT CASE {whens} END FROM (SELECT {lot} AS lot) AS w)", []
    return "0", []


def _choose(cursor: Any, node: Branch) -> None:
    """Send each of those in hand the first way that fits."""
    wanted = [way.when.segment for way in node.ways if isinstance(way.when, Belongs)]
    if wanted:
        persons = persons_in_hand(cursor)
        for segment in sorted(set(wanted)):
            there = selectors.belonging(segment, [*persons])
            asked, value = given([one for person in there for one in persons[person]])
            cursor.execute(
                "INSERT INTO journeys_member (segment_id, customer_id) "
                f"WITH g(customer_id) AS ({asked}) SELECT {segment:d}, customer_id FROM g",
                [value],
            )
    _recall(cursor, {way.when.attribute for way in node.ways if isinstance(way.when, Kept)})
    whens, values = [], []
    for place, way in enumerate(node.ways):
        condition, more = _so(way.when)
        whens.append(f"WHEN {condition} THEN {place}")
        values.extend(more)
    cursor.execute(
        f"UPDATE journeys_hand AS h SET way = CASE {' '.join(whens)} ELSE {len(node.ways)} END "
        "FROM journeys_enrolment AS e WHERE e.id = h.id",
        values,
    )


def _recall(cursor: Any, names: set[str]) -> None:
    """Bring the words of those names that are kept about those in hand."""
    if not names:
        return
    persons = persons_in_hand(cursor)
    rows = [
        (customer, name, value)
        for person, words in selectors.words_of([*persons], names).items()
        for name, value in words.items()
        for customer in persons[person]
    ]
    cursor.executemany(
        "INSERT INTO journeys_word (customer_id, name, value) VALUES (%s, %s, %s)", rows
    )


def _so(when: Belongs | Entered | Kept) -> Sql:
    """The condition that it is so of the enrolment ``e``."""
    if isinstance(when, Belongs):
        return (
            "EXISTS (SELECT 1 FROM journeys_member AS m WHERE m.segment_id = "
            f"{when.segment:d} AND m.customer_id = e.customer_id)"
        ), []
    if isinstance(when, Entered):
        return fits("e.cause", when.where)
    marks = ", ".join(["%s"] * len(when.values))
    among = f" AND w.value {'NOT IN' if when.op == 'is_not' else 'IN'} ({marks})" if marks else ""
    there = (
        "EXISTS (SELECT 1 FROM journeys_word AS w WHERE w.customer_id = e.customer_id "
        f"AND w.name = %s{among})"
    )
    return f"NOT {there}" if when.op == "unknown" else there, [when.attribute, *when.values]
