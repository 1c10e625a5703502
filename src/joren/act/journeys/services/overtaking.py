"""What happened in time wins over the time-out, also where both are seen in one later look."""

from __future__ import annotations

from django.db import connection

from joren.act.journeys import models
from joren.act.journeys.contracts import Await
from joren.act.journeys.services.hands import Sql, is_one_of
from joren.core.people import moved, numbers_known


def not_answered(node: Await) -> Sql:
    """The condition that nothing which the enrolment ``e`` waits for happened in time and is yet to
    be heard, under whichever number of theirs.

    For what was put aside nobody waits, and its condition, which may be what failed, is not asked.
    """
    if not models.Signal.objects.filter(fault="").exists():
        return "TRUE", []
    such, values = is_one_of(node.of, entered=True)
    such = f"CASE WHEN s.fault = '' AND s.at < e.due_at THEN {such} ELSE FALSE END"
    theirs = f"SELECT 1 FROM journeys_signal AS s WHERE s.customer_id = e.customer_id AND {such}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM ({moved()}) AS m)")
        (some_moved,) = cursor.fetchone()
    if not some_moved:
        return f"NOT EXISTS ({theirs})", values
    # From the few signals to entries, once for all: asked of each entry it goes through all moves.
    others = f"""
        WITH {numbers_known()}
        SELECT e.id FROM journeys_signal AS s
        JOIN known AS mine ON mine.customer_id = s.customer_id
        JOIN known AS other ON other.person_id = mine.person_id
        JOIN journeys_enrolment AS e ON e.customer_id = other.customer_id
        WHERE {such}
    """
    return f"NOT EXISTS ({theirs}) AND e.id NOT IN ({others})", [*values, *values]
