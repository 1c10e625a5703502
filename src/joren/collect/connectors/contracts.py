"""Words about files that came in, and why a file or a row stays out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from joren.core.errors import BadInput, NotFound, Refused

Kind = Literal["orders", "products", "customers", "ad_spend", "refunds", "rates"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NO_STORE: tuple[Kind, ...] = ("products", "ad_spend", "rates")
"""Kinds that hold for the whole business."""
RowState = Literal["waiting", "retried", "dropped"]
Status = Literal[
    "held", "waiting", "reading", "applying", "done", "refused", "failed", "cancelled", "undone"
]
STATUSES: tuple[Status, ...] = get_args(Status)
_MASK = "•••"
OPEN: tuple[Status, ...] = ("waiting", "reading", "applying")
"""Somebody is at it, or will be without being asked again."""


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
class ImportState:
    """One file that was given to joren: how far it is, and what became of its rows.

    ``held`` waits for somebody to say which column is which. ``kept`` says whether the file is
    still there, to be tried again.
    """

    id: int
    kind: Kind
    file_name: str
    store: str
    format: str
    size: int
    status: Status
    phase: str
    share: float
    read: int
    accepted: int
    unchanged: int
    updated: int
    quarantined: int
    notices: tuple[str, ...]
    code: str
    message: str
    hint: str
    actor: str
    received_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    seconds: float  # from its beginning to its end, or to now
    cancelling: bool
    kept: bool

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True)
class FieldChoice:
    """A field of joren, and the column that seems to hold it ("" when none does)."""

    name: str
    required: bool
    column: str
    because: Literal["chosen", "header", "values", ""]


@dataclass(frozen=True)
class Preview:
    """The first rows of a file as they stand, and what they would become."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    format: str
    choices: tuple[FieldChoice, ...]
    becomes: tuple[Mapping[str, Any], ...]
    wrong: Mapping[tuple[int, str], str]  # (row from 1, column) → what is expected
    missing: str = ""  # why the file cannot be imported like this
    hint: str = ""
    currency: str = ""
    money: tuple[str, ...] = ()  # fields that are amounts, in minor units
    sheets: tuple[str, ...] = ()  # of a workbook, those that are shown


@dataclass(frozen=True)
class Remembered:
    """A mapping that is used for the next file with this header."""

    id: int
    kind: Kind
    store: str
    columns: tuple[str, ...]
    mapping: Mapping[str, Any]
    file_name: str
    saved_at: datetime
    saved_by: str
    used_at: datetime | None
    used: int = 0


@dataclass(frozen=True)
class Fault:
    """Rows that wait for the same reason."""

    column: str
    expected: str
    rows: int
    values: tuple[tuple[str, int], ...]  # the most frequent, with how many rows each


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
    group: str = ""

    def masked(self) -> Waiting:
        """The same for those who may not see whom a row is about."""
        return replace(
            self,
            value=_mask(self.value),
            reason=f"not {self.expected}" if self.expected else _MASK,
            raw={column: _mask(cell) for column, cell in self.raw.items()},
            group=_mask(self.group),
        )


def _mask(text: Any) -> str:
    return _MASK if text else ""


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


class FileMalformed(BadInput):
    """Begins like XML and is none, or one that must not be read."""


class FileTooLarge(BadInput):
    """A small file that unpacks without end."""


class FileUndecodable(BadInput):
    """Bytes that are no text in any encoding that was tried; ``line`` is where that shows."""

    def __init__(self, message: str, *, hint: str = "", line: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.line = line


class LineTooLong(BadInput):
    """One line is so long that it can be no row."""


class ColumnsRepeat(BadInput):
    """Two columns have one name."""


class ColumnsUnknown(BadInput):
    """The header does not say which column is which."""


class RowsUnreadable(BadInput):
    """So many rows are bad that the file was not understood."""


class PricesTooFine(BadInput):
    """Most prices are finer than their currency, which is therefore another one."""


class NoSuchFormat(BadInput):
    """No connector has that name."""


class NoConnector(Refused):
    """An installed package offers a connector that is none."""


class NoSuchRow(NotFound):
    """The quarantine holds no such row."""


class NoCells(BadInput):
    """A line that was no row of its table."""


class NoSuchImport(NotFound):
    """No import has that number."""


class NoSuchMapping(NotFound):
    """Nothing is remembered under that number."""


class NothingUploaded(BadInput):
    """The request carries no file."""


class ImportCancelled(Refused):
    """Somebody called it off before anything was applied."""


class TooLateToCancel(Refused):
    """What is being applied, or is over, cannot be called off."""


class NothingToUndo(Refused):
    """What is not in cannot be taken back."""


class ImportedSince(Refused):
    """Later imports stand on this one."""


class FileGone(Refused):
    """The file is no longer kept, so that it cannot be tried again."""


class KeyUsedOtherwise(Refused):
    """The same Idempotency-Key came with other content."""
