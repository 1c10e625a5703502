"""The step of a refresh that counts of what each segment consists: few statements for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import ibis
import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.collect.customers.contracts import TRAITS
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import MEMBERS, Segment
from joren.decide.strategies.contracts import DIMENSIONS, Compositions, Described
from joren.decide.strategies.selectors.drifting import COMPOSITIONS
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ltv.services import Refresh
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse.sums import number_of

MOST_VALUES: Final = 30
"""Of a dimension: sources beyond the thirty largest are counted together."""
OTHER: Final = "…"

_TABLES: Final = ("people", "values", "ranks")
_documents = TypeAdapter(Compositions)


def describe_segments(refresh: Refresh) -> dict[str, Any]:
    """Count the members of each segment by decile, stage and source; returns the document."""
    kept = segments.segments()
    house, number = refresh.warehouse, refresh.snapshot_id
    members = refresh.holding.hold(house.snapshots.table(number, MEMBERS))
    known = refresh.holding.hold(_known(refresh, members, _asked_of(kept)))
    ask = house.engine.rows
    parts = {name: _by_segment(ask(_counted(known, f"by_{name}"))) for name in DIMENSIONS}
    sizes = {row["segment_id"]: row for row in ask(_unknown(known, _asked_of(kept)))}
    shared = _shared(ask(_pairs(members)))
    described = {}
    for one in kept:
        row = sizes.get(one.id, {})
        described[one.id] = Described(
            version=one.version,
            members=row.get("members", 0),
            parts={name: _largest(parts[name].get(one.id, {})) for name in DIMENSIONS},
            unknown={field: row.get(f"no_{field}", 0) for field in _asked_of([one])},
            shared=shared.get(one.id, {}),
        )
    return {COMPOSITIONS: _documents.dump_python(Compositions(described), mode="json")}


def _asked_of(kept: Iterable[Segment]) -> list[str]:
    """The fields that any rule rests on, of those that a table of the snapshot has."""
    return sorted(
        field
        for field in {field for one in kept for field in segments.asks_of(one)}
        if field in segments.FIELDS and segments.FIELDS[field].table in _TABLES
    )


def _known(refresh: Refresh, members: ir.Table, fields: Iterable[str]) -> ir.Table:
    """Each member beside what is counted of them."""
    house, number = refresh.warehouse, refresh.snapshot_id
    tables = {
        "people": house.snapshots.table(number, TRAITS),
        "values": house.snapshots.table(number, CUSTOMER_VALUES),
        "ranks": house.snapshots.table(number, CUSTOMER_RANKS),
    }
    wanted: dict[str, dict[str, ir.Value]] = {
        "people": {},
        "values": {"by_source": tables["values"].first_source},
        "ranks": {
            "by_decile": tables["ranks"].decile.cast("string"),
            "by_stage": tables["ranks"].stage,
        },
    }
    for field in fields:
        asked = segments.FIELDS[field]
        wanted[asked.table][f"no_{field}"] = tables[asked.table][asked.column].isnull()
    known = members.select("segment_id", "customer_id")
    for name, columns in wanted.items():
        own = tables[name].select(customer=tables[name].customer_id, **columns)
        known = known.left_join(own, known.customer_id == own.customer).drop("customer")
    # Whom a table does not have at all, of them it knows nothing.
    absent = {f"no_{field}": known[f"no_{field}"].fill_null(True) for field in fields}
    return known.mutate(**absent) if absent else known


def _counted(known: ir.Table, column: str) -> ir.Table:
    value = known[column].fill_null("")
    return known.group_by("segment_id", value=value).agg(n=ibis._.count())


def _unknown(known: ir.Table, fields: Iterable[str]) -> ir.Table:
    absent = {f"no_{field}": number_of(known[f"no_{field}"]) for field in fields}
    return known.group_by("segment_id").agg(members=known.count(), **absent)


def _pairs(members: ir.Table) -> ir.Table:
    other = members.select(other="segment_id", who="customer_id")
    both = members.join(other, members.customer_id == other.who)
    apart = both.filter(both.segment_id != both.other)
    return apart.group_by("segment_id", "other").agg(n=apart.count())


def _by_segment(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["segment_id"], {})[row["value"]] = row["n"]
    return found


def _shared(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row["segment_id"], {})[row["other"]] = row["n"]
    return found


def _largest(values: Mapping[str, int]) -> dict[str, int]:
    listed = sorted(values.items(), key=lambda one: (-one[1], one[0]))
    kept, rest = dict(listed[:MOST_VALUES]), sum(n for _, n in listed[MOST_VALUES:])
    return kept | ({OTHER: rest} if rest else {})
