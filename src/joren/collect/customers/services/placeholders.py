"""Contacts that name nobody: such a one is kept of whom it came with, and joins no two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from joren.collect.customers import models, rules, selectors
from joren.collect.customers.contracts.phones import phone_of
from joren.core import clock
from joren.core.errors import BadInput
from joren.protect.audit import services as audit
from joren.warehouse.engines.duckdb import DuckDBHolding

_FILE: Final = "placeholders.parquet"
_LONGEST: Final = 254
_LONGEST_REASON: Final = 500


def named_by_contact(holding: DuckDBHolding, seen: str, folder: Path) -> str:
    """SQL of the sightings with ``naming_email`` and ``naming_phone``, "" where that is nobody's.

    What comes with too many customer numbers of one store names nobody in all of this import,
    wherever in it the rows stand; it is written into ``folder``, so that it is kept.
    """
    told = selectors.placeholders()
    listed = pa.table(
        {
            "said": pa.array([one.key for one in told], pa.string()),
            "real": pa.array([one.real for one in told], pa.bool_()),
        }
    )
    known = holding.take(listed).get_name()
    crowded = holding.hold_sql(
        f"SELECT said, max(numbers) AS numbers FROM ({_crowded('e', 'email', seen)} "
        f"UNION ALL {_crowded('p', 'phone', seen)}) "
        f"WHERE said NOT IN (SELECT said FROM {known}) GROUP BY said"
    )
    pq.write_table(
        holding.engine.raw.sql(
            f"SELECT said, numbers FROM {crowded} ORDER BY said"
        ).to_arrow_table(),
        folder / _FILE,
    )
    nobody = holding.hold_sql(
        f"SELECT said FROM {crowded} UNION SELECT said FROM {known} WHERE NOT real UNION "
        f"SELECT 'e:' || email FROM {seen} WHERE {rules.nobodys_email('email')} "
        f"AND 'e:' || email NOT IN (SELECT said FROM {known}) UNION "
        f"SELECT 'p:' || phone FROM {seen} WHERE {rules.nobodys_phone('phone')} "
        f"AND 'p:' || phone NOT IN (SELECT said FROM {known})"
    )
    return (
        f"SELECT s.*, {_naming('e', 'email', nobody)} AS naming_email, "
        f"{_naming('p', 'phone', nobody)} AS naming_phone FROM {seen} AS s"
    )


def _crowded(kind: str, name: str, seen: str) -> str:
    """Rows are counted first, which is cheap: few contacts have so many."""
    return (
        f"SELECT '{kind}:' || {name} AS said, count(DISTINCT customer_number) AS numbers "
        f"FROM {seen} WHERE customer_number <> '' AND {name} IN (SELECT {name} FROM {seen} "
        f"WHERE {name} <> '' GROUP BY {name} HAVING count(*) > {rules.MOST_NUMBERS}) "
        f"GROUP BY {name}, store_id HAVING numbers > {rules.MOST_NUMBERS}"
    )


def _naming(kind: str, name: str, nobody: str) -> str:
    found = f"'{kind}:' || s.{name} IN (SELECT said FROM {nobody})"
    return f"CASE WHEN s.{name} IS NULL OR {found} THEN '' ELSE s.{name} END"


def keep_placeholders(folder: Path, *, import_id: int) -> None:
    """Those that an import came upon; it may be repeated after a crash."""
    if not (folder / _FILE).exists():
        return  # it was prepared by a version that looked for none
    found = pq.read_table(folder / _FILE).to_pylist()
    by = f"import:{import_id}" if import_id > 0 else "live"
    _add([(one["said"], one["numbers"]) for one in found], by=by)


@transaction.atomic
def name_nobody(contact: str, *, by: str, why: str = "") -> None:
    """From now on this e-mail or phone joins nobody; whom it has joined stays joined."""
    _name(contact, real=False, by=by, why=why)


@transaction.atomic
def name_somebody(contact: str, *, by: str, why: str = "") -> None:
    """It is a real person's after all, whatever joren takes it for."""
    _name(contact, real=True, by=by, why=why)


def _name(contact: str, *, real: bool, by: str, why: str) -> None:
    key, why = _key_of(contact), why.strip()[:_LONGEST_REASON]
    _add([(key, None)], by=by, why=why)
    _say(key, real=real, by=by, why=why)
    _note(f"customers.contact_of_{'somebody' if real else 'nobody'}", key, by)


def _key_of(contact: str) -> str:
    """As an identity's key says it."""
    said = contact.strip().lower()
    if "@" in said and " " not in said and len(said) <= _LONGEST:
        return f"e:{said}"
    if phone := phone_of(said):
        return f"p:{phone}"
    raise BadInput("that is neither an e-mail nor a phone", hint="name@shop.example, 0900000000")


def _add(found: Sequence[tuple[str, int | None]], *, by: str, why: str = "") -> None:
    keys = [selectors.hashed_key(said) for said, _ in found]
    sealed = selectors.seal_texts(keys, [said for said, _ in found])
    models.Placeholder.objects.bulk_create(
        (
            models.Placeholder(
                key=key, sealed=text, numbers=numbers, by=by, why=why, at=clock.now()
            )
            for key, text, (_, numbers) in zip(keys, sealed, found, strict=True)
        ),
        ignore_conflicts=True,
    )


def _say(key: str, **told: Any) -> None:
    row = models.Placeholder.objects.filter(key=selectors.hashed_key(key))
    row.update(at=clock.now(), **told)


def _note(action: str, key: str, by: str) -> None:
    """By its hash: the book of deeds holds no contact."""
    audit.record(action, actor=by, subject_kind="contact", subject_id=selectors.hashed_key(key))
