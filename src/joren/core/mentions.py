"""Files in which somebody stands: by their addresses and phones, as people write them.

A phone is told by its national digits without the leading zero, for that is all a table keeps of
one that it took for a number; hyphens, spaces and brackets between them count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from joren.core.erasing import Traces

_BLOCK: Final = 8 * 2**20
_CARRIED: Final = 64 * 2**10
"""Bytes of a block that are looked at with the next one: a word and the tags that split it."""
_JAPAN: Final = "81"
_SHORTEST: Final = 7
"""Digits of a phone; fewer of them stand in any table by chance."""
_LONGEST: Final = 18
"""Digits with whatever is dialled before them."""
_BETWEEN: Final = b"-() ./"
_WIDE_BETWEEN: Final = re.compile(
    rb"\xc2\xa0|\xe2(?:\x80[\x90-\x95]|\x88\x92)|\xe3(?:\x80\x80|\x83\xbc)"
    rb"|\xef(?:\xbc[\x88\x89\x8d]|\xbd\xb0)"
)
"""Hyphens, spaces and brackets that are none of ASCII."""
_RUN: Final = re.compile(rb"[0-9]++(?:[-() ./]{1,3}[0-9]++)*+")
_DIGITS: Final = re.compile(rb"[0-9]+")
_WIDE: Final = re.compile(rb"\xef\xbc([\x90-\x99])")
_TAG: Final = re.compile(rb"<[^<>]*>")


class Readable(Protocol):
    """Whatever gives its bytes part by part."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Words:
    """What to look for: addresses in small letters, and phones by their national digits."""

    emails: tuple[bytes, ...]
    phones: frozenset[bytes]


def words_of(traces: Traces) -> Words:
    """Addresses, and phones without a country and its zero."""
    phones = set()
    for phone in traces.phones:
        digits = "".join(one for one in phone if one.isascii() and one.isdigit())
        national = digits.removeprefix(_JAPAN) if phone.startswith(f"+{_JAPAN}") else digits
        if len(bare := national.lstrip("0")) >= _SHORTEST:
            phones.add(bare.encode())
    emails = tuple(sorted(one.lower().encode() for one in traces.emails if one))
    return Words(emails, frozenset(phones))


def mentioned(file: Readable, words: Words, *, tagged: bool = False) -> bool:
    """Does one of them stand in it? In parts, however large it is.

    Of what is ``tagged`` the text is read twice: tags split a word where letters change their
    looks, and part one cell from the next.
    """
    before = b""
    while block := file.read(_BLOCK):
        text = before + block
        views = (_TAG.sub(b"", text), _TAG.sub(b"\n", text)) if tagged else (text,)
        if any(_stand(view, words) for view in views):
            return True
        before = text[-_CARRIED:]
    return False


def _stand(text: bytes, words: Words) -> bool:
    small = text.lower()
    if any(one in small for one in words.emails):
        return True
    if not words.phones:
        return False
    plain = text
    if not text.isascii():
        plain = _WIDE_BETWEEN.sub(b"-", _WIDE.sub(lambda one: bytes([one[1][0] - 0x60]), text))
    # Most files have none of them: digits after digits say so, long before each run is looked at.
    digits = plain.translate(None, _BETWEEN)
    near = {one for one in words.phones if one in digits}
    return bool(near) and any(one in near for run in _RUN.finditer(plain) for one in _read(run[0]))


def _read(run: bytes) -> Iterator[bytes]:
    """The phones as which digits may be read, one part of them after the other: another number
    may stand before or after it."""
    if len(run) < _SHORTEST:
        return
    parts = _DIGITS.findall(run)
    for start in range(len(parts)):
        whole = b""
        for part in parts[start:]:
            whole += part
            if len(whole) > _LONGEST:
                break
            bare = whole.lstrip(b"0")
            if len(bare) >= _SHORTEST:
                yield bare
                if bare.startswith(_JAPAN.encode()):
                    yield bare[len(_JAPAN) :].lstrip(b"0")
