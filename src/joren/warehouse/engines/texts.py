"""Texts of SQL that outlast a process, as a file: a command that asks the same as its last run did
has them from there, where Ibis would write each of them anew.

A text is named by all that it follows from: the form of its expression, the versions of who wrote
it, and our own part in the writing. So a wrong one is never read; one without a name is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from enum import Enum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.schema as sch
from ibis.expr.operations.udf import AggUDF, ScalarUDF

_WRITERS: Final = ("ibis-framework", "sqlglot", "duckdb")
_OURS: Final = ("compiling.py", "duckdb.py", "texts.py")
_OF_FUNCTIONS: Final = (
    "__func_name__",
    "__input_type__",
    "__udf_namespace__",
    "__config__",
    "dtype",
)


class _Nameless(Exception):
    """Something of which it is not known how to tell it from everything else."""


class Kept:
    """The texts of before, and those that were asked for since."""

    def __init__(self, before: dict[str, str]) -> None:
        self.asked: dict[str, str] = {}
        self._before = before

    def text(self, form: Hashable, look: Callable[[Callable[[], str] | None], str]) -> str:
        """The text of that form as ``look`` finds it; given is what takes it from the file."""
        try:
            name = _name(form)
        except _Nameless:
            return look(None)
        known = self._before.get(name)
        self.asked[name] = found = look(None if known is None else lambda: known)
        return found


_kept: Final[ContextVar[Kept | None]] = ContextVar("kept", default=None)


def kept_now() -> Kept | None:
    """The texts that are kept for what this thread does."""
    return _kept.get()


@contextmanager
def kept_in(file: Path) -> Iterator[None]:
    """Take texts from the file meanwhile, and leave those there that were asked for, no others."""
    before = _read(file)
    kept = Kept(before)
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)
    if kept.asked != before:
        # What was asked is answered: that the next time takes longer is no failure.
        with suppress(OSError):
            _write(file, kept.asked)


def _read(file: Path) -> dict[str, str]:
    """Whatever is no such file holds nothing."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: Path, texts: dict[str, str]) -> None:
    draft = file.with_name(f".{file.name}.{uuid4().hex}")
    draft.write_text(json.dumps(texts))
    draft.rename(file)


def _name(form: Hashable) -> str:
    return hashlib.sha256(f"{_edition()}{_told(form)}".encode()).hexdigest()


@cache
def _edition() -> str:
    ours = b"".join(Path(__file__).with_name(name).read_bytes() for name in _OURS)
    return repr((*map(version, _WRITERS), hashlib.sha256(ours).hexdigest()))


def _told(value: Any) -> str:
    """The value in words that no other has."""
    if value is None or isinstance(value, str | bool | int | float):
        return repr(value)
    if isinstance(value, tuple):
        return f"({','.join(map(_told, value))})"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(map(_told, value)))}}}"
    if isinstance(value, type):
        return _kind(value)
    if isinstance(value, dt.DataType):
        return _type(value)
    if isinstance(value, sch.Schema):
        return _schema(value)
    if isinstance(value, Enum | ops.Namespace):
        return repr(value)
    raise _Nameless


@cache
def _kind(kind: type) -> str:
    name = f"{kind.__module__}.{kind.__qualname__}"
    if issubclass(kind, ScalarUDF | AggUDF):
        return f"{name}{[repr(getattr(kind, part)) for part in _OF_FUNCTIONS]}"
    return name


@cache
def _type(kind: dt.DataType) -> str:
    return repr(kind)


@cache
def _schema(schema: sch.Schema) -> str:
    return repr([(name, _type(kind)) for name, kind in schema.items()])
