"""What one transaction has in its hands: a chunk of enrolments, and the signals that are acted on.

Temporary tables of the connection, so that a chunk is a few statements and no row of it is brought
here. Their columns are the same on both databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from joren.act.journeys.contracts import Event, Moves, Occasion, Where
from joren.act.journeys.rules.walking import move_name

Sql = tuple[str, list[Any]]

_TABLES: Final = {
    "journeys_hand": "id bigint PRIMARY KEY, customer_id bigint, step bigint, way bigint, "
    "lot bigint, muted boolean, person_id bigint",
    "journeys_said": "id bigint PRIMARY KEY, name text, customer_id bigint, at {moment}, "
    "properties {json}",
    "journeys_member": "segment_id bigint, customer_id bigint",
    "journeys_word": "customer_id bigint, name text, value text",
    "journeys_clock": "customer_id bigint, way bigint, due_at {moment}",
    "journeys_moved": "id bigint PRIMARY KEY",
    "journeys_arm": "customer_id bigint PRIMARY KEY, lot bigint",
    "journeys_circle": "customer_id bigint, other_id bigint, PRIMARY KEY (customer_id, other_id)",
    "journeys_worth": "customer_id bigint PRIMARY KEY, worth bigint",
}
_KINDS: Final = {
    "sqlite": {"moment": "text", "json": "text"},
    "postgresql": {"moment": "timestamp with time zone", "json": "jsonb"},
}


def empty_hands(cursor: Any) -> None:
    """Make the tables, or empty those that are there."""
    for name, columns in _TABLES.items():
        shaped = columns.format(**_KINDS[connection.vendor])
        if connection.vendor == "postgresql":
            cursor.execute("SELECT to_regclass(%s)", [f"pg_temp.{name}"])
            there = cursor.fetchone()[0] is not None
        else:
            cursor.execute("SELECT 1 FROM sqlite_temp_master WHERE name = %s", [name])
            there = cursor.fetchone() is not None
        if there:
            cursor.execute(f"DELETE FROM {name}")
        else:
            cursor.execute(f"CREATE TEMP TABLE {name} ({shaped})")


def moment(value: datetime | None) -> Any:
    """As a parameter of a statement."""
    return connection.ops.adapt_datetimefield_value(value)


def locked(of: str) -> str:
    """What a statement ends with that takes rows for itself and passes over those of others."""
    if connection.vendor == "postgresql":
        return f" FOR UPDATE OF {of} SKIP LOCKED"
    return ""  # SQLite's one writer holds them all


def waited_for(of: str) -> str:
    """The same, but it waits for the rows of others."""
    return f" FOR UPDATE OF {of}" if connection.vendor == "postgresql" else ""


def log(cursor: Any, now: datetime) -> None:
    """A row for each of those in hand, which nobody can write twice, and their number."""
    cursor.execute(
        "INSERT INTO journeys_passage (enrolment_id, step, version_id, node, way, at) "
        "SELECT h.id, h.step, e.version_id, e.node, h.way, %s "
        "FROM journeys_hand AS h JOIN journeys_enrolment AS e ON e.id = h.id",
        [moment(now)],
    )
    cursor.execute(
        "INSERT INTO journeys_tally (version_id, node, way, held_out, number) "
        "SELECT e.version_id, e.node, h.way, h.lot IS NOT NULL, count(*) "
        "FROM journeys_hand AS h JOIN journeys_enrolment AS e ON e.id = h.id GROUP BY 1, 2, 3, 4"
    )


def fits(column: str, wheres: Sequence[Where]) -> Sql:
    """The condition that the properties in that column are such."""
    parts: list[str] = ["TRUE"]
    values: list[Any] = []
    for one in wheres:
        text = f"CAST({column} ->> '{one.property}' AS text)"
        if one.op == "known":
            parts.append(f"({text} IS NOT NULL)")
        elif one.op in ("at_least", "at_most"):
            sign = ">=" if one.op == "at_least" else "<="
            number = f"CAST({column} ->> '{one.property}' AS bigint)"
            parts.append(f"coalesce({number} {sign} %s, FALSE)")
            values.append(int(one.values[0]))
        else:
            marks = ", ".join(["%s"] * len(one.values))
            there = f"coalesce({text} IN ({marks}), FALSE)"
            parts.append(there if one.op == "is" else f"(NOT {there})")
            values.extend(str(value) for value in one.values)
    return " AND ".join(parts), values


def is_one_of(occasions: Iterable[Occasion], *, entered: bool) -> Sql:
    """The condition that the signal ``s`` is one of the occasions.

    ``entered``: for the enrolment ``e``, after whose beginning it must be.
    """
    parts: list[str] = []
    values: list[Any] = []
    for one in occasions:
        if isinstance(one, Moves):
            parts.append("s.name = %s")
            values.append(move_name(one.segment, entered=one.move == "enters"))
        elif isinstance(one, Event):
            condition, more = fits("s.properties", one.where)
            for name in one.same if entered else ():
                condition += (
                    f" AND CAST(s.properties ->> '{name}' AS text)"
                    f" = CAST(e.cause ->> '{name}' AS text)"
                )
            parts.append(f"(s.name = %s AND {condition})")
            values.extend([one.event, *more])
    condition = f"({' OR '.join(parts)})" if parts else "FALSE"
    return (f"s.at >= e.began_at AND {condition}" if entered else condition), values
