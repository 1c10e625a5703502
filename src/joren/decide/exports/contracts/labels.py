"""Files of segments as other rooms and the faces see them. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Encoding = Literal["utf-8", "cp932"]

HEADS: Final = (
    "顧客番号", "郵便番号", "都道府県", "市区町村", "番地", "建物名", "宛名", "フリガナ",
)  # fmt: skip
"""As programs that print envelopes call them; they are the same in every language."""

GETA: Final = "〓"
"""Printers' sign for a character that the type case does not have."""


@dataclass(frozen=True)
class Unwritable:
    """A customer of whose name, kana or address the encoding lacks some characters."""

    customer_id: int
    characters: str


@dataclass(frozen=True)
class LabelReport:
    """What a file of addresses holds, and what it leaves out.

    ``refused`` counts, by their standing in the ledger of consents, those who may not be written to
    by post. Who has no name is left out; who has no postal code or no street stands in the file
    without it.
    """

    members: int
    written: int
    refused: Mapping[str, int] = field(default_factory=dict)
    nameless: int = 0
    no_postal_code: int = 0
    no_street: int = 0
    unwritable: tuple[Unwritable, ...] = ()
