"""Which fields of whom are filled, and what looks doubled: yes or no, and nothing of what is said.

Contacts lie sealed, and are not opened for it: who has one has its hash. The postal code has none,
and is counted with the address that it stands in.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.collect.customers import models, rules
from joren.collect.customers.selectors.facts import merged, replaced
from joren.plumbing.bulk import columns_of
from joren.plumbing.moments import shop_days

_FILLED: Final = {
    "email": "email_token IS NOT NULL",
    "phone": "tail_token IS NOT NULL",
    "name": "search_grams <> ''",
    "prefecture": "prefecture <> ''",
    "birthday": "birthday IS NOT NULL",
    "gender": "gender <> ''",
    "acquisition_source": "acquisition_source <> ''",
    "language": "language <> ''",
    "registered_at": "registered_at IS NOT NULL",
}
_NOBODY: Final = pa.schema(
    {"id": pa.int64(), "registered_at": pa.timestamp("us", "UTC"), "said": pa.int64()}
)
_OLDEST: Final = "1900-01-01"
_DOUBLED: Final = {
    "email": rules.BITS["email_alike"],
    "phone": rules.BITS["phone_nameless"] | rules.BITS["phone_shared"],
    "name": rules.BITS["name_birthday"] | rules.BITS["name_postal"],
}
_SAME_EMAIL: Final = """
    SELECT id FROM (
        SELECT id, ROW_NUMBER() OVER (PARTITION BY email_token ORDER BY id) AS place
        FROM customers_customer
        WHERE merged_into_id IS NULL AND email_token IN (
            SELECT email_token FROM customers_customer WHERE email_token IS NOT NULL
            GROUP BY email_token HAVING COUNT(*) > 1
        )
    ) AS every WHERE place > 1
"""


def filled(zone: str, day: date) -> pa.Table:
    """Of everybody: ``customer_id``, ``registered_on`` (the business's day), and yes or no:
    ``has_`` each field, ``twice_`` e-mail, phone and name where an older customer seems to have the
    same, ``odd_birthday`` where nobody alive was born on it by that day."""
    said = " + ".join(
        f"CASE WHEN {sql} THEN {1 << place} ELSE 0 END"
        for place, sql in enumerate((*_FILLED.values(), _odd(day)))
    )
    names = ["id", "registered_at"]
    parts = columns_of(
        models.Customer, names, where="merged_into_id IS NULL", numbers={"said": said}
    )
    every = pa.concat_tables([_NOBODY.empty_table(), *parts])
    ids, bits = every["id"], every["said"]
    columns = {"customer_id": ids, "registered_on": shop_days(every["registered_at"], zone)}
    for place, name in enumerate((*(f"has_{name}" for name in _FILLED), "odd_birthday")):
        columns[name] = pc.not_equal(pc.bit_wise_and(bits, 1 << place), 0)
    columns["has_address"] = pc.is_in(ids, value_set=_housed())
    for name, doubled in _doubled().items():
        columns[f"twice_{name}"] = pc.is_in(ids, value_set=doubled)
    return pa.table(columns)


def _odd(day: date) -> str:
    return f"birthday < '{_OLDEST}' OR birthday > '{day.isoformat()}'"


def _housed() -> pa.Array:
    """Who has an address with a street."""
    parts = list(columns_of(models.Address, ["identity_id"]))
    if not parts:
        return pa.array([], pa.int64())
    whose = pa.concat_tables(columns_of(models.Identity, ["id", "customer_id"]))
    known = pc.unique(pa.concat_tables(parts)["identity_id"])
    return pc.unique(whose["customer_id"].filter(pc.is_in(whose["id"], value_set=known)))


def _doubled() -> dict[str, pa.Array]:
    """The younger of two with one contact, by what they seem to have in common. A pair of which
    somebody found that it is one stays kept, and is two no more."""
    names = ["one_id", "other_id", "evidence"]
    parts = columns_of(models.Double, names)
    nothing = pa.schema(dict.fromkeys(names, pa.int64())).empty_table()
    pairs = pa.concat_tables([nothing, *parts])
    known = merged()
    one, other = (replaced(pairs[end].to_numpy(), known, "now") for end in ("one_id", "other_id"))
    younger, evidence = np.maximum(one, other), pairs["evidence"].to_numpy()
    found = {
        name: pa.array(younger[(one != other) & (evidence & bit > 0)], pa.int64())
        for name, bit in _DOUBLED.items()
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAME_EMAIL)
        same = pa.array([one for (one,) in cursor.fetchall()], pa.int64())
    return found | {"email": pa.concat_arrays([found["email"], same])}
