"""What a search and a comparison read of names and phones: pure, over columns of texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_END = "\x1f"
_SPACES = r"[\s\v\pZ\x1c-\x1f\x85]+"


def searchable(text: str) -> str:
    """What a search compares: NFKC, lower case, without spaces, katakana as hiragana."""
    found: str = searchable_column(pa.array([text], pa.string()))[0].as_py()
    return found


def phone_tail(phone: str) -> str:
    """Digits of a phone, last first: an index on it finds 下4桁."""
    found: str = phone_tail_column(pa.array([phone], pa.string()))[0].as_py()
    return found


def searchable_column(texts: Any) -> pa.Array:
    """``searchable`` of each text; null stays null."""
    folded = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))
    spaceless = pc.replace_substring_regex(folded, pattern=_SPACES, replacement="")
    return _as_hiragana(pa.chunked_array(spaceless).combine_chunks())


def grams(text: str) -> list[str]:
    """Every two characters that stand side by side in a searchable text."""
    return [text[place : place + 2] for place in range(len(text) - 1)]


def grams_column(*columns: Any) -> pa.Array:
    """The ``grams`` of each row's searchable texts, one after another with spaces between."""
    # None is of the end of one text and the beginning of the next: _END, which is in no
    # searchable text, stands between them.
    ended = [pc.binary_join_element_wise(pc.fill_null(column, ""), "", _END) for column in columns]
    rows = pc.binary_join_element_wise(*ended, "")
    rows = pa.concat_arrays(pa.chunked_array(rows).chunks)  # no offset into a larger buffer
    data = rows.buffers()[2]
    characters = "" if data is None else data.to_pybytes().decode()
    codes = np.frombuffer(characters.encode("utf-32-le"), dtype=np.uint32)
    if codes.size < 2:
        return pa.array([""] * len(rows), pa.string())
    of_row = np.repeat(np.arange(len(rows)), pc.utf8_length(rows).to_numpy())
    within = np.flatnonzero((codes[:-1] != ord(_END)) & (codes[1:] != ord(_END)))
    spaced = np.full((within.size, 3), ord(" "), dtype=np.uint32)
    spaced[:, 0], spaced[:, 1] = codes[within], codes[within + 1]
    data = spaced.tobytes().decode("utf-32-le").encode()
    bytes_of = np.ones(codes.size, dtype=np.uint8)
    for more in (0x80, 0x800, 0x10000):
        bytes_of += codes >= more
    ends = np.concatenate([[0], np.cumsum(bytes_of[within] + bytes_of[within + 1] + 1)])
    pairs = np.searchsorted(of_row[within], np.arange(len(rows)), side="right")
    offsets = np.concatenate([[0], ends[pairs]]).astype(np.int32)
    found = pa.Array.from_buffers(
        pa.string(), len(rows), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    )
    return pc.utf8_rtrim(found, " ")


def phone_tail_column(phones: Any) -> pa.Array:
    """``phone_tail`` of each phone; null stays null."""
    digits = pc.replace_substring_regex(phones, pattern=r"[^0-9]+", replacement="")
    return pc.utf8_reverse(digits)


def _as_hiragana(texts: pa.Array) -> pa.Array:
    """ァ…ヶ as ぁ…ゖ, in the bytes themselves: both are three bytes long and 0x60 apart."""
    texts = pa.concat_arrays([texts])  # no offset into a larger buffer
    valid, offsets, data = texts.buffers()
    if data is None or data.size < 3:
        return texts
    codes = np.frombuffer(data, dtype=np.uint8).copy()
    starts = np.flatnonzero(codes[:-2] == 0xE3)
    second, third = codes[starts + 1].astype(np.int64), codes[starts + 2].astype(np.int64)
    point = 0x3000 | (second & 0x3F) << 6 | (third & 0x3F)
    kana = (point >= 0x30A1) & (point <= 0x30F6)
    starts, point = starts[kana], point[kana] - 0x60
    codes[starts + 1] = 0x80 | (point >> 6) & 0x3F
    codes[starts + 2] = 0x80 | point & 0x3F
    return pa.Array.from_buffers(
        texts.type, len(texts), [valid, offsets, pa.py_buffer(codes)], texts.null_count
    )
