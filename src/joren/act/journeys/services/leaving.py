"""Out of a journey from where somebody stands; what waits for them in the ledger is cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from joren.act.journeys import selectors
from joren.act.journeys.contracts import STEPS, Standing, Version
from joren.act.journeys.services.hands import log
from joren.act.messages import services as messages
from joren.plumbing.bulk import given

AWAY: Final = -1
"""The way of those who leave from where they stand."""


def leave(cursor: Any, version: Version, now: datetime, *, standing: Standing) -> None:
    """Those in hand, who are on that version, leave."""
    log(cursor, now)
    cursor.execute("SELECT id, customer_id FROM journeys_hand ORDER BY id")
    take_back(version.journey, cursor.fetchall())
    cursor.execute(
        "UPDATE journeys_enrolment AS e SET steps = h.step, due_at = NULL, standing = %s, "
        "muted = FALSE FROM journeys_hand AS h WHERE e.id = h.id",
        [standing],
    )


def take_back(journey: int, entries: Sequence[tuple[int, int]]) -> None:
    """Cancel what waits for these entries, of which the customer is given too, whichever version
    of the journey asked for it."""
    if entries and (errands := selectors.errands(journey)):
        customers = sorted({customer for _, customer in entries})
        theirs = [(entry * STEPS, (entry + 1) * STEPS) for entry, _ in entries]
        messages.cancel(errands, customers, reason="left", occurrences=theirs)


def take_all(cursor: Any, version: Version, limit: int) -> int:
    """Take some who are on the way on that version in hand, to leave."""
    cursor.execute("DELETE FROM journeys_hand")
    cursor.execute(
        f"""
        INSERT INTO journeys_hand (id, customer_id, step, way, lot, muted)
        SELECT id, customer_id, steps + 1, {AWAY}, lot, muted FROM journeys_enrolment
        WHERE version_id = %s AND due_at IS NOT NULL ORDER BY id LIMIT {limit:d}
        """,
        [version.id],
    )
    return int(cursor.rowcount)


def take(cursor: Any, entries: list[int]) -> None:
    """Take these entries in hand, to leave."""
    cursor.execute("DELETE FROM journeys_hand")
    asked, value = given(entries)
    cursor.execute(
        f"""
        INSERT INTO journeys_hand (id, customer_id, step, way, lot, muted)
        SELECT id, customer_id, steps + 1, {AWAY}, lot, muted FROM journeys_enrolment
        WHERE id IN ({asked})
        """,
        [value],
    )
