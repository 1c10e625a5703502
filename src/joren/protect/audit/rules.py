"""What an entry may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from joren.core.contacts import names_a_contact
from joren.core.errors import BadInput
from joren.protect.audit.contracts import PersonalDetail, Plain

_PERSONAL_KEYS = {"email", "phone", "name_kana", "address", "birthday", "password", "token"}


def plain_detail(detail: Mapping[str, Any]) -> dict[str, Plain | list[Plain]]:
    """The detail, if it is plain and nobody can be found by it."""
    for key, value in _leaves(detail):
        if value is not None and not isinstance(value, str | int | float | bool):
            raise BadInput(
                f"audit detail {key!r} is a {type(value).__name__}",
                hint="text, numbers, or lists of them",
            )
        if key in _PERSONAL_KEYS or (isinstance(value, str) and names_a_contact(value)):
            raise PersonalDetail(f"audit detail {key!r} may identify a person", hint="keep an id")
    return {
        key: list(value) if isinstance(value, list | tuple) else value
        for key, value in detail.items()
    }


def _leaves(detail: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in detail.items():
        for leaf in value if isinstance(value, list | tuple) else (value,):
            yield key, leaf
