"""What a connector says of its files: which column means what, as expressions over text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from joren.collect.connectors.files.records import Reader

Columns = tuple[str, ...]
ROWS_AS_THEY_ARE = "SELECT * FROM {staged}"


@dataclass(frozen=True)
class Canonical:
    """Canonical fields as SQL expressions of text over the staged rows.

    A field looks at its own row. What looks at other rows is in ``source``: there ``{staged}``
    stands for the file's rows, each with its ``_row``, which every row of the source carries on.
    ``splits``: the source makes several lines of one row, and keeps the rows in their order.
    ``file_rows``: how many rows of the file a row of the source stands for, where it is not one.
    ``columns`` says for messages which column a field came from. What the file does not say
    (``currency``, ``zone``) is None and is known from elsewhere. ``whole`` names prices that are
    amounts, so that one finer than the currency is a mistake.
    """

    fields: Mapping[str, str]
    columns: Mapping[str, str]
    source: str = ROWS_AS_THEY_ARE
    splits: bool = False
    file_rows: str = ""
    required: tuple[str, ...] = ()
    currency: str | None = None
    zone: str | None = None
    notices: tuple[str, ...] = ()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Format:
    """A connector for files of orders: does it know the header, and what does the header mean?"""

    name: str
    recognises: Callable[[Columns], bool]
    canonical: Callable[[Columns], Canonical]
    reader: Reader | None = None


@dataclass(frozen=True)
class Fields:
    """Picks columns by name and remembers for messages where each field came from."""

    header: Columns
    columns: dict[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The column's text, or NULL in a file that has no such column."""
        return '"' + name.replace('"', '""') + '"' if name in self.header else "NULL"

    def take(self, **names: str) -> dict[str, str]:
        """Fields that are one column each; what the file lacks is left out."""
        found = {key: name for key, name in names.items() if name in self.header}
        self.columns.update(found)
        return {key: self.column(name) for key, name in found.items()}

    def first(self, *names: str) -> str:
        """The first of the columns that says anything."""
        present = [self.column(name) for name in names if name in self.header]
        return f"coalesce({', '.join(present)})" if present else "NULL"


def number(expression: str) -> str:
    """The text as an exact number; null where it is none."""
    return f"TRY_CAST(replace({expression}, ',', '') AS DECIMAL(18, 4))"


def text(expression: str) -> str:
    """A number as text again, without the zeros after its point."""
    return f"regexp_replace(CAST({expression} AS VARCHAR), '\\.?0+$', '')"


def plain_number(expression: str) -> str:
    """A counted amount as text: what cannot be counted stays null."""
    return f"CAST({expression} AS VARCHAR)"


def translated(
    expression: str, words: Mapping[str, Sequence[str]], *, compared: str | None = None
) -> str:
    """The shop's words for a state as ours; unknown words stay, to be refused by name.

    ``compared`` is the text as the words spell it, where the file may spell it otherwise. Looked up
    in a map: of ``IN`` and many words the engine makes a join of all rows.
    """
    pairs = ", ".join(
        f"{_literal(word)}: {_literal(ours)}" for ours, theirs in words.items() for word in theirs
    )
    return f"coalesce(MAP {{{pairs}}}[{compared or expression}], {expression})"


def normal(header: str) -> str:
    """A header as it is compared: width, case, spaces and punctuation do not count."""
    return re.sub(
        r"[\s_\-・./#（）()【】:：]+", "", unicodedata.normalize("NFKC", header).casefold()
    )


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def sum_of(columns: Fields, *names: str) -> str:
    """What these columns add up to; one that is empty, or that the file does not have, is 0."""
    return " + ".join(f"coalesce({number(columns.column(name))}, 0)" for name in names)
