"""Events as facts: their people found, their columns written. All of it in sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from joren.collect.customers.contracts import contacts
from joren.collect.customers.selectors import identities_still_there
from joren.collect.customers.services import prepare_devices, resolve_people
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.rules.messages import Event
from joren.collect.inbox.rules.people import Person
from joren.collect.life_stages.contracts import TOLD
from joren.warehouse import Warehouse
from joren.warehouse.engines.duckdb import DuckDBHolding

_EXTRA: Final = ("birthday", "gender", "registered_at", "language", "time_zone", *TOLD)
_DAYS: Final = {"birthday": pa.date32(), "life_stage_since": pa.date32()}
_NUMBERS: Final = {"store_id": pa.int64()}
_FACTS: Final = [name for name in Event._fields if name not in ("person", "devices", "identity")]
_INTEGERS: Final = frozenset(
    name for name, kind in EVENTS.columns.items() if kind == "int64"
) | {"occurred_at", "received_at"}  # fmt: skip


def write_facts(
    warehouse: Warehouse,
    events: Sequence[Event],
    folder: Path,
    *,
    zone: str,
    coming: Path | None = None,
) -> frozenset[int]:
    """Prepare in ``folder`` what these events are kept as: people, devices, rows of EVENTS.

    Where an import has people ``coming``, nothing is prepared if one of the events has to wait for
    them; the places of all such are returned.
    """
    with warehouse.embedded.session() as holding:
        numbers: dict[Person, int] = {}
        person = [
            None if one.person is None else numbers.setdefault(one.person, len(numbers) + 1)
            for one in events
        ]
        who, late = _people(holding, list(numbers), folder, coming)
        if late:
            return frozenset(place for place, one in enumerate(person) if one in late)
        device = [one.devices[-1] if one.devices else None for one in events]
        devices = _devices(holding, events, person, who, folder)
        rows = pa.table(
            {
                **{name: _column(events, name) for name in _FACTS},
                "person": pa.array(person, pa.int64()),
                "anonymous_id": pa.array(device, pa.string()),
                "own": _still_there(events),
            }
        )
        facts = _joined(holding, holding.take(rows).get_name(), who, devices, zone)
        written = warehouse.embedded.ibis.table(facts, database=("temp", "main"))
        warehouse.embedded.write(written, folder / EVENTS.name, EVENTS)
    return frozenset()


def _column(events: Sequence[Event], name: str) -> pa.Array:
    place = Event._fields.index(name)
    kind = pa.int64() if name in _INTEGERS else pa.string()
    return pa.array([event[place] for event in events], kind)


def _still_there(events: Sequence[Event]) -> pa.Array:
    """The identities that joren itself named; one that was erased meanwhile is nobody's."""
    named = {one.identity for one in events if one.identity is not None}
    there = identities_still_there(sorted(named)) if named else frozenset()
    return pa.array([one.identity if one.identity in there else None for one in events], pa.int64())


def _people(
    holding: DuckDBHolding, people: Sequence[Person], folder: Path, coming: Path | None
) -> tuple[str, frozenset[int]]:
    """(sighting_id, identity_id) of the people, who are prepared to be kept; and who must wait."""
    if not people:
        nobody = "SELECT 0::BIGINT AS sighting_id, 0::BIGINT AS identity_id LIMIT 0"
        return holding.hold_sql(nobody), frozenset()
    columns: dict[str, Any] = {"sighting_id": pa.array(range(1, len(people) + 1), pa.int64())}
    for place, name in enumerate(Person._fields):
        kind = _NUMBERS.get(name) or _DAYS.get(name) or pa.string()
        columns[name] = pa.array([one[place] for one in people], kind)
    said = holding.take(pa.table(columns)).get_name()
    # Numbers of customers and of users are as they are; all else is written as files are read.
    tidy = holding.hold_sql(
        f"SELECT * REPLACE ({contacts.email('email')} AS email, "
        f"{contacts.phone('phone')} AS phone, {contacts.name('name')} AS name, "
        f"{contacts.name('name_kana')} AS name_kana, "
        "TRY_CAST(registered_at AS TIMESTAMPTZ) AS registered_at) "
        f"FROM {said}"
    )
    sightings = holding.engine.ibis.table(tidy, database=("temp", "main"))
    found = resolve_people(holding, sightings, folder, extra=_EXTRA, coming=coming)
    return found.identity_of.get_name(), frozenset(found.waiting)


def _devices(
    holding: DuckDBHolding,
    events: Sequence[Event],
    person: Sequence[int | None],
    who: str,
    folder: Path,
) -> str:
    """(anonymous_id, device_id), prepared to be kept with the identities seen on each."""
    pairs = {
        (device, number)
        for one, number in zip(events, person, strict=True)
        for device in one.devices
    }
    seen = holding.take(
        pa.table(
            {
                "anonymous_id": pa.array([device for device, _ in pairs], pa.string()),
                "sighting_id": pa.array([number for _, number in pairs], pa.int64()),
            }
        )
    ).get_name()
    raw = holding.engine.raw
    linked = raw.sql(
        f"SELECT anonymous_id, identity_id FROM {seen} LEFT JOIN {who} USING (sighting_id)"
    ).to_arrow_table()
    heard = raw.sql(
        f"SELECT DISTINCT identity_id FROM {who} WHERE identity_id IS NOT NULL"
    ).to_arrow_table()
    devices = prepare_devices(linked, heard["identity_id"].combine_chunks(), folder)
    name: str = holding.take(devices).get_name()
    return name


def _joined(holding: DuckDBHolding, rows: str, who: str, devices: str, zone: str) -> str:
    """The rows of EVENTS, in the order of time: readers of some days pass over the rest."""
    return holding.hold_sql(
        "SELECT r.* EXCLUDE (own) REPLACE (make_timestamptz(occurred_at) AS occurred_at, "
        "make_timestamptz(received_at) AS received_at), "
        f"timezone('{zone}', make_timestamptz(occurred_at))::DATE AS occurred_on, "
        "coalesce(w.identity_id, r.own, d.device_id) AS identity_id, d.device_id "
        f"FROM {rows} AS r LEFT JOIN {who} AS w ON w.sighting_id = r.person "
        f"LEFT JOIN {devices} AS d USING (anonymous_id) ORDER BY r.occurred_at, r.event_id"
    )
