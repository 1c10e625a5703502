"""The lines of a short CSV with a header, as a shop writes lists by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence

from joren.core.errors import BadInput


def lines_of(
    text: str,
    columns: Sequence[str],
    *,
    one_of: Collection[str],
    hint: str,
    most: int,
    refusal: type[BadInput],
) -> list[dict[str, str]]:
    """Of each line the text of those columns, "" where there is none.

    Refuses a file that has none of the columns ``one_of``, more lines than ``most``, or is no CSV.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if not set(one_of) & set(names):
        raise refusal(f"the columns are {', '.join(names) or 'none'}", hint=hint)
    reader.fieldnames = names
    found: list[dict[str, str]] = []
    try:
        for line in reader:
            if len(found) == most:
                raise refusal(f"more than {most:,} rows", hint="bring it in parts")
            found.append({name: (line.get(name) or "").strip() for name in columns})
    except csv.Error as broken:
        raise refusal(f"the file is no CSV: {broken}", hint="look for an open quote") from None
    return found
