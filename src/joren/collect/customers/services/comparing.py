"""What people are compared by, as numbers that are equal where the texts are.

To open what is sealed keeps one core busy in Python for some seconds a million, so it is done
beside whatever else the caller has to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from joren.collect.customers import models, rules
from joren.collect.customers.selectors.keyring import opened, vault
from joren.plumbing.bulk import columns_of, rows_with
from joren.warehouse.engines.duckdb import DuckDBHolding

_AHEAD: Final = 2
"""Parts that are read before the first of them has been opened, at most."""
_CONTACTS: Final = "key LIKE 'e:%%' OR key LIKE 'p:%%'"


@dataclass(frozen=True)
class _Part:
    """Of some customers; ``keys`` are those under which their contacts are identities."""

    said: pa.Table
    alike: pa.Table
    keys: pa.Table


class Comparing:
    """Customers are read when it is made, and opened beside; ``tables`` waits for the rest."""

    def __init__(self, holding: DuckDBHolding) -> None:
        self._holding, self._vault = holding, vault()
        self._raw = holding.engine.raw.cursor()
        beside = ThreadPoolExecutor(1)
        try:
            self._parts: list[Future[_Part]] = []
            names = ["id", "sealed", "birthday"]
            for part in columns_of(models.Customer, names, where="merged_into_id IS NULL"):
                self._parts.append(beside.submit(self._part, part))
                if len(self._parts) > _AHEAD:
                    self._parts[-1 - _AHEAD].result()
        finally:
            beside.shutdown(wait=False)

    def tables(self) -> tuple[str, str]:
        """(id, said, family, postal, birthday) of all people, and (id, email_alike, phone) of all
        their contacts; null where nothing is known."""
        parts = [one.result() for one in self._parts]
        self._parts.clear()
        hold = self._holding
        everybody = hold.take(pa.concat_tables([_NOBODY, *(one.said for one in parts)])).get_name()
        known = pa.concat_tables([_NO_KEY, *(one.keys for one in parts)])
        theirs = [_NO_CONTACT, *(one.alike for one in parts), *self._further(known)]
        contacts = hold.take(pa.concat_tables(theirs)).get_name()
        return everybody, hold.hold_sql(f"SELECT DISTINCT * FROM {contacts}")

    def _part(self, rows: pa.Table) -> _Part:
        people = opened(rows, by=self._vault)
        searchable = rules.searchable_column(people["name"])
        said = people.append_column("search_name", searchable)
        contacts = people.select(["id", "email", "phone"])
        mail = pc.utf8_lower(pc.fill_null(people["email"], ""))
        named = pc.binary_join_element_wise(people["phone"], searchable, "|")
        keys = [
            self._hashed("e:", people["id"], mail, pc.not_equal(mail, "")),
            self._hashed("p:", people["id"], named, pc.not_equal(people["phone"], "")),
        ]
        return _Part(
            self._reckoned(said, _SAID), self._reckoned(contacts, _ALIKE), pa.concat_tables(keys)
        )

    def _hashed(self, kind: str, ids: Any, texts: Any, there: Any) -> pa.Table:
        keys = pc.binary_join_element_wise(kind, texts.filter(there), "")
        hidden = self._vault.hidden_keys(keys)
        return self._reckoned(pa.table({"id": ids.filter(there), "key": hidden}), _KEY)

    def _further(self, known: pa.Table) -> Iterator[pa.Table]:
        """The contacts by which somebody is known beside those that stand with them."""
        raw, held = self._holding.engine.raw, self._holding.take(known).get_name()
        others = []
        for part in columns_of(models.Identity, ["id", "customer_id", "key"], where=_CONTACTS):
            raw.register("_identities", part)
            found = raw.sql(
                f"SELECT i.id FROM _identities AS i ANTI JOIN {held} AS k "
                "ON k.id = i.customer_id AND k.hashed = hash(i.key)"
            )
            others.append(found.to_arrow_table()["id"])
            raw.unregister("_identities")
        ids = pa.chunked_array(others, pa.int64()).combine_chunks()
        if len(ids):
            rows = rows_with(models.Identity, "id", ids, ["id", "customer_id", "sealed"])
            plain = self._vault.unseal(rows["id"].to_pylist(), rows["sealed"].to_pylist())
            said = pa.table({"id": rows["customer_id"], "key": pa.array(plain, pa.string())})
            yield self._reckoned(said, _KEYED)

    def _reckoned(self, rows: pa.Table, columns: str) -> pa.Table:
        self._raw.register("_comparable", rows)
        try:
            return self._raw.sql(columns.format(rows="_comparable")).to_arrow_table()
        finally:
            self._raw.unregister("_comparable")


_SAID: Final = (
    "SELECT id, CASE WHEN search_name <> '' THEN hash(search_name) END AS said, "
    "CASE WHEN contains(trim(name), ' ') THEN hash(split_part(trim(name), ' ', 1)) END AS family, "
    "CASE WHEN postal_code <> '' THEN hash(regexp_replace(postal_code, '[^0-9]', '', 'g')) END "
    "AS postal, birthday FROM {rows}"
)
_LOOSE: Final = (
    "CASE WHEN email <> '' THEN hash(regexp_replace(lower(split_part(email, '@', 1)), "
    "'\\+.*$|\\.', '', 'g') || '@' || lower(split_part(email, '@', 2))) END AS email_alike, "
    "CASE WHEN phone <> '' THEN hash(phone) END AS phone"
)
_ALIKE: Final = f"SELECT id, {_LOOSE} FROM {{rows}}"
_KEYED: Final = (
    f"SELECT id, {_LOOSE} FROM (SELECT id, CASE WHEN key[1] = 'e' THEN key[3:] END AS email, "
    "CASE WHEN key[1] = 'p' THEN split_part(key[3:], '|', 1) END AS phone FROM {rows})"
)
_KEY: Final = "SELECT id, hash(key) AS hashed FROM {rows}"
# ``empty_table()`` would load pandas, here and in every command.
_NOBODY: Final = pa.Table.from_batches(
    [],
    pa.schema(
        {
            "id": pa.int64(),
            **dict.fromkeys(("said", "family", "postal"), pa.uint64()),
            "birthday": pa.date32(),
        }
    ),
)
_NO_CONTACT: Final = pa.Table.from_batches(
    [], pa.schema({"id": pa.int64(), "email_alike": pa.uint64(), "phone": pa.uint64()})
)
_NO_KEY: Final = pa.Table.from_batches([], pa.schema({"id": pa.int64(), "hashed": pa.uint64()}))
