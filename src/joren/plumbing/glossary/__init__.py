"""The marketer's words, each with one English partner and one definition.

The key of a term is the name of a ``core.figures.Figure`` and of a column in exports and the API.
"""

from __future__ import annotations

from joren.plumbing.glossary import cohorts, customers, data, economics, ranks, value
from joren.plumbing.glossary.term import Term

TERMS: dict[str, Term] = {
    term.key: term
    for room in (value, customers, ranks, cohorts, economics, data)
    for term in room.TERMS
}


def term(key: str) -> Term | None:
    """The term of that key; None where a word explains itself."""
    return TERMS.get(key)
