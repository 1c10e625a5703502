"""What is done at a node for those in hand. For those left out by lot, of the journey or of
everything, only messages are asked, so that both arms have the same record; they are given nothing
and nobody is told of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from joren.act.journeys import selectors
from joren.act.journeys.contracts import (
    REACHED,
    STEPS,
    Give,
    Node,
    Note,
    Send,
    Task,
    Tell,
    Version,
)
from joren.act.journeys.services.giving import GIVERS
from joren.act.journeys.services.hands import moment
from joren.act.journeys.services.persons import persons_in_hand
from joren.act.messages import services as messages
from joren.act.messages.contracts import Asked
from joren.plumbing import outbox

_TREATED: Final = "FROM journeys_hand AS h WHERE h.lot IS NULL AND NOT h.muted"
_PERSON: Final = "coalesce(h.person_id, h.customer_id)"
_TOLD: Final = 500
"""People of one announcement, whose body is bounded."""


def do(cursor: Any, version: Version, node: Node, now: datetime) -> None:
    """Do it, in the transaction in which they pass."""
    if isinstance(node, Send):
        _send(cursor, version, node, now)
    elif isinstance(node, Task):
        cursor.execute(
            "INSERT INTO journeys_duty "
            "(enrolment_id, step, journey_id, customer_id, title, owner, made_at, done_by) "
            f"SELECT h.id, h.step, {version.journey:d}, {_PERSON}, %s, %s, %s, '' {_TREATED}",
            [node.title, node.owner or version.document.owner, moment(now)],
        )
    elif isinstance(node, Note):
        # Somebody may stand here twice, on two ways of one journey: one row each is kept.
        cursor.execute(
            "INSERT INTO journeys_attribute (customer_id, name, value, journey_id, at) "
            f"SELECT DISTINCT {_PERSON}, %s, %s, {version.journey:d}, %s {_TREATED} "
            "ON CONFLICT (customer_id, name) DO UPDATE SET value = excluded.value, "
            "journey_id = excluded.journey_id, at = excluded.at",
            [node.attribute, node.value, moment(now)],
        )
    elif isinstance(node, Tell):
        _tell(cursor, version, node)
    elif isinstance(node, Give):
        to = f"SELECT {_PERSON}, h.id {_TREATED}"
        GIVERS[node.giver](version.journey, node.id, node.what, to)


def _send(cursor: Any, version: Version, node: Send, now: datetime) -> None:
    """Ask for it; what a customer is expected to bring says who goes first."""
    persons = persons_in_hand(cursor, "NOT muted")
    worth = selectors.worth_of([*persons])
    each = [(one, worth[person]) for person in worth for one in persons[person]]
    cursor.execute("DELETE FROM journeys_worth")
    cursor.executemany(
        "INSERT INTO journeys_worth (customer_id, worth) VALUES (%s, %s)", sorted(each)
    )
    asked = Asked(
        f"SELECT h.customer_id, h.id * {STEPS} + h.step AS occurrence, %s AS wanted_at, "
        "%s AS expires_at, coalesce(w.worth, 0) AS worth, h.lot FROM journeys_hand AS h "
        "LEFT JOIN journeys_worth AS w ON w.customer_id = h.customer_id WHERE NOT h.muted",
        [moment(now), moment(now + timedelta(hours=node.expires_hours))],
    )
    messages.ask(version.errands[node.id], asked)


def _tell(cursor: Any, version: Version, node: Tell) -> None:
    cursor.execute(f"SELECT {_PERSON} {_TREATED} ORDER BY h.id")
    customers = [customer for (customer,) in cursor.fetchall()]
    for start in range(0, len(customers), _TOLD):
        some = customers[start : start + _TOLD]
        outbox.put(REACHED, journey=version.journey, node=node.id, customers=some)
