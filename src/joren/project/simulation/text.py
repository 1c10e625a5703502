"""Rows of text, built a column at a time: no loop in Python ever sees a single row.

Columns are Arrow arrays of bytes in the encoding of their file, so a file of the mall costs no
more than one in UTF-8. What may repeat is encoded once and picked by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.project.simulation.population import Floats, Ints
from joren.project.simulation.season import Season, second_of_day

UTF8, CP932 = "utf-8", "cp932"


def words(texts: Sequence[str], encoding: str = UTF8) -> pa.Array:
    """A dictionary to pick from."""
    return pa.array([text.encode(encoding) for text in texts], pa.binary())


def picked(dictionary: pa.Array, place: Ints) -> pa.Array:
    """One word per row."""
    return dictionary.take(pa.array(place))


def digits(numbers: Ints, width: int = 0) -> pa.Array:
    """Whole numbers, with leading zeros up to the width."""
    text = pc.cast(pa.array(numbers), pa.string())
    return pc.cast(pc.ascii_lpad(text, width, "0") if width else text, pa.binary())


def joined(*columns: pa.Array | str, by: str = ",") -> pa.Array:
    """The columns side by side; a plain string stands in every row (ASCII only)."""
    parts = [_plain(column) if isinstance(column, str) else column for column in columns]
    return pc.binary_join_element_wise(*parts, _plain(by))


def dates(season: Season, moments: Floats, pattern: str) -> pa.Array:
    """The shop's day of each moment."""
    days = [season.start + timedelta(days=day) for day in range(season.months.size)]
    return picked(words([day.strftime(pattern) for day in days]), moments.astype(np.int64))


def times(moments: Floats) -> pa.Array:
    """The shop's time of day of each moment, to the second."""
    return picked(_clock_face(), second_of_day(moments))


def quoted(text: str) -> str:
    """A cell as RFC 4180 wants it: in quotation marks only where it must be."""
    if any(sign in text for sign in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def write_rows(rows: pa.Array, file: BinaryIO) -> None:
    """Write the rows as they lie in memory, one after the other."""
    _, offsets, data = rows.buffers()
    if data is None:
        return
    edges = np.frombuffer(offsets, dtype=np.int32)
    begin, end = edges[rows.offset], edges[rows.offset + len(rows)]
    file.write(memoryview(data)[begin:end])


def _plain(text: str) -> pa.Scalar:
    return pa.scalar(text.encode("ascii"), pa.binary())


@cache
def _clock_face() -> pa.Array:
    return words(
        [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(86400)]
    )
