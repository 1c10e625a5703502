"""Liquid: what is wrong with a text, where, and what it says of somebody.

The library is asked in a process of its own only: a template can ask for more memory than there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from liquid import BoundTemplate, Environment
from liquid.exceptions import (
    LiquidError,
    LiquidSyntaxError,
    ResourceLimitError,
    TemplateNotFoundError,
    UnknownFilterError,
)

from joren.act.messages.contracts import Fault
from joren.act.messages.rules import flat
from joren.act.messages.rules.variables import is_known

_TAG: Final = re.compile(r"\{%-?\s*(\w+)(?:(?!%\}).)*%\}", re.DOTALL)
_BLOCKS: Final = frozenset("if unless for case capture tablerow comment raw ifchanged".split())
_VERBATIM: Final = frozenset(("comment", "raw"))


class Wrong(Exception):
    """A text cannot be written; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.words)
        self.fault = fault


class _Letters(Environment):
    """Limits that a message never reaches by itself."""

    loop_iteration_limit = 20_000
    output_stream_limit = 1_000_000
    local_namespace_limit = 1_000_000
    context_depth_limit = 20


@lru_cache(maxsize=2)
def _environment(escaped: bool) -> Environment:
    made = _Letters(autoescape=escaped)
    # What customers typed is never markup, whatever a template says.
    made.filters.pop("safe", None)
    return made


@lru_cache(maxsize=32)
def read(source: str, escaped: bool) -> BoundTemplate:
    """The text, understood; else ``Wrong``."""
    if fault := _unbalanced(source):
        raise Wrong(fault)
    try:
        return _environment(escaped).from_string(source)
    except LiquidError as error:
        raise Wrong(_fault(error, source)) from None


def written(source: str, person: Mapping[str, Any], *, escaped: bool) -> str:
    """The text as it is for that person."""
    template = read(source, escaped)
    plain = _plain(source, escaped)
    if plain is not None and (text := flat.filled(plain, person, escaped=escaped)) is not None:
        return text
    try:
        text = template.render(**person)
    except LiquidError as error:
        raise Wrong(_fault(error, source)) from None
    return text


@lru_cache(maxsize=32)
def _plain(source: str, escaped: bool) -> flat.Plan | None:
    return flat.plan(read(source, escaped).nodes)


@lru_cache(maxsize=32)
def names_only(source: str) -> tuple[tuple[str, ...], ...] | None:
    """The names that a text of HTML asks for, each once; None where it does more than to name."""
    try:
        plan = _plain(source, escaped=True)
    except Wrong:
        return None
    return None if plan is None else tuple(dict.fromkeys(p for p in plan if not isinstance(p, str)))


@lru_cache(maxsize=32)
def unknown(source: str, escaped: bool) -> tuple[Fault, ...]:
    """Variables that nobody knows, each where it is asked for; looked for once for all people."""
    return tuple(_unknown(source, escaped))


def _unknown(source: str, escaped: bool) -> Iterator[Fault]:
    try:
        found = read(source, escaped).analyze()
    except LiquidError as error:
        raise Wrong(_fault(error, source)) from None
    for uses in found.globals.values():
        for use in uses:
            if not is_known([part for part in use.segments if isinstance(part, str | int)]):
                name = ".".join(str(part) for part in use.segments)
                line, column = place(source, use.span.index)
                yield Fault("unknown_variable", name, line=line, column=column, grave=False)


def place(source: str, index: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    before = source[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _unbalanced(source: str) -> Fault | None:
    """A block that is left open, or closed twice: the library says it without a place."""
    opened: list[tuple[str, int]] = []
    for found in _TAG.finditer(source):
        name, index = found[1], found.start()
        if opened and opened[-1][0] in _VERBATIM and name != f"end{opened[-1][0]}":
            continue
        if name in _BLOCKS:
            opened.append((name, index))
        elif name.startswith("end") and name[3:] in _BLOCKS:
            if not opened or opened[-1][0] != name[3:]:
                say, (block, at) = (
                    ("not_closed", opened[-1]) if opened else ("not_opened", (name, index))
                )
                return _at(say, f"{{% {block} %}}", source, at)
            opened.pop()
    if opened:
        block, at = opened[-1]
        return _at("not_closed", f"{{% {block} %}}", source, at)
    return None


def _at(say: str, what: str, source: str, index: int) -> Fault:
    line, column = place(source, index)
    return Fault(say, what, line=line, column=column)


def _fault(error: LiquidError, source: str) -> Fault:
    line = column = 0
    token = error.token
    if token is not None and token.start_index >= 0:
        line, column = place(source, token.start_index)
    value = token.value if token is not None else ""
    message = str(error.args[0]) if error.args else type(error).__name__
    if isinstance(error, UnknownFilterError):
        return Fault("unknown_filter", value, line=line, column=column)
    if isinstance(error, TemplateNotFoundError):
        return Fault("no_include", value, line=line, column=column)
    if isinstance(error, ResourceLimitError):
        return Fault("too_long", line=line, column=column)
    if isinstance(error, LiquidSyntaxError) and message.startswith("unexpected tag"):
        return Fault("unknown_tag", f"{{% {value} %}}", line=line, column=column)
    return Fault("liquid", message, line=line, column=column)
