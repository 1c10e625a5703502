"""How somebody came: by something paid for, by something free, or nobody knows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir


@dataclass(frozen=True)
class Paid:
    """What is paid for: the shop's list of mediums, and whatever spend is recorded of."""

    mediums: Collection[str]
    sources: Collection[str]  # with spend, of whatever medium
    pairs: Collection[tuple[str, str]]  # source and medium with spend


def plain(word: ir.StringColumn) -> ir.StringColumn:
    """Spellings of one source are one: trimmed, lower case; empty is not known."""
    return word.strip().lower().nullif("")


def touch(source: ir.StringColumn, medium: ir.StringColumn, paid: Paid) -> ir.StringColumn:
    """paid, unpaid or unknown; both columns must be plain.

    Where the medium is missing, a source with recorded spend counts as paid: the spend was for
    something, and to call it free would flatter the free sources. Another counts as unpaid, but
    only where spend is recorded of some source: no record at all tells nothing.
    """
    return ibis.cases(
        (_among(medium, paid.mediums), "paid"),
        (_among(source.concat("\n", medium), ["\n".join(pair) for pair in paid.pairs]), "paid"),
        (medium.notnull(), "unpaid"),
        (source.isnull(), "unknown"),
        (_among(source, paid.sources), "paid"),
        else_="unpaid" if paid.sources else "unknown",
    )


def _among(word: ir.StringColumn, words: Collection[str]) -> ir.BooleanValue:
    return word.isin(sorted(words)).fill_null(False) if words else ibis.literal(False)
