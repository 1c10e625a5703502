"""The marketer's words, each with one English partner and one definition.

The key of a term is the name of a ``core.figures.Figure`` and of a column in exports and the API.
"""

from __future__ import annotations

from collections.abc import Mapping

from joren.plumbing.glossary import (
    cohorts,
    columns,
    customers,
    data,
    economics,
    models,
    ranks,
    value,
)
from joren.plumbing.glossary.term import Term

TERMS: dict[str, Term] = {
    term.key: term
    for room in (value, models, customers, ranks, cohorts, economics, data, columns)
    for term in room.TERMS
}


def enter(definitions: Mapping[str, tuple[str, str, str, str]]) -> None:
    """A room's own words (ja, en, and their definitions); what stands here already stays."""
    for key, (ja, en, ja_definition, en_definition) in definitions.items():
        TERMS.setdefault(key, Term(key, ja, en, ja_definition, en_definition))


def term(key: str) -> Term | None:
    """The term of that key; None where a word explains itself."""
    return TERMS.get(key)
