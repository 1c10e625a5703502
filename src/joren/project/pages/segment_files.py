"""Everybody in a segment as a file: for a page, for programs, the terminal, and by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from joren.accounts.selectors import business
from joren.decide.exports import selectors as exports
from joren.decide.exports.contracts import Encoding, Part
from joren.decide.segments import selectors as segments
from joren.project import customer_file, selection
from joren.project.pages.taking import wording
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values


def take_segment(
    number: int, *, encoding: Encoding, personal: bool, by: str, language: str = "ja"
) -> Iterator[Part]:
    """The file of its members, in parts; who took it is written down first.

    ``personal``: with names and contacts. What CP932 has no sign for stands as 〓.
    """
    rule = segments.rule_of(segments.segment(number))
    snapshot, simulated = values.snapshot(), business().simulated
    audit.record(
        "segments.exported", actor=by, subject_kind="segment", subject_id=number,
        customers=segments.size(rule), personal=personal,
    )  # fmt: skip
    rows = selection.of_customers(snapshot, segments.members_table(rule))
    with translation.override(language):
        words = wording(personal=personal, simulated=simulated)
    parts = customer_file.parts(snapshot, rows, words, personal=personal, simulated=simulated)
    return ((exports.encoded(part, encoding), people) for part, people in parts)


def write_customers(number: int, encoding: Encoding, by: str) -> Iterator[Part]:
    """The same by itself, of somebody who may take names."""
    return take_segment(number, encoding=encoding, personal=True, by=by)
