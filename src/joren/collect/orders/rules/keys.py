"""Stable integers for texts: the same on every machine and in every version."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

_BETWEEN = "\x1f"
NOTHING = "\x00"
"""What stands in a text of parts for one that is null."""


@ibis.udf.scalar.builtin(signature=((dt.string,), dt.int64))  # type: ignore[untyped-decorator]  # Ibis is untyped
def md5_number(text: str) -> int:  # type: ignore[empty-body]  # the engine has the body
    """DuckDB's own: the MD5 of a text, in fact of 128 bits, for which Ibis has no word."""


def key_of(*parts: Any) -> ir.IntegerValue:
    """63 bits of the MD5 of the parts. Two of 10⁸ numbers agree by chance once in 2,000 shops,
    which the services notice and refuse."""
    whole = md5_number(alike(*parts))
    # It is what DuckDB calls md5_number_lower, and by a detour through text takes five times as
    # long to find.
    hashed = (whole >> 64).cast("uint64")
    return (hashed % ibis.literal(2**63 - 1, type="uint64")).cast("int64")


def alike(*parts: Any) -> ir.StringValue:
    """The parts as one text, which ``key_of`` takes for them all."""
    texts: list[Any] = []
    for part in parts:
        # Constants that stand side by side are one: the engine would write each for every row.
        if isinstance(part, str) and texts and isinstance(texts[-1], str):
            texts[-1] += _BETWEEN + part
        else:
            texts.append(part)
    return ibis.literal(_BETWEEN).join([_text(text) for text in texts])


def content_of(table: ir.Table, columns: list[str]) -> ir.IntegerValue:
    """A number that changes when any of the columns does."""
    return key_of(*(table[name] for name in columns))


def _text(part: Any) -> Any:
    if isinstance(part, str):
        return ibis.literal(part)
    if part.type().is_timestamp():
        part = part.epoch_seconds()
    return part.cast("string").fill_null(NOTHING)
