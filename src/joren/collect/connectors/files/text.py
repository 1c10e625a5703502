"""Bytes to UTF-8: unpack, find the encoding, refuse what is no text."""

from __future__ import annotations

import codecs
import gzip
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from joren.collect.connectors.contracts import (
    FileBinary,
    FileTooLarge,
    FileTruncated,
    FileUndecodable,
    LineTooLong,
)

_CHUNK = 1 << 22
LONGEST_LINE = 2_000_000
_MOST_UNPACKED = 1 << 36
_SUSPECT = 1 << 30

_ZIP = b"PK\x03\x04"
"""How a zip file begins, and a workbook of which the end is missing."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def unpacked(path: Path, workdir: Path, *, name: str) -> Path:
    """The file itself, or what its gzip holds."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path
    target = workdir / "unpacked"
    size, packed = 0, path.stat().st_size
    try:
        with gzip.open(path) as source, target.open("wb") as out:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > _MOST_UNPACKED or (size > _SUSPECT and size > 500 * packed):
                    raise FileTooLarge(
                        f"{name} has {packed:,} bytes and unpacks to more than {size:,}",
                        hint="unpack it yourself and look at it, then import the file inside",
                    )
                out.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as broken:
        raise FileTruncated(
            f"{name} is a gzip file that ends after {size:,} bytes of content: {broken}",
            hint="fetch the file again; nothing of it was imported",
        ) from None
    return target


def as_utf8(path: Path, workdir: Path, *, name: str) -> tuple[Path, str]:
    """The same text in UTF-8 without a mark, and the encoding that it was in."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return _transcoded(path, workdir / "text", encoding, name), encoding
    if b"\0" in head or head.startswith(_ZIP):
        raise FileBinary(
            f"{name} is no text, no workbook and no Parquet file",
            hint="export it as CSV, Excel or Parquet; a zip file is to be unpacked first",
        )
    if _is_utf8(path, name):
        return path, "utf-8"
    try:
        return _transcoded(path, workdir / "text", "cp932", name), "cp932"
    except FileUndecodable as neither:
        raise _nearer(path, workdir / "text", name, neither) from None


def _nearer(path: Path, target: Path, name: str, neither: FileUndecodable) -> FileUndecodable:
    """Of a text that is UTF-8 but for one line, that line is what is wrong, and not the first."""
    try:
        _transcoded(path, target, "utf-8", name)
    except FileUndecodable as wrong:
        return max(wrong, neither, key=lambda one: one.line)
    return neither


def _is_utf8(path: Path, name: str) -> bool:
    rest = b""
    for chunk in _chunks(path, name):
        end = _last_end(chunk) + 1
        if not end:
            rest += chunk
            continue
        # Only the line that the chunks before broke off is written together to be looked at.
        first = _first_end(chunk) + 1
        if not _decodes(rest + chunk[:first]) or not _decodes(memoryview(chunk)[first:end]):
            return False
        rest = chunk[end:]
    return _decodes(rest)


def _decodes(whole: bytes | memoryview) -> bool:
    """Arrow looks at the bytes where they lie; to decode them is to write them anew."""
    ends = pa.py_buffer(struct.pack("=2i", 0, len(whole)))
    try:
        pa.StringArray.from_buffers(1, ends, pa.py_buffer(whole)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _transcoded(path: Path, target: Path, encoding: str, name: str) -> Path:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, done = 1, 0
    wide = encoding == "utf-16"
    with target.open("w", encoding="utf-8", newline="") as out:
        for chunk in _chunks(path, name):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as wrong:
                line += wrong.object[: wrong.start].count(b"\n")
                raise _undecodable(name, encoding, line, done, wrong) from None
            line += text.count("\n")
            done += len(chunk)
            out.write(text)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as wrong:
            raise _undecodable(name, encoding, line, done, wrong) from None
    return _checked_lines(target, name) if wide else target


def _checked_lines(path: Path, name: str) -> Path:
    for _ in _chunks(path, name):
        pass
    return path


def _undecodable(
    name: str, encoding: str, line: int, done: int, wrong: UnicodeDecodeError
) -> FileUndecodable:
    byte = wrong.object[wrong.start]
    word = (
        "is not the UTF-16 that it says" if encoding == "utf-16" else "is neither UTF-8 nor CP932"
    )
    if encoding == "utf-8-sig":
        word = "is not the UTF-8 that it says"
    return FileUndecodable(
        f"{name} {word}: line {line:,} has the byte 0x{byte:02x} near byte {done + wrong.start:,}",
        line=line,
        hint="save it as UTF-8 and import it again; nothing of it was imported",
    )


def _chunks(path: Path, name: str) -> Iterator[bytes]:
    """The bytes, as long as no line is longer than any row could be."""
    since = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK // 4):
            last, first = _last_end(chunk), _first_end(chunk)
            longest = since + (len(chunk) if first < 0 else first)
            if longest > LONGEST_LINE:
                raise LineTooLong(
                    f"{name} has a line of more than {LONGEST_LINE:,} bytes",
                    hint="a quote that is never closed, or no table; nothing of it was imported",
                )
            since = since + len(chunk) if last < 0 else len(chunk) - last - 1
            yield chunk


def _last_end(chunk: bytes) -> int:
    return max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))


def _first_end(chunk: bytes) -> int:
    found = chunk.find(b"\n")
    return found if found >= 0 else chunk.find(b"\r")
