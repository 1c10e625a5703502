"""Words about what was done by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from joren.core.errors import BadInput

Plain = str | int | float | bool | None


@dataclass(frozen=True)
class Entry:
    """One deed. It names people by id only, so that erasing a person leaves it true."""

    id: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    detail: Mapping[str, Plain | list[Plain]]


class PersonalDetail(BadInput):
    """The detail would keep personal data beyond its erasure."""
