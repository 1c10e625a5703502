"""Into a journey: whoever fits a trigger, each with an arm that is drawn by lot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import ORDER, Event, Every, Moves, OnDate, Version
from joren.act.journeys.rules import arrives, names_of
from joren.act.journeys.rules.walking import clock_name
from joren.act.journeys.services.hands import Sql, is_one_of, moment
from joren.act.journeys.services.persons import by_their_clock, left_out_among_arms
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts import services as lots
from joren.plumbing.bulk import given


def enter(cursor: Any, version: Version, names: Iterable[str], now: datetime, zone: str) -> int:
    """Enrol whom the signals that are said start on the version; returns how many."""
    if not {*names} & heard_by(version):
        return 0
    fits, values = _starts(version, now)
    free, more = _may_enter(version, now)
    cursor.execute(
        f"SELECT s.customer_id FROM journeys_said AS s WHERE ({fits}) AND {free}", [*values, *more]
    )
    customers = [customer for (customer,) in cursor.fetchall()]
    if not customers:
        return 0
    _draw(cursor, version, customers, now, zone)
    first = version.document.nodes[version.document.number_of(version.document.start) or 0]
    cursor.execute(
        f"""
        INSERT INTO journeys_enrolment (
            journey_id, version_id, customer_id, occurrence, node, standing, due_at, lot, muted,
            steps, began_at, entered_at, cause
        )
        SELECT {version.journey:d}, {version.id:d}, s.customer_id, 1 + coalesce((
            SELECT max(e.occurrence) FROM journeys_enrolment AS e
            WHERE e.journey_id = {version.journey:d} AND e.customer_id = s.customer_id
        ), 0), {version.document.number_of(first.id):d}, 'active', %s, a.lot, FALSE, 0, s.at, %s,
            s.properties
        FROM journeys_said AS s JOIN journeys_arm AS a ON a.customer_id = s.customer_id
        """,
        [moment(arrives(first, now, zone)), moment(now)],
    )
    if by_their_clock(cursor, {one: [one] for one in customers}, {0: first}, now):
        cursor.execute(
            "UPDATE journeys_enrolment AS e SET due_at = c.due_at FROM journeys_clock AS c "
            f"WHERE e.customer_id = c.customer_id AND e.version_id = {version.id:d} "
            "AND e.steps = 0 AND e.entered_at = %s AND e.due_at IS NOT NULL",
            [moment(now)],
        )
    return len(customers)


def heard_by(version: Version) -> set[str]:
    """The names of the signals that start a version."""
    return names_of(version.document.triggers) | {*_by_clock(version)}


def _by_clock(version: Version) -> list[str]:
    """The names of its triggers by the clock, and of the same ones of versions before: whom those
    told of, and who were not yet read when this one was published, enter by it."""
    timed = [one for one in version.document.triggers if isinstance(one, OnDate | Every)]
    every = selectors.versions(version.journey) if timed else []
    return [
        clock_name(one.id, place)
        for one in every
        for place, trigger in enumerate(one.document.triggers)
        if trigger in timed
    ]


def _starts(version: Version, now: datetime) -> Sql:
    document = version.document
    heard = [one for one in document.triggers if isinstance(one, Event | Moves)]
    orders = [one for one in heard if isinstance(one, Event) and one.event == ORDER]
    condition, values = is_one_of([one for one in heard if one not in orders], entered=False)
    if orders:
        fits, more = is_one_of(orders, entered=False)
        condition += f" OR ({fits} AND s.at >= %s)"
        values += [*more, moment(now - timedelta(days=document.order_days))]
    if names := _by_clock(version):
        condition += f" OR s.name IN ({', '.join(['%s'] * len(names))})"
        values += names
    return condition, values


def _may_enter(version: Version, now: datetime) -> Sql:
    """By the rule of re-entry. Who is on the way enters again only where that is always so."""
    document = version.document
    if document.reentry == "always":
        return "TRUE", []
    if document.reentry == "never":
        return _not_before(version, "TRUE"), []
    since = moment(now - timedelta(days=document.reentry_days))
    free = _not_before(version, "(e.due_at IS NOT NULL OR e.entered_at > %s)")
    return free, [since, since]


def _not_before(version: Version, such: str) -> str:
    """No such entry of theirs, also under no other number that turned out to be theirs. Asked in
    two, so that both go by the index."""
    ours = f"e.journey_id = {version.journey:d} AND {such}"
    return (
        f"NOT EXISTS (SELECT 1 FROM journeys_enrolment AS e "
        f"WHERE e.customer_id = s.customer_id AND {ours}) "
        f"AND NOT EXISTS (SELECT 1 FROM journeys_circle AS c JOIN journeys_enrolment AS e "
        f"ON e.customer_id = c.other_id WHERE c.customer_id = s.customer_id AND {ours})"
    )


def _draw(cursor: Any, version: Version, customers: list[int], now: datetime, zone: str) -> None:
    """The arm of each, in the transaction in which they enter: null is treated. Whom a global
    holdout leaves out walks as its ghost, and is in neither arm of the journey's own."""
    asked, value = given(customers)
    cursor.execute("DELETE FROM journeys_arm")
    cursor.execute(f"INSERT INTO journeys_arm (customer_id) {asked}", [value])
    left_out_among_arms(cursor, now, zone)
    number = models.Journey.objects.values_list("holdout", flat=True).get(pk=version.journey)
    if number is None or (holdout := holdouts.holdout(number)).closed_at is not None:
        return  # whoever ended the holdout wants all to be treated
    cursor.execute("SELECT customer_id FROM journeys_arm WHERE lot IS NULL ORDER BY 1")
    arms = lots.assign(number, [customer for (customer,) in cursor.fetchall()])
    held = arms.filter(arms["held_out"])["customer_id"].to_pylist()
    asked, value = given(held)
    cursor.execute(
        f"UPDATE journeys_arm SET lot = {holdout.lot:d} WHERE customer_id IN ({asked})",
        [value],
    )
