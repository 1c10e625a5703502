"""What a customer file says of consent to news, into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from joren.protect.consent.contracts import Heard
from joren.protect.consent.services import hear, unsay

AGREED: Final[Mapping[str, str]] = {"accepts_email": "email", "accepts_sms": "sms"}
"""The channel of each column. A file does not say since when."""


def parted(people: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The rows without what they say of consent, and (id, …) with that alone."""
    names = [name for name in AGREED if name in people.column_names]
    return people.drop_columns(names), people.select(["id", *names])


def keep_agreed(agreed: pa.Table, import_id: int) -> None:
    """May be repeated after a crash: what stands already is no news."""
    heard = []
    for name in agreed.column_names[1:]:
        said = agreed.filter(pc.is_valid(agreed[name]))
        pairs = zip(said["id"].to_pylist(), said[name].to_pylist(), strict=True)
        heard += [
            Heard(one, AGREED[name], "granted" if may else "withdrawn", proof=_proof(import_id))
            for one, may in pairs
        ]
    if heard:
        hear(heard, source="import", by=_proof(import_id))


def forget_agreed(import_id: int) -> None:
    """What that import said of consent counts no longer."""
    unsay(_proof(import_id), by=_proof(import_id))


def _proof(import_id: int) -> str:
    return f"import:{import_id}"
