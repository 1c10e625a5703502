"""Words about files that came in, and why a file or a row stays out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from joren.core.errors import BadInput, NotFound

Kind = Literal["orders", "products", "customers", "ad_spend", "refunds"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RowState = Literal["waiting", "retried", "dropped"]


@dataclass(frozen=True)
class ImportReport:
    """What became of a file; every row read is in exactly one of the four counts."""

    import_id: int
    read: int
    accepted: int
    unchanged: int
    updated: int
    quarantined: int
    seconds: float
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A row in quarantine: where it is from, what was found, what was expected."""

    id: int
    import_id: int
    file_name: str
    kind: str
    row: int
    line: int | None
    column: str
    value: str
    expected: str
    reason: str
    raw: dict[str, Any]
    state: RowState


class FileMissing(BadInput):
    """There is no such file."""


class NotAFile(BadInput):
    """A directory or a device."""


class FileEmpty(BadInput):
    """No byte, or no row under the header."""


class FileBinary(BadInput):
    """Neither text nor a workbook nor Parquet."""


class FileTruncated(BadInput):
    """The compressed file ends before its end."""


class FileTooLarge(BadInput):
    """A small file that unpacks without end."""


class FileUndecodable(BadInput):
    """Bytes that are no text in any encoding that was tried."""


class LineTooLong(BadInput):
    """One line is so long that it can be no row."""


class ColumnsRepeat(BadInput):
    """Two columns have one name."""


class ColumnsUnknown(BadInput):
    """The header does not say which column is which."""


class RowsUnreadable(BadInput):
    """So many rows are bad that the file was not understood."""


class NoSuchFormat(BadInput):
    """No connector has that name."""


class NoSuchRow(NotFound):
    """The quarantine holds no such row."""
