"""Files in which somebody stands: by their addresses and phones, as people write them."""

from __future__ import annotations

from typing import Final, Protocol

from joren.core.erasing import Traces

_BLOCK: Final = 8 * 2**20
_LONGEST_WORD: Final = 512


class Readable(Protocol):
    """Whatever gives its bytes part by part."""

    def read(self, size: int, /) -> bytes: ...


def words_of(traces: Traces) -> tuple[bytes, ...]:
    """Addresses, and phones with and without a country and hyphens."""
    phones = set()
    for phone in traces.phones:
        local = f"0{phone[3:]}" if phone.startswith("+81") else phone
        phones |= {phone, local, f"{local[:3]}-{local[3:7]}-{local[7:]}"}
    return tuple(word.lower().encode() for word in {*traces.emails, *phones})


def mentioned(file: Readable, words: tuple[bytes, ...]) -> bool:
    """Does one of the words stand in it? In parts, however large it is."""
    before = b""
    while block := file.read(_BLOCK):
        text = (before + block).lower()
        if any(word in text for word in words):
            return True
        before = block[-_LONGEST_WORD:]
    return False
