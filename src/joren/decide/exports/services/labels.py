"""Take the addresses of a segment: what was taken, and by whom, is written down first."""

from __future__ import annotations

from collections.abc import Iterator

from joren.decide.exports import selectors
from joren.decide.exports.contracts import Encoding, Part
from joren.decide.segments import selectors as segments
from joren.protect.audit import services as audit


def take_labels(number: int, *, encoding: Encoding, by: str) -> Iterator[bytes]:
    """A file of those who may be written to by post; nobody else is in it."""
    size = segments.size(segments.rule_of(segments.segment(number)))
    audit.record(
        "exports.labels_taken", actor=by, subject_kind="segment", subject_id=number,
        customers=size, encoding=encoding, personal=True,
    )  # fmt: skip
    return selectors.label_lines(number, encoding)


def write_labels(number: int, encoding: Encoding, by: str) -> Iterator[Part]:
    """The same by itself: the head, and then a person in each line."""
    lines = take_labels(number, encoding=encoding, by=by)
    return ((line, int(place > 0)) for place, line in enumerate(lines))
