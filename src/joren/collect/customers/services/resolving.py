"""From the ways in which rows describe people to people, prepared as files and not yet kept.

All of it in columns: an order file of a large shop describes millions of people at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import F

from joren.collect.customers import models, rules, selectors
from joren.collect.customers.services.coming import known_now, known_otherwise, let_come
from joren.collect.customers.services.placeholders import named_by_contact
from joren.core import clock
from joren.plumbing.bulk import rows_with
from joren.warehouse import DuckDB
from joren.warehouse.engines.duckdb import DuckDBHolding
from joren.warehouse.journal import Turn

_OPTIONAL: Final = {
    "user_id": "VARCHAR",
    "line_id": "VARCHAR",
    **dict.fromkeys(("city", "street", "building"), "VARCHAR"),
    "addressed_at": "TIMESTAMPTZ",
}
FILLED = ("name", "name_kana", "email", "phone", "postal_code", "prefecture")


@dataclass(frozen=True)
class Resolved:
    """``identity_of`` has (sighting_id, identity_id, customer_id); who is null is nobody known.
    ``waiting`` are sightings of people of whom nothing may be written yet."""

    identity_of: ir.Table
    new_customers: int
    merges: int
    waiting: Sequence[int] = ()


def resolve_people(
    holding: DuckDBHolding,
    sightings: ir.Table,
    folder: Path,
    *,
    extra: Sequence[str] = (),
    turn: Turn | None = None,
    coming: Path | None = None,
) -> Resolved:
    """Find or make the person of each of the sightings, which are held already.

    Who works for minutes says how a ``turn`` is taken: what live events write meanwhile is looked
    at again. Who works beside such a one says where the keys of those ``coming`` are.

    What is to be kept is written into ``folder``. A column ``user_id``, where there is one, holds
    numbers that are the store's, and other than its customer numbers; one of ``line_id`` holds ids
    of LINE; one of ``addressed_at`` says when an address was given, which is today without it.
    """
    seen = _seen(holding, sightings)
    keys = _keys(holding, named_by_contact(holding, seen, folder))
    laid = _laid(holding, keys)
    if turn is None:
        return _resolved(holding, seen, keys, laid, folder, extra, coming)
    with turn():
        since = known_now()
    found = _resolved(holding, seen, keys, laid, folder, extra, None)
    with turn():
        if known_otherwise(folder, since):
            found = _resolved(holding, seen, keys, laid, folder, extra, None)
        let_come(folder)
    return found


def _resolved(
    holding: DuckDBHolding,
    seen: str,
    keys: str,
    laid: str,
    folder: Path,
    extra: Sequence[str],
    coming: Path | None,
) -> Resolved:
    """By what is known now."""
    known = _known(holding, laid)
    index, places = _index(holding, keys, laid, known)
    people, fresh, parted = _people(holding, index)
    whose = holding.hold_sql(
        "SELECT sighting_id, identity_id, customer_id, winner, fresh "
        f"FROM {places} JOIN {index} USING (number) JOIN {people} USING (number) WHERE place = 1"
    )
    if parted:  # a row that joins two says what it says of the one who stays
        whose = holding.hold_sql(
            "SELECT sighting_id, identity_id, min(p.customer_id) AS customer_id, w.winner, "
            f"arg_min(p.fresh, p.customer_id) AS fresh FROM {whose} AS w JOIN {places} "
            f"USING (sighting_id) JOIN {people} AS p ON p.number = {places}.number "
            "AND p.winner = w.winner GROUP BY sighting_id, identity_id, w.winner"
        )
    _write_people(holding, seen, whose, (*FILLED, *extra), folder)
    _write_identities(holding, index, people, known, folder)
    _write_addresses(holding, seen, whose, folder)
    merges = _write_merges(holding, people, folder)
    found = holding.hold_sql(
        "SELECT sighting_id, identity_id, winner AS customer_id "
        f"FROM {seen} LEFT JOIN {whose} USING (sighting_id)"
    )
    identity_of = holding.engine.ibis.table(found, database=("temp", "main"))
    waiting = () if coming is None else _waiting(holding, index, people, whose, coming)
    return Resolved(identity_of, fresh, merges, waiting)


def _waiting(
    holding: DuckDBHolding, index: str, people: str, whose: str, coming: Path
) -> Sequence[int]:
    """Sightings of those whom somebody else is making just now, and of two who would be one."""
    new = f"SELECT key FROM read_parquet('{coming}') WHERE new"
    rows = holding.engine.raw.sql(
        f"SELECT sighting_id FROM {whose} WHERE winner IN (SELECT winner FROM {people} "
        f"JOIN {index} USING (number) WHERE merged IS NOT NULL OR key IN ({new}))"
    ).to_arrow_table()
    found: list[int] = rows["sighting_id"].to_pylist()
    return found


def take_ids(kind: str, count: int) -> int:
    """The first of ``count`` ids that nobody else gets."""
    with transaction.atomic():
        models.NextId.objects.get_or_create(kind=kind, defaults={"next": 1})
        models.NextId.objects.filter(kind=kind).update(next=F("next") + count)
        after = models.NextId.objects.values_list("next", flat=True).get(kind=kind)
    return after - count


def _seen(holding: DuckDBHolding, sightings: ir.Table) -> str:
    """The sightings with ``said``: the name as names are compared, "" where none is given."""
    raw = holding.engine.raw
    given: str = sightings.get_name()
    names = raw.sql(f"SELECT DISTINCT name FROM {given} WHERE name IS NOT NULL").to_arrow_table()
    said = [rules.searchable_column(names["name"])]
    spoken = holding.take(pa.table([names["name"], *said], ["name", "said"])).get_name()
    absent = "".join(
        f", NULL::{kind} AS {name}"
        for name, kind in _OPTIONAL.items()
        if name not in sightings.columns
    )
    texts = [c for c, t in sightings.schema().items() if t.is_string() and c != "name"]
    # PostgreSQL keeps no character 0 in a text.
    cleaned = ", ".join(f"{_whole(c)} AS {c}" for c in texts)
    return holding.hold_sql(
        f"SELECT g.* EXCLUDE (name) REPLACE ({cleaned}), {_whole('name')} AS name, "
        f"coalesce({_whole('said')}, '') AS said{absent} "
        f"FROM {given} AS g LEFT JOIN {spoken} USING (name)"
    )


def _whole(column: str) -> str:
    return (
        f"CASE WHEN contains({column}, chr(0)) THEN replace({column}, chr(0), '') ELSE {column} END"
    )


# A phone is shared in families: it names somebody together with a name, and alone only where
# nothing else does. What stands on one row is one person, so each key depends on its row alone.
_KEYS: Final = (
    "list_filter([CASE WHEN customer_number <> '' "
    "THEN 'n:' || store_id || ':' || customer_number END, "
    "CASE WHEN user_id <> '' THEN 'u:' || store_id || ':' || user_id END, "
    "CASE WHEN line_id <> '' THEN 'l:' || line_id END, "
    "CASE WHEN naming_email <> '' THEN 'e:' || naming_email END, "
    "CASE WHEN naming_phone <> '' AND said <> '' THEN 'p:' || naming_phone || '|' || said "
    "WHEN naming_phone <> '' AND coalesce(customer_number, '') || coalesce(user_id, '') "
    "|| coalesce(line_id, '') || naming_email = '' THEN 'p:' || naming_phone END], "
    "lambda key: key IS NOT NULL)"
)


def _keys(holding: DuckDBHolding, named: str) -> str:
    """(sighting_id, store_id, place, said): up to five keys of each sighting, the strongest first,
    as they were said.
    """
    return holding.hold_sql(
        "SELECT sighting_id, store_id, unnest(range(1, len(keys) + 1)) AS place, "
        "unnest(keys) AS said "
        f"FROM (SELECT sighting_id, store_id, {_KEYS} AS keys FROM ({named}))"
    )


def _laid(holding: DuckDBHolding, keys: str) -> str:
    """(key, said, first_seen, store_id): each key once, in their order, hashed as it lies in the
    database; ``said`` is what was hashed."""
    plain = holding.hold_sql(
        "SELECT said, min(sighting_id) AS first_seen, arg_min(store_id, sighting_id) AS store_id "
        f"FROM {keys} GROUP BY said"
    )
    said = holding.engine.raw.sql(f"SELECT said FROM {plain}").to_arrow_table()["said"]
    said = said.combine_chunks()
    hidden = pc.invert(pc.starts_with(said, "n"))
    hashed = selectors.vault().hidden_keys(said.filter(hidden))
    keyed = pa.table({"key": pc.replace_with_mask(said, hidden, hashed)})
    named = holding.take(keyed).get_name()
    # Both lie in one order, so that no text is looked up for its hash.
    return holding.hold_sql(
        f"SELECT key, said, first_seen, store_id FROM {named} POSITIONAL JOIN {plain} ORDER BY key"
    )


def _known(holding: DuckDBHolding, laid: str) -> str:
    """(key, identity_id, customer_id, last_seen_on) of the keys that are kept already."""
    wanted = pa.array([], pa.string())
    if models.Identity.objects.exists():
        asked = holding.engine.raw.sql(f"SELECT key FROM {laid}")
        wanted = asked.to_arrow_table()["key"].combine_chunks()
    found = rows_with(models.Identity, "key", wanted, ["key", "id", "customer_id", "last_seen_on"])
    found = found.rename_columns(["key", "identity_id", "customer_id", "last_seen_on"])
    name: str = holding.take(found).get_name()
    return name


def _index(holding: DuckDBHolding, keys: str, laid: str, known: str) -> tuple[str, str]:
    """Each key with its number, its identity (new ones in their order) and its group; and
    (sighting_id, place, number).

    The rows of a table are numbered as they were laid down, which is cheaper than to count them.
    """
    unnumbered = holding.hold_sql(
        "SELECT n.*, identity_id AS known_as, customer_id AS owner "
        f"FROM (SELECT *, rowid AS number FROM {laid}) AS n LEFT JOIN {known} USING (key)"
    )
    places = holding.hold_sql(
        f"SELECT sighting_id, place, number FROM {keys} JOIN {unnumbered} USING (said)"
    )
    numbered = holding.take(_numbered(holding.engine.raw, places, unnumbered)).get_name()
    index = holding.hold_sql(
        f"SELECT u.*, person, part, identity_id FROM {unnumbered} AS u "
        f"JOIN {numbered} USING (number)"
    )
    return index, places


def _numbered(raw: Any, places: str, unnumbered: str) -> pa.Table:
    """(number, person, part, identity_id): keys on one row are one person, and so are keys of one
    customer; a key that is not kept yet gets the next identity. Whom a later row joins were parts
    until then."""
    # The strongest key of a sighting links first: where people are kept apart, that decides.
    links = raw.execute(
        "SELECT one, other FROM ("
        "SELECT min(number) OVER (PARTITION BY owner) AS one, number AS other, "
        f"-1 AS sighting, 0 AS place FROM {unnumbered} WHERE owner IS NOT NULL "
        f"UNION ALL SELECT k.number, l.number, k.sighting_id, l.place FROM {places} AS k "
        f"JOIN {places} AS l ON k.sighting_id = l.sighting_id AND k.place = 1 AND l.place > 1"
        ") ORDER BY sighting, place, one, other"
    ).fetchnumpy()
    told = raw.sql(f"SELECT owner, known_as FROM {unnumbered} ORDER BY number").to_arrow_table()
    owner = pc.fill_null(told["owner"], rules.NOBODY).to_numpy()
    person = rules.groups_apart(
        np.asarray(links["one"], np.int64),
        np.asarray(links["other"], np.int64),
        np.asarray(owner, np.int64),
        selectors.kept_apart(),
    )
    part = _parts(raw, places, unnumbered, person, np.asarray(owner, np.int64))
    new = told["known_as"].is_null().to_numpy()
    first = take_ids("identity", int(new.sum()))
    known_as = pc.fill_null(told["known_as"], 0).to_numpy()
    identity = np.where(new, first - 1 + np.cumsum(new), known_as)
    numbers = {"number": np.arange(owner.size), "person": person, "part": part}
    return pa.table({**numbers, "identity_id": identity})


def _parts(
    raw: Any, places: str, unnumbered: str, person: rules.Ints, owner: rules.Ints
) -> rules.Ints:
    """As who each key came: most often as the person whose it is."""
    joining = (
        f"SELECT sighting_id FROM {places} JOIN {unnumbered} USING (number) "
        "WHERE owner IS NOT NULL OR first_seen < sighting_id GROUP BY sighting_id "
        "HAVING min(coalesce(-owner, first_seen)) <> max(coalesce(-owner, first_seen)) "
        "AND max(coalesce(-owner, first_seen)) >= 0"
    )
    keys = raw.execute(
        f"SELECT DISTINCT number FROM {places} WHERE sighting_id IN ({joining})"
    ).fetchnumpy()["number"]
    if not keys.size:
        return person
    contested = np.isin(person, person[keys])
    told = raw.execute(f"SELECT sighting_id, number FROM {places} ORDER BY ALL").fetchnumpy()
    ours = contested[told["number"]]
    return rules.parts_of(told["sighting_id"][ours], told["number"][ours], person, owner)


def _people(holding: DuckDBHolding, index: str) -> tuple[str, int, bool]:
    """The customer of each key (the oldest of its part), who they will be (the oldest of its
    person), which are new, and who is merged; how many are new; and is anybody in parts?"""
    parts = holding.hold_sql(
        "SELECT part, min(person) AS person, min(owner) AS owner, min(first_seen) AS first_seen "
        f"FROM {index} GROUP BY part"
    )
    count = f"SELECT count(*) FILTER (WHERE owner IS NULL), count(*) > max(person) + 1 FROM {parts}"
    fresh, parted = holding.engine.raw.execute(count).fetchall()[0]
    first = take_ids("customer", fresh)
    numbered = (
        "SELECT part, person, owner IS NULL AS fresh, coalesce(owner, "
        f"{first} - 1 + sum((owner IS NULL)::BIGINT) OVER (ORDER BY first_seen)::BIGINT) "
        f"AS customer_id FROM {parts}"
    )
    winner = "min(customer_id) OVER (PARTITION BY person)" if parted else "customer_id"
    people = holding.hold_sql(
        "SELECT number, fresh, n.customer_id, winner, "
        "nullif(coalesce(i.owner, n.customer_id), winner) AS merged "
        f"FROM {index} AS i JOIN (SELECT *, {winner} AS winner FROM ({numbered})) AS n USING (part)"
    )
    if parted:
        query = f"SELECT count(DISTINCT customer_id) FROM {people} WHERE fresh AND merged > 0"
        fresh -= holding.engine.raw.execute(query).fetchall()[0][0]
    return people, fresh, bool(parted)


def _write_people(
    holding: DuckDBHolding, seen: str, whose: str, names: Sequence[str], folder: Path
) -> None:
    """One row per person seen: the last value that was given of each field."""
    people = holding.hold_sql(
        "SELECT customer_id, bool_or(fresh) AS new, count(*) AS times, "
        f"any_value(sighting_id) AS sighting_id FROM {whose} GROUP BY customer_id"
    )
    # Most are described in one way alone, and there is no last value to be looked for.
    once = ", ".join(f"s.{name}" for name in names)
    last = ", ".join(f"arg_max({name}, s.sighting_id) AS {name}" for name in names)
    _write(
        holding.engine,
        f"SELECT customer_id AS id, new, {once} FROM {people} AS p "
        f"JOIN {seen} AS s USING (sighting_id) WHERE times = 1 "
        f"UNION ALL SELECT customer_id, any_value(new), {last} FROM {people} AS p "
        f"JOIN {whose} AS w USING (customer_id) JOIN {seen} AS s ON s.sighting_id = w.sighting_id "
        "WHERE times > 1 GROUP BY customer_id ORDER BY id",
        folder / "people.parquet",
    )


def _write_identities(
    holding: DuckDBHolding, index: str, people: str, known: str, folder: Path
) -> None:
    """New keys, sorted, which an index likes; and known ones that were not seen today yet."""
    today = f"DATE '{clock.now():%Y-%m-%d}'"
    _write(
        holding.engine,
        "SELECT * EXCLUDE (number) FROM ("
        f"SELECT identity_id AS id, key, customer_id, CASE WHEN key[1] IN ('n', 'u') "
        f"THEN store_id END AS store_id, {today} AS first_seen_on, {today} AS last_seen_on, "
        f"CASE WHEN key[1] <> 'n' THEN said END AS said, true AS new, number "
        f"FROM {index} JOIN {people} USING (number) WHERE known_as IS NULL "
        f"UNION ALL SELECT identity_id, key, customer_id, NULL, NULL, {today}, NULL, false, NULL "
        f"FROM {known} "
        f"WHERE last_seen_on IS NULL OR last_seen_on < {today}) ORDER BY new, number, key",
        folder / "identities.parquet",
    )


def _write_addresses(holding: DuckDBHolding, seen: str, whose: str, folder: Path) -> None:
    """Each address with a street once for the identity that it came with, and its days."""
    day = f"coalesce(addressed_at::DATE, DATE '{clock.now():%Y-%m-%d}')"
    _write(
        holding.engine,
        f"SELECT identity_id, {', '.join(rules.PARTS)}, min({day}) AS first_on, "
        f"max({day}) AS last_on, max(s.sighting_id) AS place FROM ({rules.parted(seen)}) AS s "
        f"JOIN {whose} USING (sighting_id) GROUP BY ALL ORDER BY identity_id, last_on, place",
        folder / "addresses.parquet",
    )


def _write_merges(holding: DuckDBHolding, people: str, folder: Path) -> int:
    """Winner and loser."""
    pairs = f"SELECT DISTINCT winner, merged AS loser FROM {people} WHERE merged > 0"
    path = folder / "merges.parquet"
    _write(holding.engine, f"SELECT * FROM ({pairs}) ORDER BY winner, loser", path)
    return int(pq.ParquetFile(path).metadata.num_rows)


def _write(engine: DuckDB, query: str, target: Path) -> None:
    engine.raw.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
