"""Addresses of a segment's members: who may be written to by post, some thousand at a time."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from joren.collect.customers import selectors as people
from joren.decide.exports import rules
from joren.decide.exports.contracts import HEADS, Encoding, LabelReport, Unwritable
from joren.decide.segments import selectors as segments
from joren.protect.consent import selectors as consent

AT_ONCE: Final = 10_000
NAMED: Final = 1_000
"""Of those with characters that cannot be written, so many are named."""

_MARK: Final = "\ufeff".encode()  # Excel in Japan reads UTF-8 only with it


@dataclass
class _Counted:
    members: int = 0
    written: int = 0
    nameless: int = 0
    no_postal_code: int = 0
    no_street: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unwritable: list[Unwritable] = field(default_factory=list)


def label_report(number: int, encoding: Encoding) -> LabelReport:
    """What the file of a segment would hold."""
    counted = _Counted()
    for _ in _rows(number, encoding, counted):
        pass
    return LabelReport(
        members=counted.members,
        written=counted.written,
        refused=dict(counted.refused),
        nameless=counted.nameless,
        no_postal_code=counted.no_postal_code,
        no_street=counted.no_street,
        unwritable=tuple(counted.unwritable),
    )


def label_lines(number: int, encoding: Encoding) -> Iterator[bytes]:
    """The file, made while it is read."""
    yield (_MARK if encoding == "utf-8" else b"") + _line(HEADS).encode(encoding)
    for row in _rows(number, encoding, _Counted()):
        yield _line(row).encode(encoding)


def encoded(part: bytes, encoding: Encoding) -> bytes:
    """A part of a file of UTF-8 in that encoding; what CP932 has no sign for stands as 〓."""
    if encoding == "utf-8":
        return part
    return rules.fitted(part.decode("utf-8-sig"), encoding)[0].encode(encoding)


def _rows(number: int, encoding: Encoding, counted: _Counted) -> Iterator[tuple[str, ...]]:
    rule = segments.rule_of(segments.segment(number))
    last = 0
    while found := segments.members_of(rule, after=last, limit=AT_ONCE):
        last = found[-1]
        counted.members += len(found)
        asked = consent.may_be_written_to(found, channel="post", purpose="marketing").to_pylist()
        counted.refused.update(row["why"] for row in asked if not row["may"])
        willing = [row["customer_id"] for row in asked if row["may"]]
        for one in people.contacts_of(willing).sort_by("customer_id").to_pylist():
            name = rules.recipient(one["name"])
            if not name:
                counted.nameless += 1
                continue
            postal = rules.postal_code(one["postal_code"])
            counted.no_postal_code += not postal
            counted.no_street += not one["street"]
            where = (one[part] for part in ("prefecture", "city", "street", "building"))
            texts = [
                rules.fitted(text, encoding) for text in (postal, *where, name, one["name_kana"])
            ]
            missing = "".join(dict.fromkeys("".join(signs for _, signs in texts)))
            if missing and len(counted.unwritable) < NAMED:
                counted.unwritable.append(Unwritable(one["customer_id"], missing))
            counted.written += 1
            yield (str(one["customer_id"]), *(rules.harmless(text) for text, _ in texts))


def _line(cells: tuple[str, ...]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
