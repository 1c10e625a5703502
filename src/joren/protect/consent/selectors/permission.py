"""Of many: who may be written to on a channel for a purpose, and why not. One statement each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
from django.db import connection

from joren.core.people import moved, people
from joren.protect.consent import models
from joren.protect.consent.contracts import BASES, EVERY, STATES, TRANSACTIONAL, Matter, State
from joren.protect.consent.selectors.ledger import choices

_AT_ONCE: Final = 50_000

# In the words of ``rules.standing``, to which a test holds it. ``moved`` are those who turned out
# to be somebody else.
_MOVED: Final = "moved(customer_id, person_id) AS ({moved})"
_FROM: Final = "CASE WHEN e.at > e.recorded_at THEN e.recorded_at ELSE e.at END"
_WHAT: Final = f"""
    max(CASE WHEN e.act = 'granted' THEN {_FROM} END) AS granted_at,
    max(CASE WHEN e.act = 'withdrawn' THEN {_FROM} END) AS refused_at,
    max(CASE WHEN e.act = 'relied' AND e.basis IN ({{relied}}) THEN 1 ELSE 0 END) AS relied,
    max(CASE WHEN e.act = 'requested' THEN 1 ELSE 0 END) AS requested
"""
_NOT_UNDONE: Final = "NOT EXISTS (SELECT 1 FROM consent_entry AS u WHERE u.undoes = e.id)"
_WHERE: Final = f"""
    e.channel IN (%s, '{{every}}') AND e.purpose IN (%s, '{{every}}') AND {_NOT_UNDONE}
"""
_STATE: Final = """
    WHEN said.granted_at IS NOT NULL AND
        (said.refused_at IS NULL OR said.granted_at > said.refused_at) THEN 'granted'
    WHEN said.refused_at IS NOT NULL THEN 'refused'
    WHEN said.relied = 1 THEN 'relied'
    WHEN said.requested = 1 THEN 'pending'
    ELSE 'unasked'
"""
# ``circle`` is everybody whose entries count for those who are asked about.
_STANDING: Final = f"""
    wanted(customer_id, channel, purpose) AS ({{wanted}}), {_MOVED},
    persons(customer_id, channel, purpose, person_id) AS (
        SELECT w.customer_id, w.channel, w.purpose, coalesce(moved.person_id, w.customer_id)
        FROM wanted AS w LEFT JOIN moved ON moved.customer_id = w.customer_id
    ),
    circle(customer_id, person_id) AS (
        SELECT person_id, person_id FROM persons
        UNION
        SELECT moved.customer_id, moved.person_id FROM moved
        WHERE moved.person_id IN (SELECT person_id FROM persons)
    ),
    standing(customer_id, channel, purpose, person_id, state) AS (
        SELECT said.customer_id, said.channel, said.purpose, said.person_id,
            CASE WHEN c.customer_id IS NULL THEN 'gone' {_STATE} END
        FROM (
            SELECT p.customer_id, p.channel, p.purpose, p.person_id, {_WHAT}
            FROM persons AS p JOIN circle ON circle.person_id = p.person_id
            LEFT JOIN consent_entry AS e ON e.customer_id = circle.customer_id
                AND e.channel IN (p.channel, '{{every}}') AND e.purpose IN (p.purpose, '{{every}}')
                AND {_NOT_UNDONE}
            GROUP BY p.customer_id, p.channel, p.purpose, p.person_id
        ) AS said
        LEFT JOIN ({{everybody}}) AS c ON c.customer_id = said.person_id
    )
"""
_OF_SOME: Final = f"WITH RECURSIVE {_STANDING} SELECT customer_id, state FROM standing"
_OF_ALL: Final = f"""
    WITH RECURSIVE {_MOVED},
    said AS (
        SELECT coalesce(moved.person_id, e.customer_id) AS person_id, {_WHAT}
        FROM consent_entry AS e LEFT JOIN moved ON moved.customer_id = e.customer_id
        WHERE {_WHERE} GROUP BY 1
    ),
    standing(person_id, state) AS (SELECT said.person_id, CASE {_STATE} END FROM said)
"""
_COUNTED: Final = f"{_OF_ALL} SELECT state, count(*) FROM standing GROUP BY state"
_WILLING: Final = f"{_OF_ALL} SELECT person_id FROM standing WHERE state IN ('granted', 'relied')"


def may_be_written_to(customers: Iterable[int], *, channel: str, purpose: str) -> pa.Table:
    """(customer_id, may, why) of each, in the order of their numbers.

    ``why`` is the state: granted or relied, else refused, pending, unasked, or gone. What is
    transactional may be written to everybody who is there, whatever they refused.
    """
    matter, wanted = Matter(channel, purpose), sorted(set(customers))
    rows = _rows(_OF_SOME, matter, wanted)
    states = dict.fromkeys(STATES, False) | {"granted": True, "relied": True}
    if purpose == TRANSACTIONAL:
        states = {state: state != "gone" for state in states}
    parts = []
    for some in rows:
        numbers, why = zip(*some, strict=True)
        parts.append(
            pa.table(
                {
                    "customer_id": pa.array(numbers, pa.int64()),
                    "may": pa.array([states[state] for state in why], pa.bool_()),
                    "why": pa.array(why, pa.string()),
                }
            )
        )
    schema = pa.schema([("customer_id", pa.int64()), ("may", pa.bool_()), ("why", pa.string())])
    return pa.concat_tables([schema.empty_table(), *parts]).sort_by("customer_id")


def counts(*matters: Matter) -> dict[Matter, dict[State, int]]:
    """How many of all people stand how, in each matter."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.n FROM ({people().many}) AS c")
        (everybody,) = cursor.fetchone()
    return {matter: _counts(matter, everybody) for matter in matters}


def _counts(matter: Matter, everybody: int) -> dict[State, int]:
    found = {state: n for some in _rows(_COUNTED, matter) for state, n in some}
    said = sum(n for state, n in found.items() if state != "unasked")
    found["unasked"] = max(0, everybody - said)
    return {state: int(found.get(state, 0)) for state in STATES if state != "gone"}


def agreed_matters() -> set[tuple[str, str]]:
    """The channels and purposes to which anybody ever agreed, or on which the shop relied."""
    said = models.Entry.objects.order_by().filter(act__in=("granted", "relied"))
    return {*said.values_list("channel", "purpose").distinct()}


def willing(channel: str, purpose: str) -> pa.Array:
    """Of all people, the numbers of those who may be written to; for columns of a million."""
    rows = _rows(_WILLING, Matter(channel, purpose))
    return pa.array([number for some in rows for (number,) in some], pa.int64())


def _rows(query: str, matter: Matter, customers: Sequence[int] = ()) -> Iterator[list[Any]]:
    sqlite = connection.vendor == "sqlite"
    values: list[Any] = [matter.channel, matter.purpose]
    wanted = ""
    if query is _OF_SOME:
        numbers = "json_each(%s) AS given" if sqlite else "unnest(%s::bigint[]) AS given(value)"
        text = "CAST(%s AS text)"  # PostgreSQL asks what kind a value is
        wanted = f"SELECT given.value, {text}, {text} FROM {numbers}"
        values.append(json.dumps(list(customers)) if sqlite else list(customers))
    statement = _filled(query, wanted)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while some := cursor.fetchmany(_AT_ONCE):
            yield some


def standing_sql(wanted: str) -> str:
    """Statements to stand behind WITH RECURSIVE, for a room that asks in the midst of its own.

    ``wanted`` is SQL of (customer_id, channel, purpose), none twice. It gives ``standing`` of them
    (customer_id, channel, purpose, person_id, state), where the person is whom the customer turned
    out to be, and ``circle`` (customer_id, person_id): under which numbers each was known.
    """
    return _filled(_STANDING, wanted)


def _filled(query: str, wanted: str) -> str:
    known = people()
    # Names of our own: which exceptions count is the shop's choice among them.
    relies_on = choices().relies_on
    relied = ", ".join(f"'{one}'" for one in BASES if one in relies_on) or "''"
    return query.format(
        wanted=wanted,
        moved=moved(),
        everybody=known.everybody,
        relied=relied,
        every=EVERY,
    )
