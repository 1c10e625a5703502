"""What waiting rows say of people lies sealed under the keys of personal data.

A row is sealed as one text: its cells, the wrong value and the reason, which quotes it. Rows that
wait because of one value are found together by its keyed hash. A row of before lies open until the
next sweep, and is read so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db.models import Q, QuerySet

from joren.collect.connectors import models
from joren.collect.customers import selectors as people

_AT_ONCE: Final = 1_000
NOTHING: Final[Mapping[str, Any]] = {"raw": [], "value": "", "reason": ""}
"""What stands open in a row that is sealed."""


@dataclass(frozen=True)
class Opened:
    """A waiting row and what it says; ``cells`` in the order of its file."""

    row: models.QuarantinedRow
    cells: dict[str, str]
    value: str
    reason: str


def key_of(source: int, row: int, line: int | None) -> str:
    """By which the seal of a row is bound to its place."""
    return f"quarantine/{source}/{row}/{line}"


def closed(source: int, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The fields of rows of one import as they are kept."""
    texts = [json.dumps({name: row[name] for name in NOTHING}, ensure_ascii=False) for row in rows]
    keys = [key_of(source, row["row"], row["line"]) for row in rows]
    values = people.hashed_texts([row["value"] for row in rows])
    return [
        {**row, **NOTHING, "value_key": value, "sealed": sealed}
        for row, value, sealed in zip(rows, values, people.seal_texts(keys, texts), strict=True)
    ]


def opened(rows: Sequence[models.QuarantinedRow]) -> list[Opened]:
    """What these rows say."""
    hidden = [row for row in rows if row.sealed]
    keys = [key_of(row.source_id, row.row, row.line) for row in hidden]
    texts = people.unseal_texts(keys, [row.sealed for row in hidden])
    said = {row.pk: json.loads(text) for row, text in zip(hidden, texts, strict=True)}
    found = []
    for row in rows:
        open_ = {"raw": row.raw, "value": row.value, "reason": row.reason}
        one = said.get(row.pk, open_)
        found.append(Opened(row, dict(one["raw"]), one["value"], one["reason"]))
    return found


def each_opened(rows: QuerySet[models.QuarantinedRow]) -> Iterator[Opened]:
    """The same of as many as there are, some at a time."""
    left = rows.iterator(chunk_size=_AT_ONCE)
    while some := list(islice(left, _AT_ONCE)):
        yield from opened(some)


def with_value(value: str) -> Q:
    """Which rows have that wrong value."""
    if not value:
        return Q(value="", value_key="")
    (key,) = people.hashed_texts([value])
    return Q(value=value) | Q(value_key=key)


def values_of(
    rows: QuerySet[models.QuarantinedRow], counted: Iterable[Mapping[str, Any]]
) -> dict[str, int]:
    """Of (value, value_key, rows, one) the values in words; ``one`` is the number of such a row."""
    every = list(counted)
    hidden = [each["one"] for each in every if each["value_key"]]
    shown = {one.row.pk: one.value for one in opened(list(rows.filter(pk__in=hidden)))}
    found: dict[str, int] = {}
    for each in every:
        value = shown.get(each["one"], each["value"])
        found[value] = found.get(value, 0) + each["rows"]
    return found
