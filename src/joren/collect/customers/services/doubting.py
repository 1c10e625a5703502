"""Finds people who may be one. It joins nobody: what it finds waits for a person.

All of it in columns: 1 M customers are a few seconds. It may be repeated: what waits stays as it
is, what holds no more goes, and of whom somebody said that they are two it never asks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pyarrow as pa

from joren.collect.customers import models, rules, selectors
from joren.collect.customers.services.comparing import Comparing
from joren.core import clock
from joren.plumbing.bulk import columns_of, insert_missing, update_rows
from joren.warehouse import Warehouse
from joren.warehouse.engines.duckdb import DuckDBHolding

_AT_ONCE: Final = 10_000


def look_for_doubles(warehouse: Warehouse) -> int:
    """``find_doubles``, while no import is under way."""
    with warehouse.journal.counting():
        return find_doubles(warehouse)


def find_doubles(warehouse: Warehouse) -> int:
    """Bring the pairs that wait up to date; returns how many are new. The caller counts."""
    with finding_doubles(warehouse) as found:
        return found()


@contextmanager
def finding_doubles(warehouse: Warehouse) -> Iterator[Callable[[], int]]:
    """``find_doubles`` in two parts: what costs most of it goes on beside, until it is called."""
    with ExitStack() as until_then:
        holding = until_then.enter_context(warehouse.embedded.session())
        comparing = Comparing(holding)

        def found() -> int:
            with until_then:  # what was held for it is not held any longer
                return _found(holding, comparing)

        yield found


def _found(holding: DuckDBHolding, comparing: Comparing) -> int:
    pairs = _pairs(holding, comparing)
    apart = sorted(selectors.kept_apart())
    parted = _taken(holding, [("one", [a for a, _ in apart]), ("other", [b for _, b in apart])])
    names = ["id", "one_id", "other_id", "evidence", "score"]
    parts = list(columns_of(models.Double, names))
    waiting = holding.take(pa.concat_tables([_NONE_WAITS, *parts])).get_name()
    raw = holding.engine.raw
    wanted = f"SELECT * FROM {pairs} ANTI JOIN {parted} USING (one, other)"
    both = (
        f"SELECT w.id, p.one AS one_id, p.other AS other_id, p.evidence, p.score, "
        f"w.evidence AS before, w.score AS score_before FROM ({wanted}) AS p "
        f"LEFT JOIN {waiting} AS w ON w.one_id = p.one AND w.other_id = p.other"
    )
    new = raw.sql(
        f"SELECT one_id, other_id, evidence, score FROM ({both}) WHERE id IS NULL "
        "ORDER BY one_id, other_id"
    ).to_arrow_table()
    changed = raw.sql(
        f"SELECT id, evidence, score FROM ({both}) "
        "WHERE evidence <> before OR score <> score_before"
    ).to_arrow_table()
    gone = raw.sql(
        f"SELECT id FROM {waiting} WHERE id NOT IN (SELECT id FROM ({both}) WHERE id IS NOT NULL)"
    ).to_arrow_table()
    _keep(new, changed, gone["id"].to_pylist())
    return len(new)


def _keep(new: pa.Table, changed: pa.Table, gone: Sequence[int]) -> None:
    now = pa.array([clock.now()] * len(new), pa.timestamp("us", "UTC"))
    insert_missing(models.Double, new.append_column("found_at", now))
    update_rows(models.Double, changed, key="id")
    for start in range(0, len(gone), _AT_ONCE):
        part = gone[start : start + _AT_ONCE]
        # Of those who are one now it waits on, for the day on which that is undone.
        there = models.Double.objects.filter(pk__in=part)
        there.filter(one__merged_into=None, other__merged_into=None).delete()


_NONE_WAITS: Final = pa.Table.from_batches(  # ``empty_table()`` would load pandas
    [],
    pa.schema([(name, pa.int64()) for name in ("id", "one_id", "other_id", "evidence", "score")]),
)


def _pairs(holding: DuckDBHolding, comparing: Comparing) -> str:
    """(one, other, evidence, score) of all who have something in common."""
    people, contacts = comparing.tables()
    traces = holding.hold_sql(
        "SELECT DISTINCT id, bit, block FROM ("
        f"SELECT id, 1 AS bit, email_alike AS block FROM {contacts} UNION ALL "
        f"SELECT id, 2, hash(said, birthday) FROM {people} "
        "WHERE said IS NOT NULL AND birthday IS NOT NULL UNION ALL "
        f"SELECT id, 4, hash(said, postal) FROM {people} "
        "WHERE said IS NOT NULL AND postal IS NOT NULL UNION ALL "
        f"SELECT id, 8, phone FROM {contacts} UNION ALL "
        f"SELECT id, 32, hash(family, postal) FROM {people} "
        "WHERE family IS NOT NULL AND postal IS NOT NULL) WHERE block IS NOT NULL"
    )
    rare = holding.hold_sql(
        f"SELECT bit, block FROM {traces} GROUP BY bit, block "
        f"HAVING count(*) BETWEEN 2 AND {rules.MOST_ALIKE}"
    )
    few = holding.hold_sql(f"SELECT t.* FROM {traces} AS t SEMI JOIN {rare} USING (bit, block)")
    found = (
        f"SELECT a.id AS one, b.id AS other, bit_or(a.bit) AS bits FROM {few} AS a "
        f"JOIN {few} AS b ON a.bit = b.bit AND a.block = b.block AND a.id < b.id GROUP BY ALL"
    )
    two_names = "a.said IS NOT NULL AND b.said IS NOT NULL AND a.said <> b.said"
    spoken = holding.hold_sql(
        "SELECT one, other, "
        f"(bits & 7) + CASE WHEN bits & 8 = 0 THEN 0 WHEN {two_names} THEN 16 ELSE 8 END "
        f"+ CASE WHEN bits & 32 > 0 AND {two_names} THEN 32 ELSE 0 END AS evidence, "
        "coalesce(a.birthday <> b.birthday, false) AS other_birthday "
        f"FROM ({found}) JOIN {people} AS a ON a.id = one JOIN {people} AS b ON b.id = other"
    )
    against = " * ".join(
        f"(1 - CASE WHEN evidence & {bit} > 0 THEN {rules.POINTS[name]} ELSE 0 END / 100)"
        for name, bit in rules.BITS.items()
    )
    return holding.hold_sql(
        "SELECT one, other, evidence::BIGINT AS evidence, greatest(1, round(100 * (1 - "
        f"{against})) - CASE WHEN other_birthday THEN {rules.OTHER_BIRTHDAY} ELSE 0 END)::BIGINT "
        f"AS score FROM {spoken} WHERE evidence > 0"
    )


def _taken(holding: DuckDBHolding, columns: Sequence[tuple[str, Sequence[int]]]) -> str:
    table = pa.table({name: pa.array(values, pa.int64()) for name, values in columns})
    name: Any = holding.take(table).get_name()
    return str(name)
